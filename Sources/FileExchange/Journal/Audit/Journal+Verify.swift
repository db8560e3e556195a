internal import FilsluseStore
internal import FilsluseBase

/// Something in the journal that is not as Filsluse wrote it.
public struct JournalFinding: Sendable, Hashable, CustomStringConvertible {
  /// The entry at which it shows.
  public let number: Int64
  /// The finding, in a sentence.
  public let description: String

  init(number: Int64, _ description: String) {
    self.number = number
    self.description = description
  }
}

/// The findings so far, up to a limit.
struct JournalFindings {
  private(set) var all: [JournalFinding] = []

  mutating func add(_ finding: JournalFinding) { if all.count < 200 { all.append(finding) } }
}

/// The result of verifying the chain of entries.
public struct JournalVerification: Sendable {
  /// The last entry's number and hash.
  public let last: JournalAnchor
  /// The findings, in the order of the entries; empty when all is as it was written, and at most some hundred
  /// otherwise.
  public let findings: [JournalFinding]
}

extension Journal {
  /// Recomputes the hash of every entry from the one before, compares every delivery and arrival with its entries,
  /// looks for changes of the tables themselves, and checks that the entries of the given anchors are unchanged.
  ///
  /// A process that can write the file can also rebuild the chain: only an anchor that was kept elsewhere proves that
  /// it did not.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func verify(_ anchors: [JournalAnchor] = []) async throws(ExchangeError) -> JournalVerification {
    try await read { try JournalVerification(of: $0, meeting: anchors) }
  }
}

extension JournalVerification {
  init(of database: SQLConnection, meeting anchors: [JournalAnchor] = []) throws {
    let walk = try ChainWalk(in: database, meeting: anchors)
    let told = try EntryReplayCheck(in: database)
    last = walk.last
    let schema = try SchemaCheck(of: database)
    findings = (schema.findings.all + walk.findings.all + told.findings.all).sorted { $0.number < $1.number }
  }
}
