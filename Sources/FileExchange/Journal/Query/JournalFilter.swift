internal import FilsluseStore
public import FilsluseBase
public import TriggerFiles

/// A filter for deliveries or arrivals of the journal; a criterion that is `nil` is not applied.
public struct JournalFilter: Sendable, Hashable {
  /// The account.
  public var account: String?
  /// The route of a delivery, or the expecting route of an arrival.
  public var route: String?
  /// The InfRef, byte for byte.
  public var infRef: InfRef?
  /// The state: one of a delivery lets no arrival pass, and the other way round.
  public var state: SubjectState?
  /// Begun at this moment or later.
  public var since: Timestamp?
  /// Begun before this moment.
  public var before: Timestamp?

  /// A filter that everything passes.
  public init() {}

  /// Restricts the filter to deliveries and arrivals begun on a day, by the clock in Denmark.
  public mutating func restrict(to day: CivilDay) {
    let moments = WallClock.denmark.moments(of: day)
    since = max(since ?? moments.lowerBound, moments.lowerBound)
    before = min(before ?? moments.upperBound, moments.upperBound)
  }

  /// The filter as an SQL condition, with its active criteria only, so that SQLite may choose an index.
  func condition(begun column: String) -> (sql: String, arguments: [any SQLConvertible]) {
    // SQLite would take an index on the account, which reads all of its rows, and not that on the time. An expression
    // has no index.
    let account = since != nil && before != nil ? "account || '' = ?" : "account = ?"
    let parts: [(String, SQLValue)] = [
      (account, self.account.sqlValue), ("route = ?", route.sqlValue), ("infref = ?", (infRef?.name).sqlValue),
      ("state = ?", (state?.name).sqlValue), ("\(column) >= ?", (since?.millisecondsSince1970).sqlValue),
      ("\(column) < ?", (before?.millisecondsSince1970).sqlValue),
    ]
    let wanted = parts.filter { $0.1 != .null }
    let sql = (["TRUE"] + wanted.map(\.0)).joined(separator: " AND ")
    return (sql, wanted.map(\.1))
  }
}
