public import FilsluseBase

/// One entry of the journal: an event of a delivery or an arrival, with its time.
public struct JournalEntry: Sendable, Hashable {
  /// The subject of an entry.
  public enum Subject: Sendable, Hashable {
    /// The delivery of that number.
    case delivery(Int64)
    /// The arrival of that number.
    case arrival(Int64)
    /// The journal itself.
    case journal

    /// `D12` for a delivery, `A7` for an arrival, `journal` for the journal itself.
    public var number: String {
      switch self {
      case .delivery(let id): "D\(id)"
      case .arrival(let id): "A\(id)"
      case .journal: "journal"
      }
    }

    var delivery: Int64? { if case .delivery(let id) = self { id } else { nil } }
    var arrival: Int64? { if case .arrival(let id) = self { id } else { nil } }
  }

  /// The entry's number, rising without end.
  public let number: Int64
  /// The time of writing.
  public let at: Timestamp
  /// The subject of the entry.
  public let subject: Subject
  /// The state that was reached, or another event.
  public let state: EntryState
  /// More about it, such as the receipt's message.
  public let detail: String?
}
