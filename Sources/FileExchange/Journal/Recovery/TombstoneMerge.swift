internal import FilsluseStore
internal import FilsluseBase

/// Merges the former journal's tombstones since the backup, which recognise the same content or the same transfer
/// again. Deliveries and arrivals still open in the backup have ended since, and are not repeated.
struct TombstoneMerge {
  let former: SQLConnection
  let backup: SQLConnection

  func carryOut(_ deliveries: inout MergedRows, _ arrivals: inout MergedRows) {
    do {
      var hasNews = false
      // Tombstones that no checkpoint mentions would be reported as forged.
      try backup.inSavepoint { hasNews = try copyAll(&deliveries, &arrivals) }
      guard hasNews else { return }
      try endDeliveries(&deliveries)
      try endArrivals(&arrivals)
    } catch {
      deliveries.isWhole = false
      arrivals.isWhole = false
    }
  }

  /// Copies the tombstones that the backup lacks; returns true if there were any.
  private func copyAll(_ deliveries: inout MergedRows, _ arrivals: inout MergedRows) throws -> Bool {
    let newest = try Checkpoint.newest(in: backup)
    let before = newest?.checkpoint.keys ?? TombstoneDigest()
    var keys = before
    copy(of: SentTombstone.table, SentTombstone.columns, &deliveries, &keys) { row, earlier in
      guard DeliveryState(rawValue: try row.text(3)) != nil else {
        throw DamagedRow(table: SentTombstone.table, id: try row.int(1))
      }
      // Of several deliveries with one key the latest counts.
      return try earlier.map { try row.int(2) > $0.int(2) } ?? true
    }
    // The key of a transfer never changes.
    copy(of: ReceivedTombstone.table, ReceivedTombstone.columns, &arrivals, &keys) { _, earlier in earlier == nil }
    guard keys != before else { return false }
    let start = newest?.checkpoint.start ?? .start
    let sealed = try Checkpoint.seal(upTo: start.number, in: backup)
    try JournalTransaction(backup).addEntry(
      about: .journal, state: Checkpoint.state,
      detail: "the keys of what the journal had forgotten that a backup has replaced were taken over",
      facts: Checkpoint(start: start, sealed: sealed, keys: keys).facts.changes(since: AuditFacts()), at: .now)
    return true
  }

  /// Copies the tombstones of a table that the backup lacks, or has of an earlier delivery.
  ///
  /// - Parameter isNews: returns true to copy a row, given the backup's row with its key. It throws for a row that no
  ///   version writes, because every later check would report it as damaged.
  private func copy(
    of table: String, _ columns: String, _ rows: inout MergedRows, _ keys: inout TombstoneDigest,
    where isNews: (_ row: SQLRow, _ earlier: SQLRow?) throws -> Bool
  ) {
    do {
      let known = "SELECT \(columns) FROM \(table) WHERE key = ?"
      let all = try former.rows("SELECT \(columns) FROM \(table)")
      while let row = try all.next() {
        var changed = keys
        rows.take(into: backup) {
          let key = try row.blob(0)
          let earlier = try backup.row(known, [key])
          guard try isNews(row, earlier) else { return false }
          let values = try row.values()
          let marks = values.map { _ in "?" }.joined(separator: ", ")
          try backup.execute("INSERT OR REPLACE INTO \(table) (\(columns)) VALUES (\(marks))", values)
          if let earlier { changed.remove(try earlier.values(), of: table) }
          if let kept = try backup.row(known, [key]) { changed.add(try kept.values(), of: table) }
          keys = changed
          // It is counted by the steps that end deliveries and arrivals.
          return false
        }
      }
    } catch {
      rows.isWhole = false
    }
  }

  /// A delivery becomes a tombstone only after its end, and another with its key begins only then. The tombstone has
  /// lost the final state; it is restored as "given up", which blocks nothing, is never sent again, and still accepts a
  /// receipt.
  private func endDeliveries(_ rows: inout MergedRows) throws {
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

  private func endArrivals(_ rows: inout MergedRows) throws {
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
