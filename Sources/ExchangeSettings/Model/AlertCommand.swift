/// A program that `filsluse run` starts when a person must look: an account stopped, a file was set aside.
public struct AlertCommand: Sendable, Hashable {
  /// The program and its arguments; no shell reads them.
  public var command: [String]
  /// The time limit for one run.
  public var timeout: Duration

  /// Describes the program.
  public init(command: [String], timeout: Duration = .seconds(30)) {
    self.command = command
    self.timeout = timeout
  }
}
