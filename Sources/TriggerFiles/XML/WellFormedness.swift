internal import CXMLTree

/// Explains why an input is not readable XML.
enum WellFormedness {
  static let noMemory = DocumentError([
    Diagnostic(
      code: .tooComplex, found: "a document for which there is no memory", expected: "a few kilobytes of XML",
      remedy: "free memory and try again")
  ])

  static func refusal(of tree: filsluse_xml_tree, _ source: SourceText, _ limits: ReadingLimits) -> DocumentError {
    let at = Int(tree.stopped_at)
    switch tree.outcome {
    case FILSLUSE_XML_DOCTYPE:
      return source.refusal(
        .documentType, at: at, found: "a document type declaration",
        expected: "none: the contract has no DTD of any kind (section 2)", remedy: "remove <!DOCTYPE …>")
    case FILSLUSE_XML_TOO_DEEP:
      return source.refusal(
        .tooDeep, at: at, found: "elements nested deeper than \(limits.maximumDepth)",
        expected: "documents of the contract are a handful deep", remedy: "check what wrote this file")
    case FILSLUSE_XML_TOO_MANY_ELEMENTS:
      return tooComplex(source, at, "more than \(ReadingLimits.maximumElements) elements")
    case FILSLUSE_XML_TOO_MANY_ATTRIBUTES:
      return tooComplex(source, at, "more than \(ReadingLimits.maximumAttributes) attributes or namespaces")
    case FILSLUSE_XML_NAME_TOO_LONG:
      return tooComplex(source, at, "a name or namespace of more than \(ReadingLimits.maximumNameBytes) bytes")
    case FILSLUSE_XML_NO_MEMORY:
      return noMemory
    default:
      return malformed(tree, source, at)
    }
  }

  private static func tooComplex(_ source: SourceText, _ at: Int, _ found: String) -> DocumentError {
    source.refusal(
      .tooComplex, at: at, found: found, expected: "documents of the contract have a few dozen elements",
      remedy: "check what wrote this file")
  }

  private static func malformed(_ tree: filsluse_xml_tree, _ source: SourceText, _ at: Int) -> DocumentError {
    let start = source.bytes.prefix { XMLSpace.contains($0) }.count
    guard start < source.bytes.count else {
      return source.refusal(
        .notXML, at: 0, found: source.bytes.isEmpty ? "nothing: 0 bytes" : "nothing but white space",
        expected: "an XML document", remedy: "check whether the file was still being written")
    }
    guard source.bytes[start] == UInt8(ascii: "<") else {
      return source.refusal(
        .notXML, at: start, found: "text that does not begin with \"<\"", expected: "an XML document",
        remedy: "check that this is the trigger, metadata or receipt, not the data")
    }
    let isRootClosed = tree.started_elements > 0 && tree.open_elements == 0
    if isRootClosed, tree.code == LibXML2Code.documentEnd, let trailing = afterRoot(source, from: at) {
      return trailing
    }
    if endsEarly(tree, source, at) {
      let open = tree.open_elements == 1 ? "one element" : "\(tree.open_elements) elements"
      return source.refusal(
        .cutShort, at: source.bytes.count,
        found: tree.open_elements == 0 ? "the end of the file inside a tag" : "the end of the file with \(open) open",
        expected: "every element is closed", remedy: "the file is cut short: wait until it is whole, or fetch it again")
    }
    return source.refusal(
      .notXML, at: at, found: message(of: tree), expected: "a well-formed XML document",
      remedy: "mend the XML here; an XML editor or xmllint shows the same place")
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
        .secondRoot, at: at + blanks, found: "a second root element", expected: "one document per file",
        remedy: "keep one and write the other to a file of its own")
    }
    return source.refusal(
      .trailingContent, at: at + blanks, found: "something behind the end of the document",
      expected: "nothing but comments after the root element", remedy: "remove it")
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
    /// Characters, entities, `<` in attributes: faults of what is there, even at the very end.
    static let ofWhatIsThere: Set<Int32> = [8, 9, 26, 38]
  }

  private static func message(of tree: filsluse_xml_tree) -> String {
    let message = withUnsafeBytes(of: tree.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return message.isEmpty ? "a fault in the XML" : Quoted.text(message)
  }
}
