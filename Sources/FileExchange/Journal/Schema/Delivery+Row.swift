internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

extension Delivery {
  static func fetch(
    _ database: SQLConnection, where condition: String, _ arguments: [any SQLConvertible]
  ) throws -> [Delivery] {
    let sql = "SELECT \(columns) FROM delivery LEFT JOIN delivery_document ON delivery = id WHERE \(condition)"
    return try database.rows(sql, arguments).map(Delivery.init(row:))
  }

  /// Fetches deliveries without triggers and receipts, for lists that may be long.
  static func fetchWithoutDocuments(
    _ database: SQLConnection, where condition: String, _ arguments: [any SQLConvertible]
  ) throws -> [Delivery] {
    let columns =
      switch database.kind {
      case .sqlite: columnsWithoutDocuments.sqlite
      case .postgreSQL: columnsWithoutDocuments.postgreSQL
      }
    let sql = "SELECT \(columns) FROM delivery WHERE \(condition)"
    return try database.rows(sql, arguments).map(Delivery.init(row:))
  }

  /// The columns that ``init(row:)`` reads, by their place: looking them up by name takes longer than reading them.
  static let columns = """
    id, account, route, wire_name, sha256, ordinal, size, local_path, infref, senders_file_id, transaction_id,
    temporary_trigger_name, trigger_xml, state, acknowledged, file_transfer_uuid, outcome, receipt_xml, staged_at,
    changed_at, acknowledged_sha256
    """

  /// The two databases write bytes in ways of their own.
  private static let columnsWithoutDocuments = (
    sqlite: withoutDocuments("x''"), postgreSQL: withoutDocuments("''::bytea")
  )

  private static func withoutDocuments(_ noBytes: String) -> String {
    columns.replacing("trigger_xml", with: noBytes).replacing("receipt_xml", with: "NULL")
  }

  /// The condition in the words of the index on open deliveries, so that the database uses that.
  static let isUnderWay = "is_open = 1"

  init(row: SQLRow) throws {
    do {
      try self.init(decoding: row)
    } catch is StoreError {
      throw DamagedRow(table: "delivery", id: (try? row.int(0)) ?? 0)
    }
  }

  private init(decoding row: SQLRow) throws {
    let id = try row.int(0)
    guard let sha256 = SHA256Digest(hex: try row.text(4)),
      let state = DeliveryState(rawValue: try row.text(13)),
      let trigger = try row.optionalBlob(12)
    else {
      throw DamagedRow(table: "delivery", id: id)
    }
    let settled = Settled.Values(
      account: try row.text(1), route: try row.text(2), wireName: WireName(unchecked: try row.text(3)),
      sha256: sha256, ordinal: Int(try row.int(5)),
      size: UInt64(bitPattern: try row.int(6)), localPath: try row.text(7),
      infRef: try row.optionalInfRef(8), sendersFileID: try row.text(9),
      transactionID: try row.optionalText(10), temporaryTriggerName: try row.text(11),
      trigger: trigger, stagedAt: Timestamp(millisecondsSince1970: try row.int(18)))
    self.init(
      id: id, settled, state: state, acknowledged: UInt64(bitPattern: try row.int(14)),
      changedAt: Timestamp(millisecondsSince1970: try row.int(19)))
    fileTransferUUID = try row.optionalText(15)
    outcome = try row.optionalText(16)
    receipt = try row.optionalBlob(17)
    acknowledgedSHA256 = try row.optionalText(20).flatMap(SHA256Digest.init(hex:))
  }
}

extension SQLRow {
  /// The InfRef in a column, as the document had it; `nil` where it is NULL.
  func optionalInfRef(_ column: Int) throws(StoreError) -> InfRef? {
    try optionalText(column).map(InfRef.init(unchecked:))
  }
}
