/// A finding about a document, with its place and remedy.
public struct Diagnostic: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The severity of a finding.
  public enum Severity: String, Sendable, Hashable, Codable {
    /// The document breaks the contract.
    case error
    /// The document keeps the contract, but something about it is likely a mistake.
    case warning

    /// The severity as a report in a language names it.
    public func word(in language: ReportLanguage) -> String {
      switch (language, self) {
      case (.english, _): rawValue
      case (.danish, .error): "fejl"
      case (.danish, .warning): "advarsel"
      }
    }
  }

  /// The kind of finding.
  public let code: DiagnosticCode
  /// The severity.
  public let severity: Severity
  /// The position in the input; `nil` for a value that was built in code.
  public let position: SourcePosition?
  /// The element, as in `/Trigger/FileDescriptor/Recipients[2]`; empty where no element is meant.
  public let path: String
  /// The text or value found.
  public let found: LocalizedText
  /// The text or value that the contract expects, with its section.
  public let expected: LocalizedText
  /// The remedy.
  public let remedy: LocalizedText

  /// Creates a finding.
  public init(
    code: DiagnosticCode, severity: Severity = .error, position: SourcePosition? = nil, path: String = "",
    found: LocalizedText, expected: LocalizedText, remedy: LocalizedText
  ) {
    self.code = code
    self.severity = severity
    self.position = position
    self.path = path
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  /// The line, counted from 1; `nil` for a value that was built in code.
  public var line: Int? { position?.line }
  /// The column in characters, counted from 1; `nil` for a value that was built in code.
  public var column: Int? { position?.column }

  /// One line, as compilers write it: `3:18: error: /Trigger/…: found …; expected …; … [code]`.
  public func line(in language: ReportLanguage) -> String {
    let place = position.map { "\($0): " } ?? ""
    let element = path.isEmpty ? "" : "\(path): "
    let texts = [found, expected, remedy].map { $0[language] }.joined(separator: "; ")
    return "\(place)\(severity.word(in: language)): \(element)\(texts) [\(code)]"
  }

  /// Returns the finding with another severity or place.
  package func with(severity: Severity? = nil, position: SourcePosition?) -> Diagnostic {
    Diagnostic(
      code: code, severity: severity ?? self.severity, position: position, path: path, found: found,
      expected: expected, remedy: remedy)
  }

  /// The finding in one line of English.
  public var description: String { line(in: .english) }
}

/// A place in a text as an editor shows it.
public struct SourcePosition: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// The column in characters (Unicode scalars), counted from 1.
  public let column: Int

  /// Creates a position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// `line:column`.
  public var description: String { "\(line):\(column)" }

  /// Returns true if one position comes before another.
  public static func < (one: Self, other: Self) -> Bool {
    (one.line, one.column) < (other.line, other.column)
  }
}
