/// An event of a long-running exchange.
public enum UnattendedEvent: Sendable {
  /// It is set up and works: the journal is open and its own, the folders are there.
  case ready
  /// All its loops make progress; repeated while that is so.
  case alive
  /// Its status, in a line.
  case status(String)
  /// A person must look.
  case attention(OpenProblem)
  /// A problem for a person is resolved; the message says how it ended.
  case resolved(OpenProblem)
  /// New settings are being taken up; ``ready`` or ``reloadRefused(_:)`` follows.
  case reloading
  /// The new settings cannot be taken up, for that reason: those of before stay in force.
  case reloadRefused(String)
  /// It has been asked to stop, and finishes what is under way.
  case stopping
}
