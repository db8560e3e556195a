public import SystemPackage
internal import TriggerFiles

/// Settings that cannot be used, with every problem that one reading found.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems, in the order of the file; never empty.
  public let problems: [SettingsProblem]

  /// Wraps problems.
  public init(problems: [SettingsProblem]) { self.problems = problems }

  /// One line per problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One error in a settings file, with its place and its remedy.
public struct SettingsProblem: Sendable, Hashable, CustomStringConvertible {
  /// The sort of a problem. More sorts may come.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The sort's name, as JSON output shows it.
    public let rawValue: String

    /// Names a sort of problem.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The file is not there, is no plain file or may not be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// The file is too large, not UTF-8, or uses YAML that settings have no need of.
    public static let unacceptable = Code(rawValue: "unacceptable")
    /// The file is not YAML.
    public static let syntax = Code(rawValue: "syntax")
    /// A key that no setting has.
    public static let unknownKey = Code(rawValue: "unknown-key")
    /// A duplicate key.
    public static let doubledKey = Code(rawValue: "doubled-key")
    /// A key that must be there and is not.
    public static let missingKey = Code(rawValue: "missing-key")
    /// A list where a text should be, and the like.
    public static let wrongType = Code(rawValue: "wrong-type")
    /// A value that breaks the rule of its key.
    public static let badValue = Code(rawValue: "bad-value")
    /// The name of an account that the file does not have.
    public static let unknownReference = Code(rawValue: "unknown-reference")
    /// Two settings that contradict each other.
    public static let conflict = Code(rawValue: "conflict")
  }

  /// The severity of a problem: it makes the settings unusable, or it does not.
  public enum Severity: String, Sendable, Hashable {
    /// They cannot.
    case error
    /// The settings can be used, but a person should look at the problem.
    case warning
  }

  /// The sort of problem.
  public var code: Code
  /// The severity of the problem.
  public var severity: Severity
  /// The settings file.
  public var file: FilePath
  /// The line, counted from 1; `nil` when the problem is with the file as a whole.
  public var line: Int?
  /// The column in Unicode scalars, counted from 1.
  public var column: Int?
  /// The path of keys to the place, such as `accounts.fagsystem.port`; empty at the file's top.
  public var keyPath: String
  /// The text found, and the expected one.
  public var message: String
  /// The remedy.
  public var remedy: String?
  /// The message in Danish; `nil` for a problem that was made by the public initializer.
  package var messageInDanish: String?
  /// The remedy in Danish, where the message is known in it.
  package var remedyInDanish: String?

  /// Describes a problem.
  public init(
    code: Code, severity: Severity = .error, file: FilePath, line: Int? = nil, column: Int? = nil,
    keyPath: String = "", message: String, remedy: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.keyPath = keyPath
    self.message = message
    self.remedy = remedy
  }

  /// A problem in both languages.
  init(
    code: Code, severity: Severity = .error, file: FilePath, line: Int? = nil, column: Int? = nil,
    keyPath: String = "", message: LocalizedText, remedy: LocalizedText? = nil
  ) {
    self.init(
      code: code, severity: severity, file: file, line: line, column: column, keyPath: keyPath, message: message.en,
      remedy: remedy?.en)
    messageInDanish = message.da
    remedyInDanish = remedy?.da
  }

  /// `file:line:column: error: key path: message; remedy`.
  public var description: String {
    var text = file.string
    if let line, let column { text += ":\(line):\(column)" }
    text += ": \(severity.rawValue): "
    if !keyPath.isEmpty { text += "\(keyPath): " }
    text += message
    if let remedy { text += "; \(remedy)" }
    return text
  }
}
