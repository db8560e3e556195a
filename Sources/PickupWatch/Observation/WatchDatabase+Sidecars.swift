internal import FileExchange
internal import FilsluseSFTP
internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

/// A small file that has not been read.
struct UnreadSidecar: Sendable {
  let id: Int64
  let place: ObservedFile.Place
  /// The data file's name.
  let name: [UInt8]
  /// Its own size, as the server listed it.
  let size: UInt64?
  /// True if it was tried at an earlier look, and has not changed since.
  let wasTried: Bool
}

/// The result of reading a sidecar file; `nil` content where it was gone by then.
struct SidecarReading: Sendable {
  let id: Int64
  let content: ObservedFile.Content?
  /// True if the server refused it, which leaves its content unknown.
  var isRefused = false

  static func refused(_ sidecar: UnreadSidecar, _ error: SFTPError) -> Self {
    Self(id: sidecar.id, content: .unreadable(error.inBothLanguages), isRefused: true)
  }
}

extension WatchDatabase {
  /// Some of the metadata and receipts that have not been read, oldest first.
  func unread(in look: ScanInProgress, after id: Int64, limit: Int) async throws(ExchangeError) -> [UnreadSidecar] {
    try await read("find what is to be read") { database in
      let statement = """
        SELECT id, place, name, sidecar_size, problem IS NOT NULL FROM observation
        WHERE inbox = ? AND id > ? AND gone IS NULL AND reading = 0 AND sidecar_seen IS NOT NULL AND place <> 1
        ORDER BY id LIMIT ?
        """
      return try database.rows(statement, [look.inbox, id, limit]).map { row in
        guard let place = ObservedFile.Place(rawValue: Int(try row.int(1))) else {
          throw DamagedRow(table: "observation", id: try row.int(0))
        }
        return UnreadSidecar(
          id: try row.int(0), place: place, name: try row.blob(2),
          size: try row.optionalInt(3).map { UInt64(clamping: $0) }, wasTried: try row.bool(4))
      }
    }
  }

  /// Stores the content of metadata and receipts.
  func record(_ readings: [SidecarReading], in look: ScanInProgress) async throws(ExchangeError) {
    if readings.isEmpty { return }
    try await write("note what metadata says") { database in
      for reading in readings { try Self.record(reading, look, database) }
    }
  }

  private static func record(_ reading: SidecarReading, _ look: ScanInProgress, _ database: SQLConnection) throws {
    // Removed before a second read: its last known content stays.
    guard reading.content != nil else {
      return try database.execute(
        """
        UPDATE observation SET reading = iif(transfer IS NOT NULL AND described_size IS NOT NULL, 1, 5), problem = NULL, problem_da = NULL
        WHERE id = ?
        """, [reading.id])
    }
    var columns = ObservationColumns(reading.content)
    if reading.isRefused { columns.reading = ObservationColumns.refused }
    var id = reading.id
    var municipality: String?
    if let former = try database.row("SELECT transfer, name FROM observation WHERE id = ?", [id]) {
      // Only metadata makes a file count for a municipality.
      if columns.facts != nil { municipality = MunicipalityMention.first(in: try former.blob(1)) }
      if let new = columns.transfer, let old = try former.optionalText(0), old != new {
        id = try replace(id, look, database)
      }
    }
    try database.execute(
      """
      UPDATE observation SET reading = ?, problem = ?, transfer = ?, infref = ?, sender = ?, sender_authority = ?,
        recipient_authority = ?, described_size = ?, problem_da = ?, municipality = coalesce(?, municipality)
      WHERE id = ?
      """,
      [
        columns.reading, columns.problem, columns.transfer, columns.facts?.infRef?.name, columns.facts?.sender,
        columns.facts?.senderAuthority, columns.facts?.recipientAuthority,
        columns.facts.map { Int64(clamping: $0.size) }, columns.problemInDanish, municipality, id,
      ])
  }

  /// Handles another transfer with the name of an earlier one: the old file is gone, and the new one gets an
  /// observation of its own.
  private static func replace(_ id: Int64, _ look: ScanInProgress, _ database: SQLConnection) throws -> Int64 {
    let at = look.at.millisecondsSince1970
    try database.execute(
      "UPDATE observation SET gone = ?, last_seen = ? WHERE id = ?", [at, look.previous?.millisecondsSince1970, id])
    return try database.insert(
      """
      INSERT INTO observation (inbox, place, name, first_seen, data_not_before, data_seen, data_changed, data_size,
        data_modified, sidecar_not_before, sidecar_seen, sidecar_changed, sidecar_size, sidecar_modified)
      SELECT inbox, place, name, ?2, ?3, CASE WHEN data_seen IS NULL THEN NULL ELSE ?2 END, ?2, data_size,
        data_modified, ?3, ?2, ?2, sidecar_size, sidecar_modified FROM observation WHERE id = ?1
      """, [id, at, look.previous?.millisecondsSince1970])
  }
}

/// A content in columns.
struct ObservationColumns {
  var reading: Int
  var problem: String?
  var problemInDanish: String?
  var transfer: String?
  var facts: ObservedFacts?

  /// The reading of a sidecar that the server refused.
  static let refused = 6

  /// Longer reasons are of no help.
  private static let longestProblem = 1000

  init(_ content: ObservedFile.Content?) {
    switch content {
    case .unread: reading = 0
    case .metadata(let facts):
      reading = 1
      transfer = facts.transfer
      self.facts = facts
    case .success(let transfer):
      reading = 2
      self.transfer = transfer
    case .errors(let problem, let transfer):
      reading = 3
      self.problem = Self.short(problem)
      self.transfer = transfer
    case .unreadable(let problem):
      reading = 4
      self.problem = Self.short(problem.en)
      problemInDanish = Self.short(problem.da)
    case nil: reading = 5
    }
  }

  /// The content that columns hold; `nil` for numbers that no version writes.
  static func content(
    reading: Int, problem: String?, transfer: String?, infRef: InfRef?, sender: String?, senderAuthority: String?,
    recipientAuthority: String?, size: Int64?, problemInDanish: String?
  ) -> ObservedFile.Content? {
    switch reading {
    case 0, 5: return .unread
    case 1:
      guard let transfer, let sender, let size else { return nil }
      return .metadata(
        ObservedFacts(
          transfer: transfer, infRef: infRef, sender: sender, senderAuthority: senderAuthority,
          recipientAuthority: recipientAuthority, size: UInt64(clamping: size)))
    case 2: return transfer.map { .success(transfer: $0) }
    case 3: return transfer.map { .errors(problem ?? "", transfer: $0) }
    case 4, refused: return .unreadable(LocalizedText(da: problemInDanish ?? problem ?? "", en: problem ?? ""))
    default: return nil
    }
  }

  private static func short(_ text: String) -> String {
    text.utf8.count <= longestProblem ? text : String(text.unicodeScalars.prefix(longestProblem / 4)) + "…"
  }
}
