internal import FilsluseSystem
internal import GRDB

/// Something in the journal that is not as Filsluse wrote it.
public struct JournalFinding: Sendable, Hashable, CustomStringConvertible {
  /// The entry at which it shows.
  public let number: Int64
  /// What is wrong, in a sentence.
  public let description: String

  init(number: Int64, _ description: String) {
    self.number = number
    self.description = description
  }
}

/// What was found so far; more than anybody reads is not held.
struct JournalFindings {
  private(set) var all: [JournalFinding] = []

  mutating func add(_ finding: JournalFinding) { if all.count < 200 { all.append(finding) } }
}

/// What looking through the chain of entries brought.
public struct JournalVerification: Sendable {
  /// The last entry's number and hash.
  public let last: JournalAnchor
  /// What is wrong, in the order of the entries; empty when all is as it was written, and no more than
  /// some hundred otherwise.
  public let findings: [JournalFinding]
}

extension Journal {
  /// Recomputes the hash of every entry from the one before, compares every delivery and arrival with what the entries
  /// tell of it, looks for changes of the tables themselves, and sees whether the entries of the given anchors are the same as when those were taken.
  ///
  /// Whoever can write the file can also chain it anew: only an anchor that was kept elsewhere proves that it was not.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func verify(_ anchors: [JournalAnchor] = []) async throws(ExchangeError) -> JournalVerification {
    try await read { try JournalVerification(of: $0, meeting: anchors) }
  }
}

extension JournalVerification {
  init(of database: Database, meeting anchors: [JournalAnchor] = []) throws {
    let walk = try ChainWalk(in: database, meeting: anchors)
    let told = try ToldStories(in: database)
    last = walk.last
    let schema = try SchemaCheck(of: database)
    findings = (schema.findings.all + walk.findings.all + told.findings.all).sorted { $0.number < $1.number }
  }
}
