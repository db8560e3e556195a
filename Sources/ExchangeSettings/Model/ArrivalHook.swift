/// The user's program that takes over each received file. It runs once the file is in the inbox folder, and before its
/// copy on the server is removed.
public struct ArrivalHook: Sendable, Hashable {
  /// The program and its arguments; no shell reads them.
  public var command: [String]
  /// The time limit for one file.
  public var timeout: Duration
  /// The number of failures for one file after which the file is set aside. Status 75 ("not now") is no failure.
  public var tries: Int
  /// The route by which its answer goes back as a business receipt; `nil` where none is sent.
  public var answerBy: String?

  /// Describes the program.
  public init(command: [String], timeout: Duration = .seconds(600), tries: Int = 10, answerBy: String? = nil) {
    self.command = command
    self.timeout = timeout
    self.tries = tries
    self.answerBy = answerBy
  }
}
