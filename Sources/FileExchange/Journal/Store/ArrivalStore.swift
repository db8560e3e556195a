internal import FilsluseSystem
internal import TriggerFiles

/// The exchange's record of arrivals.
protocol ArrivalStore: Sendable {
  /// Notes an arrival as seen, or finds the one that has its FileTransferUUID.
  func see(_ new: NewArrival) async throws(ExchangeError) -> Arrival

  /// Writes what an arrival has become, and an entry if its state or its reason changed; returns it as the journal then
  /// has it.
  func record(_ arrival: Arrival) async throws(ExchangeError) -> Arrival

  /// The same of two states in one transaction, where there is nothing to do between them.
  func record(_ arrival: Arrival, then next: ArrivalState) async throws(ExchangeError) -> Arrival

  /// The same, with an entry about something that is no state of it.
  func record(_ arrival: Arrival, noting event: String, _ detail: String) async throws(ExchangeError) -> Arrival

  /// The arrival of that number, `nil` when there is none.
  func arrival(_ id: Int64) async throws(ExchangeError) -> Arrival?

  /// The account's arrival with that FileTransferUUID, `nil` when there is none.
  func arrival(transfer uuid: String, of account: String) async throws(ExchangeError) -> Arrival?

  /// The account's arrivals whose data is here, and that are not done.
  func arrivalsToFinish(of account: String) async throws(ExchangeError) -> [Arrival]

  /// Some of the account's arrivals that lie in the inbox folder, are to be handed over, and need not be left alone until
  /// later than `now`; oldest first, `limit` at most. A pause longer than any is one of another time: the clock was set
  /// back.
  func arrivalsToHandOver(
    of account: String, now: Timestamp, longestPause: Duration, limit: Int
  ) async throws(ExchangeError) -> [Arrival]

  /// The account's arrivals whose data is, as far as the journal knows, in IN and nowhere else.
  func arrivalsOnlyInIN(of account: String) async throws(ExchangeError) -> [ArrivalInIN]

  /// The account's arrivals that wait for a person.
  func arrivalsSetAside(of account: String) async throws(ExchangeError) -> [Arrival]

  /// Writes that an arrival was handed over, together with what its receiver answered.
  func record(_ arrival: Arrival, answer: BusinessAnswer?) async throws(ExchangeError) -> Arrival

  /// The answers to the account's arrivals that are to be sent and are not known to be on their way.
  func answersToSend(of account: String) async throws(ExchangeError) -> [BusinessAnswer]

  /// The answer that a delivery carries, or another delivery of the same content by the same route and name.
  func answer(carriedBy delivery: Delivery) async throws(ExchangeError) -> BusinessAnswer?

  /// Notes which delivery carries an answer, and whether that has been committed.
  func noteAnswer(to arrival: Int64, sentBy delivery: Int64, isSent: Bool) async throws(ExchangeError)

  /// Notes that an arrival is a business receipt.
  func note(_ receipt: BusinessReceipt, cameAs arrival: Int64) async throws(ExchangeError)

  /// Ties each business receipt that belongs to none yet to the delivery whose FileTransferUUID and name it carries;
  /// returns those that are tied now.
  func tieBusinessReceipts() async throws(ExchangeError) -> [TiedBusinessReceipt]

  /// The account's arrivals that are business receipts and belong to no delivery that is known.
  func untiedBusinessReceipts(of account: String) async throws(ExchangeError) -> [Int64]
}

/// An arrival whose metadata has just been read.
struct NewArrival: Sendable {
  let account: String
  let fileTransferUUID: String
  let wireName: String
  let size: UInt64
  let infRef: String?
  let sender: String
  var route: String?
  let metadata: [UInt8]
  /// A remark that is kept beside its state.
  var remark: String?
}

/// An arrival that waits in IN: enough to look whether it still does.
struct ArrivalInIN: Sendable {
  let id: Int64
  let wireName: String
}
