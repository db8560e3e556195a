public import SystemPackage
public import TriggerFiles

/// One finding in the register or its record, with its place and its remedy.
public struct RegisterFinding: Sendable, Hashable, CustomStringConvertible {
  /// The kind of finding.
  public var code: RegisterFindingCode
  /// The severity: an error keeps the register, or the route, from being used.
  public var severity: Diagnostic.Severity
  /// The file of the finding: the list, the record or the settings.
  public var file: FilePath
  /// The position in the file; `nil` where it is about the file as a whole.
  public var position: SourcePosition?
  /// The thing found.
  public var message: LocalizedText
  /// The remedy.
  public var remedy: LocalizedText
  /// The route of the finding; `nil` if it is not about a single one.
  var route: String?
  /// The earlier line of the list that it contradicts, which the message names; `nil` for none.
  var earlier: EarlierLine?
  /// The column of the list that it is about; `nil` where it is about no single one.
  package var column: RegisterColumn?

  /// Describes a finding.
  public init(
    code: RegisterFindingCode, severity: Diagnostic.Severity = .error, file: FilePath, position: SourcePosition? = nil,
    message: LocalizedText, remedy: LocalizedText
  ) {
    self.code = code
    self.severity = severity
    self.file = file
    self.position = position
    self.message = message
    self.remedy = remedy
  }

  /// The beginning of a message about a route; empty for none.
  static func about(route: String?) -> LocalizedText {
    let name = route.map { Entry.shown($0) }
    return name.map { LocalizedText("route \($0): ", "rute \($0): ") } ?? LocalizedText("")
  }

  /// One line, as compilers write it: `routes.csv:3:18: error: …; … [code]`.
  public func line(in language: ReportLanguage) -> String {
    let place = position.map { ":\($0)" } ?? ""
    return
      "\(file)\(place): \(severity.word(in: language)): \(message[language]); \(remedy[language]) [\(code.rawValue)]"
  }

  /// The finding in one line of English.
  public var description: String { line(in: .english) }
}

/// An earlier line that a finding contradicts, and the message around its place.
struct EarlierLine: Sendable, Hashable {
  /// The line's position in the list.
  let position: SourcePosition
  /// The message before the line's place.
  let before: LocalizedText
  /// The message after it.
  let after: LocalizedText

  /// The message with the line as it is counted in a file: `… in line 5 of routes.csv`.
  func message(line: Int, of file: FilePath) -> LocalizedText {
    before + Self.place(line: line, of: file) + after
  }

  /// A line as messages name it: `line 5 of routes.csv`.
  static func place(line: Int, of file: FilePath) -> LocalizedText {
    let name = file.lastComponent?.string ?? file.string
    return LocalizedText("line \(line) of \(name)", "linje \(line) i \(name)")
  }
}

/// The error for a register that cannot be used, with every finding of one reading. The register in use before stays in
/// use.
public struct RegisterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The findings, in the order of the file; at least one is an error.
  public let findings: [RegisterFinding]

  /// Wraps findings.
  public init(_ findings: [RegisterFinding]) { self.findings = findings }

  /// One line per finding.
  public var description: String { findings.map(\.description).joined(separator: "\n") }
}
