internal import FilsluseStore
internal import FilsluseBase

/// Walks along the entries, one at a time, and recomputes their hashes.
struct ChainWalk {
  private(set) var findings = JournalFindings()
  private(set) var last: JournalAnchor
  private let anchors: [Int64: [JournalAnchor]]

  /// Walks from the newest checkpoint on, or from the first entry.
  init(in database: SQLConnection, meeting anchors: [JournalAnchor]) throws {
    self.anchors = Dictionary(grouping: anchors, by: \.number)
    last = .start
    if let (number, checkpoint) = try Checkpoint.newest(in: database) {
      last = checkpoint.start
      if try Checkpoint.seal(upTo: last.number, in: database) != checkpoint.sealed {
        findings.add(
          .init(
            number: last.number,
            "entries up to \(last.number), left by the checkpoint in entry \(number), were changed",
            "posterne til og med \(last.number), som kontrolpunktet i post \(number) efterlod, er ændret"))
      }
    }
    try compareKeys(in: database)
    meet(last)
    let begin = last.number
    let entries = try EntryContent.rows(database, where: "number > ?", [begin])
    while let row = try entries.next() { try take(row) }
    try compareCounter(in: database)
    for anchor in anchors where anchor.number > last.number {
      findings.add(
        .init(
          number: anchor.number, "entry \(anchor.number) is gone: the journal ends with \(last.number)",
          "post \(anchor.number) er væk: journalen slutter med \(last.number)"))
    }
    for anchor in anchors where anchor.number < begin {
      findings.add(
        .init(
          number: anchor.number,
          "entry \(anchor.number) is older than what is kept, which begins after \(begin): a newer anchor is needed",
          "post \(anchor.number) er ældre end det, der er gemt, som begynder efter \(begin): brug et nyere anker"))
    }
  }

  /// The tombstones must match the newest checkpoint; without one nothing was removed, and there is no tombstone.
  private mutating func compareKeys(in database: SQLConnection) throws {
    let newest = try Checkpoint.newest(in: database)
    guard try TombstoneDigest(of: database) != newest?.checkpoint.keys ?? TombstoneDigest() else { return }
    let number = newest?.number ?? 0
    findings.add(
      .init(
        number: number, "the keys of what was forgotten are not those that entry \(number) speaks of",
        "nøglerne til det, der er glemt, er ikke dem, som post \(number) taler om"))
  }

  private mutating func take(_ row: SQLRow) throws {
    let number = try row.int(0)
    if number > last.number + 1 {
      let (first, end) = (last.number + 1, number - 1)
      findings.add(
        first == end
          ? JournalFinding(number: first, "entry \(first) is gone", "post \(first) er væk")
          : JournalFinding(
            number: first, "entries \(first) to \(end) are gone", "posterne \(first) til \(end) er væk"))
    }
    let computed = last.followed(by: try EntryContent(row: row))
    let kept = SHA256Digest(kept: try row.blob(1))
    if number == computed.number, kept != computed.hash {
      findings.add(
        .init(
          number: number, "entry \(number) was changed, or does not follow from the one before it",
          "post \(number) er ændret eller følger ikke af den før"))
    }
    // Later entries are compared with this entry's own hash, so that each break is reported once.
    last = JournalAnchor(number: number, hash: kept ?? computed.hash)
    meet(last)
  }

  private mutating func meet(_ entry: JournalAnchor) {
    for anchor in anchors[entry.number] ?? [] where anchor != entry {
      findings.add(
        .init(
          number: entry.number,
          "entry \(entry.number) has another hash than its anchor: something up to it was changed",
          "post \(entry.number) har en anden hash end sit anker: noget til og med den er ændret"))
    }
  }

  /// SQLite counts the numbers it ever assigned; on PostgreSQL a row names the last entry.
  private mutating func compareCounter(in database: SQLConnection) throws {
    let given: Int64
    switch database.kind {
    case .sqlite: given = try database.int("SELECT seq FROM sqlite_sequence WHERE name = 'entry'") ?? 0
    case .postgreSQL:
      let head = try ChainHead.noted(in: database)
      given = head?.number ?? 0
      if head == nil || given < last.number || given == last.number && head != last {
        findings.add(
          .init(
            number: last.number, "the row about the last entry is not about entry \(last.number)",
            "rækken om den sidste post er ikke om post \(last.number)"))
      }
    }
    if given > last.number {
      findings.add(
        .init(
          number: last.number + 1, "entries up to \(given) were written; the last one there is \(last.number)",
          "der er skrevet poster til og med \(given); den sidste, der er der, er \(last.number)"))
    }
  }
}
