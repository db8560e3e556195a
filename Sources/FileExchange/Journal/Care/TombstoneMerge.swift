internal import FilsluseSystem
internal import GRDB

/// Takes over what the former journal had forgotten since the backup, all but the keys: by them the same content, or
/// the same transfer, is known again. What the backup still has as under way has ended since, and is not done once
/// more.
struct TombstoneMerge {
  let former: Database
  let backup: Database

  func carryOut(_ deliveries: inout RescuedRows, _ arrivals: inout RescuedRows) {
    do {
      var hasNews = false
      // Tombstones that no checkpoint mentions would be reported as forged.
      try backup.inSavepoint {
        hasNews = try copyAll(&deliveries, &arrivals)
        return .commit
      }
      guard hasNews else { return }
      try endDeliveries(&deliveries)
      try endArrivals(&arrivals)
    } catch {
      deliveries.isWhole = false
      arrivals.isWhole = false
    }
  }

  /// Copies the tombstones that the backup lacks; returns true if there were any.
  private func copyAll(_ deliveries: inout RescuedRows, _ arrivals: inout RescuedRows) throws -> Bool {
    let newest = try Checkpoint.newest(in: backup)
    let before = newest?.checkpoint.keys ?? TombstoneDigest()
    var keys = before
    copy(of: SentTombstone.table, &deliveries, &keys)
    copy(of: ReceivedTombstone.table, &arrivals, &keys)
    guard keys != before else { return false }
    let start = newest?.checkpoint.start ?? .start
    let sealed = try ChainWalk.seal(upTo: start.number, in: backup)
    try JournalTransaction(backup).addEntry(
      about: .journal, state: Checkpoint.state,
      detail: "the keys of what the journal had forgotten that a backup has replaced were taken over",
      facts: Checkpoint(start: start, sealed: sealed, keys: keys).facts.changes(since: AuditFacts()), at: .now)
    return true
  }

  /// Copies the keys of a table that the backup lacks, or has of an earlier delivery.
  private func copy(of table: String, _ rows: inout RescuedRows, _ keys: inout TombstoneDigest) {
    do {
      let known = try backup.makeStatement(sql: "SELECT * FROM \(table) WHERE key = ?")
      let all = try Row.fetchCursor(former, sql: "SELECT * FROM \(table)")
      while let row = try all.next() {
        let key: DatabaseValue = row["key"]
        let earlier = try Row.fetchOne(known, arguments: [key])
        if let earlier, !supersedes(row, earlier) { continue }
        var changed = keys
        rows.take(into: backup) {
          try requireSoundness(of: row)
          let columns = row.columnNames.joined(separator: ", ")
          let marks = row.columnNames.map { _ in "?" }.joined(separator: ", ")
          try backup.execute(
            sql: "INSERT OR REPLACE INTO \(table) (\(columns)) VALUES (\(marks))",
            arguments: StatementArguments(row.databaseValues))
          if let earlier { changed.remove(earlier, of: table) }
          if let kept = try Row.fetchOne(known, arguments: [key]) { changed.add(kept, of: table) }
          keys = changed
          // It is counted where it ends something.
          return false
        }
      }
    } catch {
      rows.isWhole = false
    }
  }

  /// Returns true if a row replaces an earlier one: of several deliveries with one key the latest counts; the key of a
  /// transfer never changes.
  private func supersedes(_ row: Row, _ earlier: Row) -> Bool {
    guard row.hasColumn("ordinal"), let ordinal = Int64.fromDatabaseValue(row["ordinal"]),
      let earlierOrdinal = Int64.fromDatabaseValue(earlier["ordinal"])
    else { return false }
    return ordinal > earlierOrdinal
  }

  /// Rejects a row that no version writes: every later check would find it damaged.
  private func requireSoundness(of row: Row) throws {
    guard row.hasColumn("state") else { return }
    guard String.fromDatabaseValue(row["state"]).flatMap(DeliveryState.init) != nil else {
      throw DamagedRow(table: SentTombstone.table, id: Int64.fromDatabaseValue(row["delivery"]) ?? 0)
    }
  }

  /// A delivery becomes a tombstone only after its end, and another with its key begins only then. The tombstone has
  /// lost the final state; it is restored as "given up", which blocks nothing, is never sent again, and still accepts a
  /// receipt.
  private func endDeliveries(_ rows: inout RescuedRows) throws {
    for delivery in try Delivery.fetch(backup, where: "\(Delivery.isUnderWay) ORDER BY id", []) {
      guard let kept = try SentTombstone(of: delivery.identity).find(in: backup), kept.ordinal >= delivery.ordinal
      else {
        continue
      }
      rows.take(into: backup) {
        var ended = delivery
        ended.state = kept.ordinal == delivery.ordinal ? kept.state : .givenUp
        _ = try Journal.record(ended, detail: BackupMerge.detail, in: JournalTransaction(backup))
        return true
      }
    }
  }

  private func endArrivals(_ rows: inout RescuedRows) throws {
    for arrival in try Arrival.fetch(backup, where: "state NOT IN ('handed-over', 'removed') ORDER BY id", []) {
      let key = ReceivedTombstone(account: arrival.account, fileTransferUUID: arrival.fileTransferUUID)
      guard let kept = try key.find(in: backup) else { continue }
      rows.take(into: backup) {
        var ended = arrival
        ended.state = .removed
        ended.setAsideFrom = nil
        ended.forgetFailures()
        ended.sha256 = kept.sha256 ?? arrival.sha256
        ended.reason = .recorded(BackupMerge.detail)
        _ = try Journal.record(ended, in: JournalTransaction(backup))
        return true
      }
    }
  }
}
