internal import CXMLTree

/// Explains why an input is not readable XML.
enum WellFormedness {
  static let noMemory = DocumentError([
    Diagnostic(
      code: .tooComplex,
      found: LocalizedText(
        "a document for which there is no memory", "et dokument, som der ikke er hukommelse til"),
      expected: LocalizedText("a few kilobytes of XML", "nogle få kilobyte XML"),
      remedy: LocalizedText("free memory and try again", "frigør hukommelse, og prøv igen"))
  ])

  static func refusal(of tree: filsluse_xml_tree, _ source: SourceText, _ limits: ReadingLimits) -> DocumentError {
    let at = Int(tree.stopped_at)
    switch tree.outcome {
    case FILSLUSE_XML_DOCTYPE:
      return source.refusal(
        .documentType, at: at,
        found: LocalizedText("a document type declaration", "en dokumenttypeerklæring"),
        expected: LocalizedText(
          "none: the contract has no DTD of any kind (section 2)",
          "ingen: kontrakten har ingen DTD af nogen art (afsnit 2)"),
        remedy: LocalizedText("remove <!DOCTYPE …>", "fjern <!DOCTYPE …>"))
    case FILSLUSE_XML_TOO_DEEP:
      return source.refusal(
        .tooDeep, at: at,
        found: LocalizedText(
          "elements nested deeper than \(limits.maximumDepth)",
          "elementer i flere lag end \(limits.maximumDepth)"),
        expected: LocalizedText(
          "documents of the contract are a handful deep", "kontraktens dokumenter har en håndfuld lag"),
        remedy: checkWriter)
    case FILSLUSE_XML_TOO_MANY_ELEMENTS:
      return tooComplex(
        source, at,
        LocalizedText(
          "more than \(ReadingLimits.maximumElements) elements",
          "flere end \(ReadingLimits.maximumElements) elementer"))
    case FILSLUSE_XML_TOO_MANY_ATTRIBUTES:
      return tooComplex(
        source, at,
        LocalizedText(
          "more than \(ReadingLimits.maximumAttributes) attributes or namespaces",
          "flere end \(ReadingLimits.maximumAttributes) attributter eller navnerum"))
    case FILSLUSE_XML_NAME_TOO_LONG:
      return tooComplex(
        source, at,
        LocalizedText(
          "a name or namespace of more than \(ReadingLimits.maximumNameBytes) bytes",
          "et navn eller navnerum på mere end \(ReadingLimits.maximumNameBytes) byte"))
    case FILSLUSE_XML_NO_MEMORY:
      return noMemory
    default:
      return malformed(tree, source, at)
    }
  }

  private static func tooComplex(_ source: SourceText, _ at: Int, _ found: LocalizedText) -> DocumentError {
    source.refusal(
      .tooComplex, at: at, found: found,
      expected: LocalizedText(
        "documents of the contract have a few dozen elements",
        "kontraktens dokumenter har nogle få snese elementer"),
      remedy: checkWriter)
  }

  private static let checkWriter = LocalizedText("check what wrote this file", "se efter, hvad der skrev filen")
  private static let document = LocalizedText("an XML document", "et XML-dokument")

  private static func malformed(_ tree: filsluse_xml_tree, _ source: SourceText, _ at: Int) -> DocumentError {
    let start = source.bytes.prefix { XMLSpace.contains($0) }.count
    guard start < source.bytes.count else {
      return source.refusal(
        .notXML, at: 0,
        found: source.bytes.isEmpty
          ? LocalizedText("nothing: 0 bytes", "ingenting: 0 byte")
          : LocalizedText("nothing but white space", "ikke andet end blanktegn"),
        expected: document,
        remedy: LocalizedText(
          "check whether the file was still being written", "se efter, om filen stadig blev skrevet"))
    }
    guard source.bytes[start] == UInt8(ascii: "<") else {
      return source.refusal(
        .notXML, at: start,
        found: LocalizedText("text that does not begin with “<”", "tekst, der ikke begynder med „<“"),
        expected: document,
        remedy: LocalizedText(
          "check that this is the trigger, metadata or receipt, not the data",
          "se efter, at det er triggeren, metadata eller kvitteringen og ikke datafilen"))
    }
    let isRootClosed = tree.started_elements > 0 && tree.open_elements == 0
    if isRootClosed, tree.code == LibXML2Code.documentEnd, let trailing = afterRoot(source, from: at) {
      return trailing
    }
    if endsEarly(tree, source, at) {
      return source.refusal(
        .cutShort, at: source.bytes.count, found: end(withOpen: Int(tree.open_elements)),
        expected: LocalizedText("every element is closed", "alle elementer er afsluttet"),
        remedy: LocalizedText(
          "the file is cut short: wait until it is whole, or fetch it again",
          "filen er skåret af: vent, til den er hel, eller hent den igen"))
    }
    return source.refusal(
      .notXML, at: at, found: XMLFault.wording(code: tree.code, message: message(of: tree)),
      expected: LocalizedText("a well-formed XML document", "et velformet XML-dokument"),
      remedy: LocalizedText(
        "mend the XML here; an XML editor or xmllint shows the same place",
        "ret XML'en her; en XML-editor eller xmllint viser samme sted"))
  }

  private static func end(withOpen elements: Int) -> LocalizedText {
    switch elements {
    case 0: LocalizedText("the end of the file inside a tag", "filens slutning inde i et mærke")
    case 1:
      LocalizedText("the end of the file with one element open", "filens slutning, og et element er ikke afsluttet")
    default:
      LocalizedText(
        "the end of the file with \(elements) elements open",
        "filens slutning, og \(elements) elementer er ikke afsluttet")
    }
  }

  private static func afterRoot(_ source: SourceText, from at: Int) -> DocumentError? {
    let rest = source.bytes[min(at, source.bytes.count)...]
    let blanks = rest.prefix { XMLSpace.contains($0) }.count
    let content = rest.dropFirst(blanks)
    guard let first = content.first else { return nil }
    let second = content.dropFirst().first ?? 0
    if first == UInt8(ascii: "<"), second != UInt8(ascii: "!"), second != UInt8(ascii: "?"),
      second != UInt8(ascii: "/")
    {
      return source.refusal(
        .secondRoot, at: at + blanks, found: LocalizedText("a second root element", "et rodelement mere"),
        expected: LocalizedText("one document per file", "ét dokument i hver fil"),
        remedy: LocalizedText(
          "keep one and write the other to a file of its own", "behold det ene, og skriv det andet i sin egen fil"))
    }
    return source.refusal(
      .trailingContent, at: at + blanks,
      found: LocalizedText("something behind the end of the document", "noget efter dokumentets slutning"),
      expected: LocalizedText(
        "nothing but comments after the root element", "kun kommentarer efter rodelementet"),
      remedy: LocalizedText("remove it", "fjern det"))
  }

  /// Returns true if the fault is that the input ends early. libxml2 gives the same number for that as for trailing
  /// content.
  private static func endsEarly(_ tree: filsluse_xml_tree, _ source: SourceText, _ at: Int) -> Bool {
    if LibXML2Code.ofTheEnd.contains(tree.code) { return true }
    if source.bytes.starts(with: "<?xml".utf8), !source.bytes.contains(UInt8(ascii: ">")) { return true }
    let isAtEnd = source.bytes[min(at, source.bytes.count)...].allSatisfy(XMLSpace.contains)
    let isTagClosed = source.bytes.last { !XMLSpace.contains($0) } == UInt8(ascii: ">")
    return isAtEnd && !isTagClosed && !LibXML2Code.ofWhatIsThere.contains(tree.code)
  }

  /// Numbers of libxml2's xmlerror.h.
  private enum LibXML2Code {
    static let documentEnd: Int32 = 5
    /// No complaint, the end of the document, an unfinished comment: all say that the input ends too early.
    static let ofTheEnd: Set<Int32> = [0, documentEnd, 45]
    /// Invalid characters, entities and `<` in attributes: faults even at the very end, not signs of a cut-off text.
    static let ofWhatIsThere: Set<Int32> = [8, 9, 26, 38]
  }

  private static func message(of tree: filsluse_xml_tree) -> String {
    withUnsafeBytes(of: tree.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
