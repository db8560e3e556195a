/// Checks the texts of a document built in code, by the same rules as for reading.
struct DocumentValidation {
  private let element: String
  private var diagnostics: [Diagnostic] = []

  init(_ element: String) { self.element = element }

  mutating func check(_ text: String?, _ name: String, _ rule: TextRule) {
    guard let text, let error = rule.error(in: text) else { return }
    add(error, name)
  }

  mutating func check(_ texts: [String], _ name: String, _ rule: TextRule) {
    for text in texts { check(text, name, rule) }
  }

  /// Reports an empty list where the contract wants one or more.
  mutating func expectSome(_ list: some Collection, _ name: String) {
    guard list.isEmpty else { return }
    add(
      ValueError(
        code: .missingElement, found: LocalizedText("no \(name)", "ingen \(name)"),
        expected: LocalizedText("one or more (section 2)", "en eller flere (afsnit 2)"),
        remedy: LocalizedText("give at least one", "angiv mindst en")),
      name)
  }

  mutating func add(_ error: ValueError, _ name: String) {
    diagnostics.append(error.diagnostic(path: "\(element)/\(name)"))
  }

  /// - Throws: `DocumentError` with everything that was found.
  func finish() throws(DocumentError) {
    if !diagnostics.isEmpty { throw DocumentError(diagnostics) }
  }
}
