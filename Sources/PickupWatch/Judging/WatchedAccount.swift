public import FileExchange
public import FilsluseSystem

/// All that an account is judged by: what was seen, what came, what was sent.
public struct WatchedAccount: Sendable {
  /// What is known of the watching.
  public var state: InboxState
  /// What lies in the folders.
  public var sights: [Sight]
  /// What came lately, what has gone since too.
  public var arrivals: [ArrivedFile]
  /// What was sent.
  public var deliveries: [DeliveryOutcome]

  /// Describes an account.
  public init(
    state: InboxState, sights: [Sight] = [], arrivals: [ArrivedFile] = [], deliveries: [DeliveryOutcome] = []
  ) {
    self.state = state
    self.sights = sights
    self.arrivals = arrivals
    self.deliveries = deliveries
  }
}

/// A file that came, whether it still lies there or not.
public struct ArrivedFile: Sendable, Hashable {
  /// The platform's name for the transfer.
  public var transfer: String
  /// The data classification; `nil` for a direct transmission, which is known by its sender.
  public var infRef: String?
  /// The SFTP user that sent it, where that is known.
  public var sender: String?
  /// The data file's name, in the server's bytes.
  public var name: [UInt8]
  /// The CVR number of the authority that it is for.
  public var recipientAuthority: String?
  /// When it came.
  public var came: Timestamp

  /// Describes a file.
  public init(
    transfer: String, infRef: String?, sender: String? = nil, name: [UInt8], recipientAuthority: String? = nil,
    came: Timestamp
  ) {
    self.transfer = transfer
    self.infRef = infRef
    self.sender = sender
    self.name = name
    self.recipientAuthority = recipientAuthority
    self.came = came
  }

  /// A file that was seen; `nil` for one whose metadata was not read.
  public init?(_ sight: Sight, difference: Duration?, longestPause: Duration) {
    guard let facts = sight.facts else { return nil }
    self.init(
      transfer: facts.transfer, infRef: facts.infRef, sender: facts.sender, name: sight.name,
      recipientAuthority: facts.recipientAuthority,
      came: sight.age(difference: difference, longestPause: longestPause).since)
  }

  /// A file that the journal knows.
  public init(_ arrival: JournalledArrival) {
    self.init(
      transfer: arrival.fileTransferUUID, infRef: arrival.infRef, sender: arrival.sender,
      name: Array(arrival.wireName.utf8),
      recipientAuthority: arrival.recipientAuthority, came: arrival.seenAt)
  }
}
