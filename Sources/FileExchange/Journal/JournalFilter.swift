public import FilsluseSystem
internal import GRDB

/// Which of the journal's deliveries or arrivals are wanted; what is `nil` does not matter.
public struct JournalFilter: Sendable, Hashable {
  /// The account.
  public var account: String?
  /// The route; arrivals have none, so that none fits.
  public var route: String?
  /// The InfRef, byte for byte.
  public var infRef: String?
  /// The state's name, such as `accepted` or `quarantined`.
  public var state: String?
  /// Begun at this moment or later.
  public var since: Timestamp?
  /// Begun before this moment.
  public var before: Timestamp?

  /// A filter that everything passes.
  public init() {}
}

extension Journal {
  /// The deliveries that pass a filter, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func deliveries(_ filter: JournalFilter) async throws(ExchangeError) -> [Delivery] {
    try await read { database in
      try Delivery.fetch(
        database,
        where: """
          (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR route = ?2) AND (?3 IS NULL OR infref = ?3)
            AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR staged_at >= ?5) AND (?6 IS NULL OR staged_at < ?6)
          ORDER BY id
          """,
        [
          filter.account, filter.route, filter.infRef, filter.state, filter.since?.millisecondsSince1970,
          filter.before?.millisecondsSince1970,
        ])
    }
  }

  /// The arrivals that pass a filter, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrivals(_ filter: JournalFilter) async throws(ExchangeError) -> [Arrival] {
    if filter.route != nil { return [] }
    return try await read { database in
      try Arrival.fetch(
        database,
        where: """
          (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR infref = ?2) AND (?3 IS NULL OR state = ?3)
            AND (?4 IS NULL OR seen_at >= ?4) AND (?5 IS NULL OR seen_at < ?5)
          ORDER BY id
          """,
        [
          filter.account, filter.infRef, filter.state, filter.since?.millisecondsSince1970,
          filter.before?.millisecondsSince1970,
        ])
    }
  }
}
