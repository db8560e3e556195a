extension ForeignElement {
  private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

  /// Checks one element by the rules of XML and namespaces; inner elements were checked at their creation.
  ///
  /// - Throws: `DocumentError` with everything that could not be written.
  func checkForm() throws(DocumentError) {
    var validation = DocumentValidation(name)
    if !XMLName.isName(name) { validation.add(Self.fault(of: "the name", "navnet", name), "") }
    checkPrefix(prefix, namespace, &validation)
    for declaration in declarations { check(declaration, &validation) }
    let prefixes = declarations.map(\.prefix)
    if Set(prefixes).count < prefixes.count {
      validation.add(Self.fault(LocalizedText("a prefix declared twice", "et præfiks erklæret to gange")), "")
    }
    var names: Set<[String]> = []
    for attribute in attributes {
      if !XMLName.isName(attribute.name) || (attribute.namespace == nil && attribute.name == "xmlns") {
        validation.add(Self.fault(of: "the name", "navnet", attribute.name), "@\(attribute.name)")
      }
      if !names.insert([attribute.namespace ?? "", attribute.name]).inserted {
        validation.add(
          Self.fault(LocalizedText("the attribute again", "attributten en gang til")), "@\(attribute.name)")
      }
      checkPrefix(attribute.prefix, attribute.namespace, &validation)
      validation.check(attribute.value, "@\(attribute.name)", .anything)
    }
    for case .text(let text) in content { validation.check(text, "text()", .anything) }
    try validation.finish()
  }

  private func checkPrefix(_ prefix: String, _ namespace: String?, _ validation: inout DocumentValidation) {
    if !prefix.isEmpty, !XMLName.isName(prefix) || namespace == nil || prefix == "xmlns" {
      validation.add(
        Self.fault(
          LocalizedText(
            "the prefix \(Quoted.text(prefix)) without a namespace or not a name",
            "præfikset \(Quoted.danish(prefix)) uden navnerum, eller som ikke er et navn")), "")
    }
    if let namespace, (prefix == "xml") != (namespace == Self.xmlNamespace) || namespace.isEmpty {
      validation.add(
        Self.fault(
          LocalizedText(
            "the namespace \(Quoted.text(namespace)) with the prefix \(Quoted.text(prefix))",
            "navnerummet \(Quoted.danish(namespace)) med præfikset \(Quoted.danish(prefix))")), "")
    }
    validation.check(namespace, "namespace", .anything)
  }

  private func check(_ declaration: Declaration, _ validation: inout DocumentValidation) {
    let isForbidden = declaration.prefix == "xml" || declaration.prefix == "xmlns"
    let isName = declaration.prefix.isEmpty || XMLName.isName(declaration.prefix)
    if isForbidden || !isName || (!declaration.prefix.isEmpty && declaration.namespace.isEmpty) {
      validation.add(Self.fault(of: "a declaration of the prefix", "en erklæring af præfikset", declaration.prefix), "")
    }
    validation.check(declaration.namespace, "xmlns", .anything)
  }

  private static func fault(of english: String, _ danish: String, _ name: String) -> ValueError {
    fault(LocalizedText("\(english) \(Quoted.text(name))", "\(danish) \(Quoted.danish(name))"))
  }

  private static func fault(_ found: LocalizedText) -> ValueError {
    ValueError(
      code: .invalidForeignElement, found: found,
      expected: LocalizedText(
        "what XML 1.0 and its namespaces allow", "noget, som XML 1.0 og dets navnerum tillader"),
      remedy: LocalizedText("correct the element before writing it", "ret elementet, før det skrives"))
  }
}

/// Names as XML 1.0 (fifth edition) and its namespaces have them: NCName.
enum XMLName {
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, isStart(first) else { return false }
    return text.unicodeScalars.allSatisfy { isStart($0) || isFurther($0) }
  }

  private static func isStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF,
      0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
      0x10000...0xEFFFF:
      true
    default: false
    }
  }

  private static func isFurther(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
    default: false
    }
  }
}
