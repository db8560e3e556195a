/// How far an arrival has come. Each state is in the journal before the step that follows it begins.
public enum ArrivalState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Its metadata is read and expected here.
  case seen
  /// The data is on its way into a temporary file.
  case fetching
  /// The data lies whole and synced in the temporary file.
  case fetched
  /// The file lies in the inbox folder under its final name.
  case verified
  /// It is the receiver's now; only the remote copy is left to remove.
  case handedOver = "handed-over"
  /// The remote copy is gone.
  case removed
  /// It is left where it lies, for the reason given.
  case quarantined

  /// Whether nothing more will happen.
  public var isFinished: Bool { self == .removed || self == .quarantined }
}
