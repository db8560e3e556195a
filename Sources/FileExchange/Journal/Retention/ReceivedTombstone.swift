internal import FilsluseStore
internal import FilsluseBase

/// The tombstone of an arrival that was handed over and that retention has removed: enough to recognise the same
/// transfer again, and to check that it is the same file. It is kept for ever.
///
/// The key is half of a SHA-256 over account and FileTransferUUID; the name is kept as such a hash too.
struct ReceivedTombstone: Sendable {
  let key: [UInt8]

  init(account: String, fileTransferUUID: String) { key = TombstoneKey.bytes(of: [account, fileTransferUUID]) }

  /// The facts that the journal keeps under a key.
  struct Kept: Sendable {
    let name: [UInt8]
    let size: UInt64
    let sha256: SHA256Digest?

    init(row: SQLRow) throws {
      name = try row.blob(2)
      size = UInt64(bitPattern: try row.int(3))
      sha256 = try row.optionalText(4).flatMap(SHA256Digest.init(hex:))
    }

    /// Shown where the name is not kept, and the transfer has come again under another one.
    static let nameOfOld: JournalledName = "(name no longer kept)"

    /// Returns a repeated arrival with the values of the original one.
    func arrival(like new: Arrival) -> Arrival {
      Arrival(
        id: new.id,
        .init(
          account: new.account, fileTransferUUID: new.fileTransferUUID,
          wireName: TombstoneKey.bytes(of: [new.wireName.string]) == name ? new.wireName : Self.nameOfOld, size: size,
          infRef: new.infRef, sender: new.sender, metadata: new.metadata, seenAt: new.seenAt),
        state: .removed, sha256: sha256, changedAt: new.changedAt)
    }
  }

  static let table = "received"
  static let columns = "key, arrival, name, size, sha256, changed_at"

  private static let query = "SELECT \(columns) FROM received WHERE key = ?"

  /// The query of the row that ``Kept/init(row:)`` reads.
  var question: SQLQuestion { .row(Self.query, [key]) }

  private func row(in database: SQLConnection) throws -> SQLRow? { try database.row(Self.query, [key]) }

  func find(in database: SQLConnection) throws -> Kept? { try row(in: database).map(Kept.init(row:)) }

  /// Writes the tombstone; an earlier one with the same key stays.
  func keep(_ arrival: Arrival, in database: SQLConnection, under seal: inout TombstoneDigest) throws {
    if try row(in: database) != nil { return }
    try database.execute(
      "INSERT INTO received (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?)",
      [
        key, arrival.id, TombstoneKey.bytes(of: [arrival.wireName.string]), Int64(bitPattern: arrival.size),
        arrival.sha256?.hex, arrival.changedAt.millisecondsSince1970,
      ])
    if let kept = try row(in: database) { seal.add(try kept.values(), of: Self.table) }
  }
}
