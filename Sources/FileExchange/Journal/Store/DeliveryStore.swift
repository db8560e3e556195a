internal import FilsluseSystem

/// The exchange's record of deliveries.
protocol DeliveryStore: Sendable {
  /// Stages a delivery, or finds the one that has its identity. `again` asks for a new one where the last is finished;
  /// a retry of an earlier one is refused where a later try was accepted since.
  func stage(_ new: NewDelivery, again: Bool) async throws(ExchangeError) -> StagingOutcome

  /// Writes a delivery's new state, and an entry if its state changed; returns it as the journal then has it.
  ///
  /// A finished delivery stays unchanged: a receipt that another process recorded in between is never overwritten. Only
  /// one that was given up still takes its receipt, and nothing else.
  func record(_ delivery: Delivery, detail: String?) async throws(ExchangeError) -> Delivery

  /// Takes a delivery from the state that it is known in to another, both under way, with its acknowledged bytes; nothing
  /// else of it has changed. Where the journal has it in a third state by now, it stays so. Returns it as the journal
  /// then has it.
  func advance(
    _ delivery: Delivery, to state: DeliveryState, detail: String?
  ) async throws(ExchangeError) -> Delivery

  /// The delivery of that number, `nil` when there is none.
  func delivery(_ id: Int64) async throws(ExchangeError) -> Delivery?

  /// The last later delivery of the same content by the same route and name that was accepted or is under way, `nil`
  /// where each ended without the platform taking it.
  func laterTry(of delivery: Delivery) async throws(ExchangeError) -> Delivery?

  /// The municipality that its sender stated a delivery's file to hold, the last time; `nil` where nothing was stated.
  func statedMunicipality(of delivery: Int64) async throws(ExchangeError) -> String?

  /// Returns the period in which entries are missing since a restoration; `nil` where none are.
  func acceptedLoss() async throws(ExchangeError) -> AcceptedLoss?

  /// The last delivery of the file at that path, `nil` when there is none.
  func lastDelivery(from localPath: String) async throws(ExchangeError) -> Delivery?

  /// The account's deliveries that are committed and whose receipt is missing; of those
  /// names in OUT, or all of them. Those that were given up are among them: their receipt may still come.
  func deliveriesAwaitingReceipt(of account: String, named names: [String]?) async throws(ExchangeError) -> [Delivery]

  /// The unfinished deliveries of files from watched folders, those that wait for their receipts included.
  func deliveriesFromWatchedFolders() async throws(ExchangeError) -> [Delivery]

  /// Some of the account's deliveries from no watched folder whose trigger is not known to be out, and whose state has not
  /// changed since before a moment. Business receipts are not among them.
  func deliveriesBegun(of account: String, before moment: Timestamp) async throws(ExchangeError) -> [Delivery]

  /// Returns true if any delivery of the account waits for its receipt; those that were given up do not.
  func awaitsReceipts(of account: String) async throws(ExchangeError) -> Bool

  /// Some of the account's deliveries whose trigger is out and whose state has not changed since before a moment.
  func deliveriesWaiting(of account: String, since moment: Timestamp) async throws(ExchangeError) -> [Delivery]

  /// The account's deliveries whose trigger is in OUT as far as is known, since before that moment.
  func deliveriesTriggered(of account: String, before moment: Timestamp) async throws(ExchangeError) -> [Delivery]

  /// The account's deliveries that were refused after that entry and still are, and the last entry's number.
  func deliveriesRefused(
    of account: String, after entry: Int64
  ) async throws(ExchangeError) -> (deliveries: [Delivery], lastEntry: Int64)

  /// The numbered deliveries that are finished.
  func deliveriesFinished(among ids: [Int64]) async throws(ExchangeError) -> [Delivery]

  /// Returns true if no delivery that is under way has that name in OUT.
  func isFree(_ wireName: String, account: String) async throws(ExchangeError) -> Bool

  /// The receipts, as they came, of the account's deliveries of that name.
  func receipts(of wireName: String, account: String) async throws(ExchangeError) -> [JournalledReceipt]

  /// Adds to the trails of deliveries what happens to their receipts in IN, unless the last entry says just that.
  func note(_ events: [JournalledReceipt.Event]) async throws(ExchangeError)
}

extension DeliveryStore {
  /// The account's deliveries that are committed and whose receipt is missing.
  func deliveriesAwaitingReceipt(of account: String) async throws(ExchangeError) -> [Delivery] {
    try await deliveriesAwaitingReceipt(of: account, named: nil)
  }

  /// Takes a delivery from the state that it is known in to another; there is nothing to add to that.
  func advance(_ delivery: Delivery, to state: DeliveryState) async throws(ExchangeError) -> Delivery {
    try await advance(delivery, to: state, detail: nil)
  }

  /// Writes what a delivery has become; there is nothing to add to its new state.
  func record(_ delivery: Delivery) async throws(ExchangeError) -> Delivery { try await record(delivery, detail: nil) }
}

/// A delivery about to be staged, with the ids drawn for it.
struct NewDelivery: Sendable {
  let identity: Delivery.Identity
  let size: UInt64
  let localPath: String
  let infRef: String?
  let sendersFileID: String
  let transactionID: String?
  let temporaryTriggerName: String
  let trigger: [UInt8]
  /// The ordinal of the earlier delivery of the same identity that it retries; `nil` when it is no retry.
  var retryOf: Int?
  /// A note on a municipality that was stated, or ignored in the file's name.
  var municipalityNote: String?
}

/// The result of staging.
enum StagingOutcome: Sendable {
  /// It is new.
  case staged(Delivery)
  /// The same was staged before: it is finished, or to be finished.
  case known(Delivery)
  /// Another content or route holds the name and is not finished.
  case nameTaken(by: Delivery)
}
