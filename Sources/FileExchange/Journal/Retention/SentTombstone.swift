internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

/// The tombstone of a delivery that retention has removed: enough to recognise the same order again. It is kept for
/// ever.
///
/// The key is half of a SHA-256 over account, route, name on the wire and content: no name is kept in it.
struct SentTombstone: Sendable {
  let key: [UInt8]

  init(of identity: Delivery.Identity) {
    key = TombstoneKey.bytes(of: [identity.account, identity.route, identity.wireName.string, identity.sha256.hex])
  }

  /// The facts that the journal keeps under a key.
  struct Kept: Sendable {
    let delivery: Int64
    let ordinal: Int
    let state: DeliveryState
    let stagedAt: Timestamp
    let changedAt: Timestamp

    /// Returns the known facts of the delivery, for a repeated order.
    func delivery(of new: NewDelivery) -> Delivery {
      Delivery(new, id: delivery, ordinal: ordinal, state: state, stagedAt: stagedAt, changedAt: changedAt)
    }
  }

  static let table = "sent"
  static let columns = "key, delivery, ordinal, state, staged_at, changed_at"

  private func row(in database: SQLConnection) throws -> SQLRow? {
    try database.row("SELECT \(Self.columns) FROM sent WHERE key = ?", [key])
  }

  func find(in database: SQLConnection) throws -> Kept? {
    // There is mostly none, and seeing that takes less than preparing to read a row.
    let sql = "SELECT delivery FROM sent WHERE key = ?"
    guard try database.int(sql, [key]) != nil, let row = try row(in: database) else {
      return nil
    }
    guard let state = DeliveryState(rawValue: try row.text(3)) else {
      throw DamagedRow(table: "sent", id: try row.int(1))
    }
    return Kept(
      delivery: try row.int(1), ordinal: Int(try row.int(2)), state: state,
      stagedAt: Timestamp(millisecondsSince1970: try row.int(4)),
      changedAt: Timestamp(millisecondsSince1970: try row.int(5)))
  }

  /// Keeps it; of several with one key the latest counts.
  func keep(_ delivery: Delivery, in database: SQLConnection, under seal: inout TombstoneDigest) throws {
    if let earlier = try row(in: database) {
      guard delivery.ordinal > Int(try earlier.int(2)) else { return }
      seal.remove(try earlier.values(), of: Self.table)
    }
    try database.execute(
      """
      INSERT INTO sent (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET delivery = excluded.delivery, ordinal = excluded.ordinal, state = excluded.state,
        staged_at = excluded.staged_at, changed_at = excluded.changed_at
      """,
      [
        key, delivery.id, delivery.ordinal, delivery.state.rawValue, delivery.stagedAt.millisecondsSince1970,
        delivery.changedAt.millisecondsSince1970,
      ])
    if let kept = try row(in: database) { seal.add(try kept.values(), of: Self.table) }
  }
}

/// Keys computed from several texts.
enum TombstoneKey {
  /// 16 bytes that no other texts have.
  static func bytes(of texts: [String]) -> [UInt8] {
    let text = texts.map { "\($0.utf8.count):\($0)" }.joined()
    return Array(SHA256.digest(of: Array(text.utf8)).bytes.prefix(16))
  }
}
