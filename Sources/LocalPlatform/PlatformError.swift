public import SystemPackage
public import TriggerFiles

/// A failure of the local platform, with its remedy.
public struct PlatformError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of trouble; unknown ones may be added, so a `switch` needs a default.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The code's name.
    public let rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A program or library that the platform stands on is not installed.
    public static let missingProgram = Code(rawValue: "missing-program")
    /// A program ran and reported a failure.
    public static let programFailed = Code(rawValue: "program-failed")
    /// The SSH server did not start, or ended by itself.
    public static let serverEnded = Code(rawValue: "server-ended")
    /// Another process took the SSH server's port first.
    public static let portTaken = Code(rawValue: "port-taken")
    /// A file or folder of the platform's own could not be read or written.
    public static let fileTrouble = Code(rawValue: "file-trouble")
    /// A socket, pipe or thread could not be had.
    public static let systemTrouble = Code(rawValue: "system-trouble")
    /// A name or path that the platform cannot work with.
    public static let unusableName = Code(rawValue: "unusable-name")
    /// A plan whose systems and routes do not fit together.
    public static let unusablePlan = Code(rawValue: "unusable-plan")
    /// Another process runs a platform in the same folder.
    public static let inUse = Code(rawValue: "in-use")
  }

  /// The kind of trouble.
  public let code: Code
  /// The failure, in both languages.
  public let message: LocalizedText
  /// The remedy, in both languages.
  public let remedy: LocalizedText
  /// The file or folder concerned.
  public let path: FilePath?

  init(_ code: Code, _ message: LocalizedText, remedy: LocalizedText, path: FilePath? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.path = path
  }

  /// Message, path and remedy in one line of English.
  public var description: String { inBothLanguages.en }

  /// Message, path and remedy in one line, in both languages.
  package var inBothLanguages: LocalizedText {
    let place = path.map { " (\($0.string))" } ?? ""
    return message + LocalizedText("\(place); ") + remedy
  }
}
