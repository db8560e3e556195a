internal import FilsluseSystem
internal import GRDB

/// The tombstone of a delivery that retention has removed: enough to recognise the same order again. It is kept for
/// ever.
///
/// The key is half of a SHA-256 over account, route, name on the wire and content: no name is kept in it.
struct SentTombstone: Sendable {
  let key: [UInt8]

  init(of identity: Delivery.Identity) {
    key = TombstoneKey.bytes(of: [identity.account, identity.route, identity.wireName, identity.sha256.hex])
  }

  /// The facts that the journal keeps under a key.
  struct Kept: Sendable {
    let delivery: Int64
    let ordinal: Int
    let state: DeliveryState
    let stagedAt: Timestamp
    let changedAt: Timestamp

    /// The delivery as far as it is known, where the order for it is given once more.
    func delivery(of new: NewDelivery) -> Delivery {
      Delivery(new, id: delivery, ordinal: ordinal, state: state, stagedAt: stagedAt, changedAt: changedAt)
    }
  }

  static let table = "sent"

  private func row(in database: Database) throws -> Row? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM sent WHERE key = ?")
    return try Row.fetchOne(statement, arguments: [key.asData])
  }

  func find(in database: Database) throws -> Kept? {
    // There is mostly none, and seeing that takes less than preparing to read a row.
    let number = try database.cachedStatement(sql: "SELECT delivery FROM sent WHERE key = ?")
    guard try Int64.fetchOne(number, arguments: [key.asData]) != nil, let row = try row(in: database) else {
      return nil
    }
    guard let state = DeliveryState(rawValue: row["state"]) else {
      throw DamagedRow(table: "sent", id: row["delivery"])
    }
    return Kept(
      delivery: row["delivery"], ordinal: row["ordinal"], state: state,
      stagedAt: Timestamp(millisecondsSince1970: row["staged_at"]),
      changedAt: Timestamp(millisecondsSince1970: row["changed_at"]))
  }

  /// Keeps it; of several with one key the latest counts.
  func keep(_ delivery: Delivery, in database: Database, under seal: inout TombstoneDigest) throws {
    if let earlier = try row(in: database) {
      guard delivery.ordinal > earlier["ordinal"] else { return }
      seal.remove(earlier, of: Self.table)
    }
    try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO sent (key, delivery, ordinal, state, staged_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        key.asData, delivery.id, delivery.ordinal, delivery.state.rawValue, delivery.stagedAt.millisecondsSince1970,
        delivery.changedAt.millisecondsSince1970,
      ])
    if let kept = try row(in: database) { seal.add(kept, of: Self.table) }
  }
}

/// Keys that stand for several texts.
enum TombstoneKey {
  /// 16 bytes that no other texts have.
  static func bytes(of texts: [String]) -> [UInt8] {
    let text = texts.map { "\($0.utf8.count):\($0)" }.joined()
    return Array(SHA256.digest(of: Array(text.utf8)).bytes.prefix(16))
  }
}
