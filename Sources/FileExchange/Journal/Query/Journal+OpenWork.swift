internal import ExchangeSettings
internal import FilsluseStore

/// The deliveries and arrivals of an account that are not finished, by their states.
package struct OpenWork: Sendable, Hashable {
  /// The number of deliveries under way in each state; states without any are left out.
  package var deliveries: [DeliveryState: Int] = [:]
  /// The number of arrivals in each state that is not final; states without any are left out.
  package var arrivals: [ArrivalState: Int] = [:]
}

extension Journal {
  /// Counts unfinished work by account.
  ///
  /// Deliveries are found by the index `delivery_open_name`, which holds open ones only, and arrivals by the index
  /// `arrival_state`: the time depends on the waiting work, not on the size of the journal.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  func openWork(of accounts: [Account]) async throws(ExchangeError) -> [String: OpenWork] {
    let names = accounts.map(\.name)
    return try await read { database in
      var all: [String: OpenWork] = [:]
      for name in names { all[name] = try OpenWork.fetch(of: name, in: database) }
      return all
    }
  }
}

extension OpenWork {
  static let deliveriesByState = """
    SELECT state, count(*) FROM delivery WHERE account = ? AND \(Delivery.isUnderWay) GROUP BY state
    """
  static let arrivalsByState = """
    SELECT state, count(*) FROM arrival WHERE account = ? AND state IN (\(openArrivalStates)) GROUP BY state
    """

  private static var openArrivalStates: String {
    ArrivalState.allCases.filter { !$0.isFinished }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }

  fileprivate static func fetch(of account: String, in database: SQLConnection) throws -> OpenWork {
    var work = OpenWork()
    let deliveries = try database.rows(deliveriesByState, [account])
    while let row = try deliveries.next() {
      if let state = DeliveryState(rawValue: try row.text(0)) { work.deliveries[state] = Int(try row.int(1)) }
    }
    let arrivals = try database.rows(arrivalsByState, [account])
    while let row = try arrivals.next() {
      if let state = ArrivalState(rawValue: try row.text(0)) { work.arrivals[state] = Int(try row.int(1)) }
    }
    return work
  }
}
