internal import FileExchange
internal import FilsluseSystem
internal import GRDB

extension ObservationStore {
  /// The number of rows in one transaction, so that other accounts can write in between.
  private static let abandonedTogether = 5000

  /// Drops the sights that a look has added which did not come to its end, in parts. What it has changed stays.
  ///
  /// The next look that ends finds them again, and says of each that it came after the last look that ended.
  func abandon(_ look: ScanInProgress) async throws(ExchangeError) {
    while true {
      let dropped = try await write("drop an unfinished look") { database in
        try database.execute(
          sql: """
            DELETE FROM sight WHERE id IN (
              SELECT id FROM sight WHERE inbox = ? AND gone IS NULL AND id > ? AND first_seen = ? LIMIT ?)
            """,
          arguments: [look.inbox, look.lastBefore, look.at.millisecondsSince1970, Self.abandonedTogether])
        return database.changesCount
      }
      if dropped < Self.abandonedTogether { return }
    }
  }
}
