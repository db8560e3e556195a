/// A document that breaks the contract, or cannot be built so that it keeps it: all that is wrong with it.
public struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The findings in the order of the document; at least one of them is an error.
  public let diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// One line per finding.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// The error for a text that is invalid for its type.
public struct ValueError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of finding.
  public let code: DiagnosticCode
  /// The text or value found.
  public let found: LocalizedText
  /// The text or value that the contract expects.
  public let expected: LocalizedText
  /// The remedy.
  public let remedy: LocalizedText

  /// All of it in one line of English.
  public var description: String { "\(found); \(expected); \(remedy)" }

  /// Returns a value for a message: in quotes, or called empty.
  static func shown(_ value: String) -> LocalizedText {
    value.isEmpty ? LocalizedText("an empty value", "en tom værdi") : Quoted.both(value)
  }

  func diagnostic(
    severity: Diagnostic.Severity = .error, position: SourcePosition? = nil, path: String
  ) -> Diagnostic {
    Diagnostic(
      code: code, severity: severity, position: position, path: path, found: found, expected: expected, remedy: remedy)
  }
}
