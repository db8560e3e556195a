/// The state of an arrival. Each state is in the journal before the step that follows it begins.
public enum ArrivalState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Its metadata is read and expected here.
  case seen
  /// The data is being fetched into a temporary file.
  case fetching
  /// The data is whole and synced in the temporary file.
  case fetched
  /// The file is in the inbox folder under its final name.
  case verified
  /// The receiver's program has been started for it, or is about to be, perhaps not for the first time.
  case handingOver = "handing-over"
  /// The receiver has taken it over; only the remote copy is left to remove.
  case handedOver = "handed-over"
  /// The remote copy is gone.
  case removed
  /// It is left in IN; the reason says why.
  case quarantined
  /// It failed too often, for the reason given, and waits for a person. Its local files stay.
  case setAside = "set-aside"
  /// It was gone from IN before it was fetched, and no process of this journal took it.
  case vanished

  /// True if the state is final. An arrival that is set aside waits for a person and is not finished.
  public var isFinished: Bool {
    switch self {
    case .removed, .quarantined, .vanished: true
    case .seen, .fetching, .fetched, .verified, .handingOver, .handedOver, .setAside: false
    }
  }
}
