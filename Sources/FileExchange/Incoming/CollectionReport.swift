/// The result of one look into an account's IN. Its arrivals are without their metadata, which ``Journal/arrival(_:)``
/// gives.
public struct CollectionReport: Sendable {
  /// The account.
  public let account: String
  /// Arrivals that are the receiver's now and gone from IN.
  public internal(set) var collected: [Arrival] = []
  /// Arrivals handed over and left in IN by request.
  public internal(set) var kept: [Arrival] = []
  /// Arrivals in the inbox that wait for their hand-over: it runs elsewhere, or its next try is not due.
  public internal(set) var waiting: [Arrival] = []
  /// Arrivals handed over before that were in IN again.
  public internal(set) var repeated: [Arrival] = []
  /// Arrivals that are left in IN because the account does not expect them; each has its reason.
  public internal(set) var quarantined: [Arrival] = []
  /// Arrivals that have failed too often and wait for a person; each has its reason.
  public internal(set) var setAside: [Arrival] = []
  /// Arrivals that are gone from IN without a process of this journal taking them.
  public internal(set) var vanished: [Arrival] = []
  /// Deliveries with a new receipt.
  public internal(set) var settled: [Delivery] = []
  /// Deliveries with a new business receipt.
  public internal(set) var answered: [TiedBusinessReceipt] = []
  /// Business receipts in delivery to the senders of collected files.
  public internal(set) var answersSent: [Delivery] = []
  /// The failures with their reasons: the files concerned are still in IN or in the inbox.
  public internal(set) var problems: [ExchangeError] = []
  /// True if IN was listed and all its files were looked at: this report knows every file there.
  public internal(set) var sawEverything = false
  /// The number of names in IN when it was listed, without folders: pairs, halves of pairs, and files for other
  /// programs.
  public internal(set) var namesSeen = 0
  /// True if another machine lists IN, and this run fetched that machine's finds.
  var isListedElsewhere = false
  /// Bytes of data fetched by this run.
  public internal(set) var bytesFetched: UInt64 = 0
}
