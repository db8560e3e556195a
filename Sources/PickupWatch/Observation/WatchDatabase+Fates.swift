internal import FileExchange
internal import FilsluseStore
internal import FilsluseBase

/// The fate of a file that findings were about.
struct FileFate: Sendable {
  let observed: ObservedFile
  /// The last look that showed it, where it is gone.
  let lastSeen: Timestamp?
  /// The first look that did not show it; `nil` while it is there.
  let gone: Timestamp?
}

extension WatchDatabase {
  /// Returns the fates of files, by the subjects of findings about them.
  ///
  /// - Parameter moment: files that were gone before are not looked up.
  func fates(
    of account: String, subjects: Set<String>, goneSince moment: Timestamp
  ) async throws(ExchangeError) -> [String: FileFate] {
    if subjects.isEmpty { return [:] }
    return try await read("read what became of files") { database in
      var fates: [String: FileFate] = [:]
      func note(_ fate: FileFate) {
        for subject in fate.observed.subjects where subjects.contains(subject) { fates[subject] = fate }
      }
      let gone = """
        SELECT \(ObservedFile.columnsOfGone), last_seen, gone FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone >= ? ORDER BY gone, id
        """
      let rows = try database.rows(gone, [account, moment.millisecondsSince1970])
      while let row = try rows.next() {
        note(
          FileFate(
            observed: try ObservedFile(row: row), lastSeen: Timestamp(try row.optionalInt(ObservedFile.columnCount)),
            gone: Timestamp(try row.optionalInt(ObservedFile.columnCount + 1))))
      }
      if subjects.allSatisfy({ fates[$0] != nil }) { return fates }
      let there = """
        SELECT \(ObservedFile.columns) FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL ORDER BY id
        """
      let present = try database.rows(there, [account])
      let known = Set(fates.keys)
      while let row = try present.next() {
        let observed = try ObservedFile(row: row)
        // Another file may have taken the name of a gone one.
        if observed.subjects.contains(where: known.contains) { continue }
        note(FileFate(observed: observed, lastSeen: nil, gone: nil))
      }
      return fates
    }
  }
}
