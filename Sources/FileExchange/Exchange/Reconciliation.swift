public import TriggerFiles

/// The comparison of a journal on a server, which has lost its last entries, with the knowledge of this machine and the
/// platform.
public struct Reconciliation: Sendable {
  /// A delivery or an arrival whose newest entries may be missing from the journal, or an account that could not be
  /// reached.
  public struct Item: Sendable, Hashable {
    /// The finding about a delivery or an arrival.
    public enum Finding: String, Sendable, Hashable, CaseIterable {
      /// A delivery is with the platform; an arrival is in the inbox folder, or its receiver has it.
      case done
      /// A delivery's trigger was never out; an arrival is given to its receiver's program, perhaps once more, with the
      /// same FileTransferUUID.
      case notDone = "not-done"
      /// An arrival is gone from IN, and is not in the inbox folder of this machine.
      case gone
      /// Only a person can find out.
      case unproven
    }

    /// The account.
    public let account: String
    /// The number of a delivery, such as `D12`, the FileTransferUUID of an arrival, or `account:` and the name of an
    /// account that could not be looked at: any answer about it goes on without it.
    public let number: String
    /// The file's name on the wire; the folders of an account.
    public let name: String
    /// The finding.
    public let finding: Finding
    /// The reason, in a clause.
    public let evidence: LocalizedText

    /// The beginning of the number of an account.
    static let numberPrefix = "account:"
  }

  /// A file that this account's user has sent and that the journal does not know. Ordered again, it would be sent
  /// again.
  public struct UnknownDelivery: Sendable, Hashable {
    /// The account.
    public let account: String
    /// The file's name on the wire.
    public let name: String
    /// The reason, in a clause.
    public let evidence: LocalizedText
  }

  /// The last entry that this machine knows of; `nil` where its high-water mark is lost.
  public let mark: JournalAnchor?
  /// The journal's last entry.
  public let last: JournalAnchor
  /// The number of entries that this machine knows of and the journal lacks, at least.
  public let lostEntries: Int64
  /// The deliveries and arrivals that were looked at, and the accounts that could not be.
  public internal(set) var items: [Item] = []
  /// Deliveries that a receipt or a trigger shows and the journal lacks.
  public internal(set) var unknown: [UnknownDelivery] = []
  /// The machines that have to have their part before the journal can be used: the names of their hosts, with the
  /// machine's number where several machines have the same, as `host (2)`.
  public internal(set) var awaited: [String]
  /// The items without proof and without a person's answer.
  public internal(set) var unanswered: [Item] = []
  /// True if the findings and answers are in the journal now.
  public internal(set) var isWritten = false
  /// True if the journal can be used.
  public internal(set) var isEnded = false
}

/// A person's answers about unproven items.
public struct ReconciliationAnswers: Sendable, Hashable {
  /// The numbers of the items that are done.
  public var done: Set<String> = []
  /// The numbers of the items that are not done.
  public var notDone: Set<String> = []
  /// The machines that are gone for good, and whose part nobody can do, by the names of their hosts, by
  /// their numbers, or by both, as `host (2)`.
  public var leftOut: Set<String> = []
  /// The person.
  public var person: String
  /// The person's reason.
  public var reason: String

  /// In place of numbers: all items that no other answer is given for.
  public static let all = "all"

  /// Answers of a person.
  public init(person: String, reason: String) { (self.person, self.reason) = (person, reason) }

  /// The numbers that were named.
  var numbers: Set<String> { done.union(notDone).subtracting([Self.all]) }

  /// Returns true if an item is done, false if it is not; `nil` where neither proof nor person says so.
  func isDone(_ item: Reconciliation.Item) -> Bool? {
    switch item.finding {
    case .done: return true
    case .notDone, .gone: return false
    case .unproven: break
    }
    if done.contains(item.number) { return true }
    if notDone.contains(item.number) { return false }
    if done.contains(Self.all) { return true }
    return notDone.contains(Self.all) ? false : nil
  }

  /// Returns an item with an answer that contradicts its proof, or with two answers; `nil` for none.
  func contradiction(among items: [Reconciliation.Item]) -> Reconciliation.Item? {
    items.first { item in
      switch item.finding {
      case .done: notDone.contains(item.number)
      case .notDone: done.contains(item.number)
      case .gone: false
      case .unproven: done.contains(item.number) && notDone.contains(item.number)
      }
    }
  }
}
