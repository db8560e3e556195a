extension XMLElement {
  private static let schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"
  /// The attributes of XML Schema itself that give the location of a schema: any element may have them.
  private static let schemaHints: Set<String> = ["schemaLocation", "noNamespaceSchemaLocation"]

  /// True if the element contains nothing but white space and comments, and no attribute with a meaning; `xsi:nil` only
  /// repeats that.
  var isEmpty: Bool {
    children.isEmpty && XMLSpace.isAll(of: text)
      && attributes.allSatisfy { $0.namespace == Self.schemaInstance }
  }

  /// Reports attributes, since the contract has none. Those of XML Schema itself are ignored with a warning: on the
  /// root all of them, elsewhere those for a schema's location.
  func expectNoAttributes(_ findings: Findings) {
    for attribute in attributes {
      let name = attribute.prefix.isEmpty ? attribute.localName : "\(attribute.prefix):\(attribute.localName)"
      let isPassedOver =
        attribute.namespace == Self.schemaInstance
        && (index == tree.root.index || Self.schemaHints.contains(attribute.localName))
      findings.add(
        ValueError(
          code: isPassedOver ? .schemaAttribute : .unknownAttribute,
          found: LocalizedText("an attribute \(Quoted.text(name))", "en attribut \(Quoted.danish(name))"),
          expected: LocalizedText(
            "elements of the contract have no attributes (section 2)\(isPassedOver ? ": it is passed over" : "")",
            "kontraktens elementer har ingen attributter (afsnit 2)\(isPassedOver ? ": den springes over" : "")"),
          remedy: LocalizedText("remove it", "fjern den")), severity: isPassedOver ? .warning : .error, at: self)
    }
  }

  /// Reports text that is not white space.
  func expectNoText(_ findings: Findings) {
    for (text, offset) in words {
      findings.add(
        ValueError(
          code: .misplacedText,
          found: LocalizedText(
            "the text \(Quoted.text(XMLSpace.trimmed(text)))", "teksten \(Quoted.danish(XMLSpace.trimmed(text)))"),
          expected: LocalizedText(
            "only elements inside \(writtenName) (section 2)", "kun elementer i \(writtenName) (afsnit 2)"),
          remedy: LocalizedText("remove it", "fjern den")),
        position: tree.source.position(at: tree.source.firstText(from: offset)), path: path)
    }
  }

  /// Returns the text of an element, and reports any other content.
  func plainText(_ findings: Findings) -> String {
    expectNoAttributes(findings)
    for child in children {
      findings.add(
        ValueError(
          code: .unknownElement,
          found: LocalizedText(
            "an element \(Quoted.text(child.writtenName))", "et element \(Quoted.danish(child.writtenName))"),
          expected: LocalizedText(
            "nothing but text in \(writtenName) (section 2)", "kun tekst i \(writtenName) (afsnit 2)"),
          remedy: LocalizedText("remove it, or write < as &lt;", "fjern det, eller skriv < som &lt;")),
        at: child)
    }
    return text
  }

  /// The text, if it keeps the rule; reports it otherwise.
  func text(
    _ rule: TextRule, _ findings: Findings, advise: (String, XMLElement) -> Void = { _, _ in }
  ) -> String? {
    let text = plainText(findings)
    if let error = rule.error(in: text) {
      findings.add(error, at: self)
      return nil
    }
    advise(text, self)
    return text
  }

  /// The text as a value of another type; reports it if it is none.
  func value<Value>(_ findings: Findings, _ make: (String) throws(ValueError) -> Value) -> Value? {
    let text = plainText(findings)
    do throws(ValueError) {
      return try make(text)
    } catch {
      findings.add(error, at: self)
      return nil
    }
  }
}

extension SourceText {
  /// Returns the start of text behind white space, comments and processing instructions.
  func firstText(from offset: Int) -> Int {
    var at = offset
    while at < bytes.count {
      if XMLSpace.contains(bytes[at]) {
        at += 1
      } else if bytes[at...].starts(with: "<!--".utf8) {
        at = end(of: "-->", from: at + 4)
      } else if bytes[at...].starts(with: "<?".utf8) {
        at = end(of: "?>", from: at + 2)
      } else {
        return at
      }
    }
    return offset
  }

  private func end(of mark: String, from start: Int) -> Int {
    let mark = Array(mark.utf8)
    var at = start
    while at < bytes.count, !bytes[at...].starts(with: mark) { at += 1 }
    return at + mark.count
  }
}
