/// What the exchange remembers of arrivals.
protocol ArrivalStore: Sendable {
  /// Notes an arrival as seen, or finds the one that has its FileTransferUUID.
  func see(_ new: NewArrival) async throws(ExchangeError) -> Arrival

  /// Writes what an arrival has become, and an entry if its state changed; returns it as the journal then has it.
  func record(_ arrival: Arrival) async throws(ExchangeError) -> Arrival

  /// The arrival of that number, `nil` when there is none.
  func arrival(_ id: Int64) async throws(ExchangeError) -> Arrival?

  /// The account's arrival with that FileTransferUUID, `nil` when there is none.
  func arrival(transfer uuid: String, of account: String) async throws(ExchangeError) -> Arrival?

  /// The account's arrivals whose data is here, and that are not done.
  func arrivalsToFinish(of account: String) async throws(ExchangeError) -> [Arrival]
}

/// An arrival whose metadata has just been read.
struct NewArrival: Sendable {
  let account: String
  let fileTransferUUID: String
  let wireName: String
  let size: UInt64
  let infRef: String?
  let sender: String
  let metadata: [UInt8]
}
