internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage

/// The entries up to the high-water mark that are missing from the backup, from the journal that it replaces and from
/// its saved copies: the sending and handing over recorded there would be repeated.
struct LostEntries {
  let count: Int64
  private let mark: JournalAnchor

  /// - Parameters:
  ///   - mark: the last entry written; the backup lacks it.
  ///   - merges: the results of merging the former journal and the saved copies.
  /// - Returns: `nil` if one of those has all entries, and all were merged.
  /// - Throws: an error of SQLite's if the backup cannot be read.
  init?(upTo mark: JournalAnchor, backup: SQLConnection, merges: [BackupMerge]) throws {
    var end = try JournalAnchor.last(in: backup).number
    for merge in merges {
      guard let former = merge.former else { continue }
      guard let known = Self.end(of: former, upTo: mark, merge: merge) else { return nil }
      end = max(end, known)
    }
    self.mark = mark
    count = max(1, mark.number - end)
  }

  /// Returns the last entry that the former journal has for certain; `nil` if it has all of them.
  private static func end(of former: FilePath, upTo mark: JournalAnchor, merge: BackupMerge) -> Int64? {
    do {
      return try SQLiteFile(reading: former).read { database in
        let integrity = try database.rows("PRAGMA integrity_check").map { try $0.text(0) }
        if merge.isWhole, integrity == ["ok"], try mark.standing(in: database) == .proven { return nil }
        return min(try JournalAnchor.last(in: database).number, mark.number - 1)
      }
    } catch {
      // An unreadable file proves nothing.
      return 0
    }
  }

  func refusal(of journal: FilePath) -> ExchangeError {
    ExchangeError(
      .journal, operation: "restore the journal", path: journal.string,
      message:
        "at least \(count.counted("entry", "entries")) up to \(mark.number) \(count == 1 ? "was" : "were") written of which neither the backup nor the present file nor a saved copy knows for certain; what was sent then would be sent again when it is ordered again. Nothing was changed",
      remedy:
        "name a newer copy of the journal. If there is none, compare what your own system ordered with the platform's receipts, and then \(.acceptLoss)"
    ).inDanish(
      ("Mindst \(count.counted("post", "poster")) op til \(mark.number) blev skrevet til journalen (\(journal)), uden at sikkerhedskopien, den nuværende fil eller en gemt kopi kender dem med sikkerhed; det, der blev sendt da, ville blive sendt igen. Intet er ændret. Angiv en nyere kopi. Er der ingen, så sammenlign det, jeres eget system har bestilt, med platformens kvitteringer, og så \(.acceptLoss)."
        as Remedy).inDanish)
  }
}
