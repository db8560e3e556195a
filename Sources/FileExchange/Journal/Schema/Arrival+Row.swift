internal import FilsluseStore
internal import FilsluseBase

extension Arrival {
  /// The columns that `init(row:)` reads, in this order, of `arrival LEFT JOIN arrival_document ON arrival = id`.
  /// Finding a column by its index is much faster than by its name, and several rows are read for each collected
  /// arrival.
  static let columns = """
    arrival.id, arrival.account, arrival.file_transfer_uuid, arrival.wire_name, arrival.size, arrival.infref,
    arrival.sender, arrival.route, arrival.state, arrival.local_name, arrival.sha256, arrival.settled_modified,
    arrival.different_modified, arrival.reason, arrival.tries, arrival.next_try_at, arrival.set_aside_from,
    arrival.seen_at, arrival.changed_at, arrival_document.metadata_xml
    """

  /// The number of ``columns``.
  static let columnCount = 20

  static func fetch(
    _ database: SQLConnection, where condition: String, _ arguments: [any SQLConvertible]
  ) throws -> [Arrival] {
    let sql = "SELECT \(columns) FROM arrival LEFT JOIN arrival_document ON arrival = id WHERE \(condition)"
    let rows = try database.rows(sql, arguments)
    return try rows.map(Arrival.init(row:))
  }

  init(row: SQLRow) throws {
    do {
      try self.init(decoding: row)
    } catch is StoreError {
      throw DamagedRow(table: "arrival", id: (try? row.int(0)) ?? 0)
    }
  }

  private init(decoding row: SQLRow) throws {
    let id = try row.int(0)
    guard let state = ArrivalState(rawValue: try row.text(8)), let metadata = try row.optionalBlob(19) else {
      throw DamagedRow(table: "arrival", id: id)
    }
    self.init(
      id: id,
      .init(
        account: try row.text(1), fileTransferUUID: try row.text(2), wireName: JournalledName(kept: try row.text(3)),
        size: UInt64(bitPattern: try row.int(4)), infRef: try row.optionalInfRef(5), sender: try row.text(6),
        metadata: metadata, seenAt: Timestamp(millisecondsSince1970: try row.int(17))),
      state: state, changedAt: Timestamp(millisecondsSince1970: try row.int(18)))
    route = try row.optionalText(7)
    localName = try row.optionalText(9)
    sha256 = try row.optionalText(10).map { hex in
      guard let digest = SHA256Digest(hex: hex) else { throw DamagedRow(table: "arrival", id: id) }
      return digest
    }
    settledModified = try row.optionalInt(11)
    differentModified = try row.optionalInt(12)
    reason = try row.optionalText(13).map(ArrivalReason.init(stored:))
    tries = Int(try row.int(14))
    nextTryAt = try row.optionalInt(15).map { Timestamp(millisecondsSince1970: $0) }
    setAsideFrom = try row.optionalText(16).flatMap(ArrivalState.init)
  }
}
