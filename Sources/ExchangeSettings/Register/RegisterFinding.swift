public import SystemPackage
public import TriggerFiles

/// One thing found in the register or its record: where, what, and what to do about it.
public struct RegisterFinding: Sendable, Hashable, CustomStringConvertible {
  /// The kind of finding.
  public var code: RegisterFindingCode
  /// The severity: an error keeps the register, or the route, from being used.
  public var severity: Diagnostic.Severity
  /// The file that it is about: the list, the record or the settings.
  public var file: FilePath
  /// The position in the file; `nil` where it is about the file as a whole.
  public var position: SourcePosition?
  /// The thing found.
  public var message: LocalizedText
  /// The remedy.
  public var remedy: LocalizedText
  /// The route of the list that it is about; `nil` where it is about no single one.
  var route: String?
  /// The column of the list that it is about; `nil` where it is about no single one.
  var column: RegisterColumn?
  /// The position of the earlier line of the list that it contradicts, as the message names it; `nil` for none.
  var earlierLine: SourcePosition?

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

  /// One line, as compilers write it: `routes.csv:3:18: error: …; … [code]`.
  public func line(in language: ReportLanguage) -> String {
    let place = position.map { ":\($0)" } ?? ""
    return
      "\(file)\(place): \(severity.word(in: language)): \(message[language]); \(remedy[language]) [\(code.rawValue)]"
  }

  /// The finding in one line of English.
  public var description: String { line(in: .english) }
}

/// A register that cannot be used, with every finding of one reading. What was in use before stays in use.
public struct RegisterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The findings, in the order of the file; at least one is an error.
  public let findings: [RegisterFinding]

  /// Wraps findings.
  public init(_ findings: [RegisterFinding]) { self.findings = findings }

  /// One line per finding.
  public var description: String { findings.map(\.description).joined(separator: "\n") }
}
