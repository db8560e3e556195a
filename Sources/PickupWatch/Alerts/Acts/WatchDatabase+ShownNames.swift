package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

extension WatchDatabase {
  /// The greatest number of names shown at once.
  package static let mostShownNames = 200

  /// Returns the bare names of files, by their numbers, and records in the same transaction the person and the reason.
  /// Forgotten files are left out.
  ///
  /// An act with the key of an earlier one shows only what that one showed, and is recorded by itself.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written: then no name is shown.
  package func shownNames(
    of files: [Int64], _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<[Int64: String]> {
    if let refusal = act.refusal { return .refused(refusal) }
    guard (1...Self.mostShownNames).contains(files.count) else {
      return .refused(
        AlertRefusal(
          reason: LocalizedText(
            "names of 1 to \(Self.mostShownNames) files are shown at once",
            "der vises navne på 1 til \(Self.mostShownNames) filer ad gangen")))
    }
    return .done(
      try await write("record who is shown names in") { database in
        var names = try Self.bareNames(of: files, in: database)
        var act = act
        if let earlier = try act.earlier(in: database) {
          // No two acts have the same key.
          act.key = nil
          let recorded = try Set(
            database.rows("SELECT observation FROM shown_name WHERE act = ?", [earlier.number]).map { try $0.int(0) })
          names = names.filter { recorded.contains($0.key) }
        }
        let number = try act.keep(.namesShown, count: names.count, in: database)
        for (file, name) in names {
          try database.execute(
            "INSERT INTO shown_name (act, observation, account, name) VALUES (?, ?, ?, ?)",
            [number, file, name.account, Masked.name(name.name)])
        }
        return names.mapValues(\.name)
      })
  }

  private static func bareNames(
    of files: [Int64], in database: SQLConnection
  ) throws -> [Int64: (account: String, name: String)] {
    var names: [Int64: (account: String, name: String)] = [:]
    for file in files {
      let row = try database.row(
        "SELECT account, name FROM observation JOIN inbox ON inbox.id = inbox WHERE observation.id = ?", [file])
      if let row { names[file] = (try row.text(0), String(decoding: try row.blob(1), as: UTF8.self)) }
    }
    return names
  }

  /// Returns the records of persons who were shown a file's bare name, the latest first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  func disclosures(ofFile file: Int64) async throws(ExchangeError) -> [NameDisclosure] {
    try await read("read who was shown names in") { database in
      try database.rows(
        """
        SELECT by, why, at FROM shown_name JOIN act ON act.id = shown_name.act
        WHERE observation = ? ORDER BY act.id DESC LIMIT 100
        """, [file]
      ).map { row in
        NameDisclosure(
          by: try row.text(0), why: try row.optionalText(1), at: Timestamp(millisecondsSince1970: try row.int(2)))
      }
    }
  }
}
