internal import FilsluseStore
public import FilsluseBase
public import TriggerFiles

/// A line of a list of deliveries or arrivals.
public struct JournalLine: Sendable, Hashable {
  /// The delivery or arrival.
  public let subject: JournalEntry.Subject
  /// The time of staging, or of the first reading of its metadata.
  public let begun: Timestamp
  /// Its state.
  public let state: SubjectState
  /// Its name in OUT or IN: an arrival may have a name that no ``WireName`` has.
  public let wireName: JournalledName
  /// The route of a delivery, the sender of an arrival.
  public let counterpart: String
  /// The InfRef; `nil` for a direct transmission.
  public let infRef: InfRef?
  /// Its size in bytes.
  public let size: UInt64
}

extension Journal {
  /// Passes a line for each delivery and arrival that matches a filter to `take`, the earliest first, without holding
  /// all of them in memory.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` if the journal cannot be read, or if `take` throws.
  public func lines(
    _ filter: JournalFilter = JournalFilter(), _ take: @escaping @Sendable (JournalLine) throws -> Void
  ) async throws(ExchangeError) {
    try await read { database in
      try database.merge(
        Rows(database, "delivery", "id, staged_at, state, wire_name, route, infref, size", begun: "staged_at", filter) {
          try JournalLine(subject: .delivery($0.int(0)), row: $0)
        },
        Rows(database, "arrival", "id, seen_at, state, wire_name, sender, infref, size", begun: "seen_at", filter) {
          try JournalLine(subject: .arrival($0.int(0)), row: $0)
        },
        begun: ({ $0.begun }, { $0.begun }), take, take)
    }
  }

  /// The deliveries that pass a filter, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func deliveries(_ filter: JournalFilter) async throws(ExchangeError) -> [Delivery] {
    try await read { try Rows.deliveries($0, filter).rest() }
  }

  /// The arrivals that pass a filter, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrivals(_ filter: JournalFilter) async throws(ExchangeError) -> [Arrival] {
    try await read { try Rows.arrivals($0, filter).rest() }
  }

  /// Passes each delivery and arrival that matches a filter, with all its values, in the same order.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func each(
    _ filter: JournalFilter = JournalFilter(), delivery: @escaping @Sendable (Delivery) throws -> Void,
    arrival: @escaping @Sendable (Arrival) throws -> Void
  ) async throws(ExchangeError) {
    try await read { database in
      try database.merge(
        Rows.deliveries(database, filter), Rows.arrivals(database, filter),
        begun: ({ $0.stagedAt }, { $0.seenAt }), delivery, arrival)
    }
  }
}

/// The rows of a table that pass a filter, one at a time, in the order of their numbers.
private struct Rows<Value> {
  private let cursor: SQLRows
  private let read: (SQLRow) throws -> Value

  init(
    _ database: SQLConnection, _ table: String, _ columns: String, begun: String, _ filter: JournalFilter,
    _ read: @escaping (SQLRow) throws -> Value
  ) throws {
    let (condition, arguments) = filter.condition(begun: begun)
    cursor = try database.rows(
      "SELECT \(columns) FROM \(table) WHERE \(condition) ORDER BY id", arguments, inPiecesOf: 1000)
    self.read = read
  }

  func next() throws -> Value? { try cursor.next().map(read) }

  func rest() throws -> [Value] {
    var all: [Value] = []
    while let value = try next() { all.append(value) }
    return all
  }
}

extension Rows<Delivery> {
  static func deliveries(_ database: SQLConnection, _ filter: JournalFilter) throws -> Rows {
    try Rows(
      database, "delivery LEFT JOIN delivery_document ON delivery = id", Delivery.columns, begun: "staged_at", filter,
      Delivery.init(row:))
  }
}

extension Rows<Arrival> {
  static func arrivals(_ database: SQLConnection, _ filter: JournalFilter) throws -> Rows {
    try Rows(
      database, "arrival LEFT JOIN arrival_document ON arrival = id", Arrival.columns, begun: "seen_at", filter,
      Arrival.init(row:))
  }
}

extension SQLConnection {
  /// Both are nearly in the order of their beginnings, so that the earlier of the two next ones is as good as sorting.
  fileprivate func merge<One, Other>(
    _ ones: Rows<One>, _ others: Rows<Other>, begun: ((One) -> Timestamp, (Other) -> Timestamp),
    _ takeOne: (One) throws -> Void, _ takeOther: (Other) throws -> Void
  ) throws {
    var one = try ones.next()
    var other = try others.next()
    while one != nil || other != nil {
      if let next = one, other.map({ begun.0(next) <= begun.1($0) }) ?? true {
        try takeOne(next)
        one = try ones.next()
      } else if let next = other {
        try takeOther(next)
        other = try others.next()
      }
    }
  }
}

extension JournalLine {
  /// Reads number, beginning, state, name, route or sender, InfRef and size.
  init(subject: JournalEntry.Subject, row: SQLRow) throws {
    guard let state = SubjectState(name: try row.text(2)) else {
      throw DamagedRow(table: subject.delivery == nil ? "arrival" : "delivery", id: try row.int(0))
    }
    self.init(
      subject: subject, begun: Timestamp(millisecondsSince1970: try row.int(1)), state: state,
      wireName: JournalledName(kept: try row.text(3)), counterpart: try row.text(4), infRef: try row.optionalInfRef(5),
      size: UInt64(bitPattern: try row.int(6)))
  }
}
