internal import CSystemShim
internal import FilsluseSystem
import Glibc
internal import GRDB
public import SystemPackage

extension Journal {
  /// Puts a backup in the place of a journal that is damaged or gone. The former file is kept aside.
  ///
  /// The backup is checked first, and nothing is changed when it is damaged. When this is cut short, the journal cannot
  /// be opened until it was done again.
  ///
  /// What the former file can still tell of the time after the backup is taken over. What it cannot tell is not known:
  /// ordered again, it is sent again.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while a process has the journal open, `journal` when the
  ///   backup is no sound journal, `file-missing` or `local-file`.
  public static func restore(_ path: FilePath, from backup: FilePath) async throws(ExchangeError) -> RestoredJournal {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try Restoration(journal: path, backup: backup).run()
    }
  }
}

/// A backup on its way into the journal's place. Its calls block.
private struct Restoration {
  let journal: FilePath
  let backup: FilePath

  /// The backup's copy while it is checked; nobody minds it when it is left lying.
  private var copy: FilePath { FilePath(journal.string + ".restoring.part") }
  /// The copy once it is checked and complete.
  private var draft: FilePath { JournalPresence.draft(of: journal) }
  private static let companions = ["-wal", "-shm"]

  func run() throws(ExchangeError) -> RestoredJournal {
    let parent = journal.removingLastComponent()
    let folder = try LocalFolder(creating: parent.isEmpty ? "." : parent)
    let presence = try JournalPresence(of: journal)
    guard try presence.takeAlone() else {
      throw ExchangeError(
        .claimedElsewhere, operation: "restore the journal", path: journal.string,
        message: "a process has it open", remedy: "end filsluse run and every other use of it first")
    }
    // One that was cut short after this point is only to be finished: its copy is checked and complete.
    if try !folder.contains(draft.lastComponent?.string ?? "") {
      try copyBackup()
      do {
        try prepareCopy()
      } catch {
        discardCopy()
        throw Journal.failure("restore the journal", backup, error)
      }
      try replace(copy, by: draft)
      try folder.synchronize()
    }
    let report: RestorationFacts
    do {
      report = try RestorationFacts(of: draft)
    } catch {
      throw Journal.failure("restore the journal", draft, error)
    }
    let former = try exchange(in: folder)
    try presence.noteUse()
    return report.restored(former: former)
  }

  private func copyBackup() throws(ExchangeError) {
    discardCopy()
    let source = try LocalFile(reading: backup)
    if let inPlace = try? LocalFile(reading: journal), try inPlace.status().inode == source.status().inode {
      throw ExchangeError(
        .journal, operation: "restore the journal", path: backup.string, message: "it is the journal itself",
        remedy: "name a backup of it")
    }
    try copy(source, to: copy)
    // A backup that was made by copying files may have its last changes in a log beside it.
    let log = FilePath(backup.string + "-wal")
    if access(log.string, F_OK) == 0 { try copy(LocalFile(reading: log), to: FilePath(copy.string + "-wal")) }
  }

  private func copy(_ source: LocalFile, to path: FilePath) throws(ExchangeError) {
    try LocalFile.createIfMissing(path)
    let folder = try LocalFolder(creating: path.removingLastComponent().isEmpty ? "." : path.removingLastComponent())
    let target = try LocalFile(path.lastComponent?.string ?? "", in: folder, flags: O_RDWR)
    var offset: UInt64 = 0
    while true {
      let piece = try source.read(upTo: 1 << 20, at: offset)
      if piece.isEmpty { break }
      try target.write(piece, at: offset)
      offset += UInt64(piece.count)
    }
    try target.synchronize()
  }

  /// Checks the copy, brings it to the present form, and adds what the former journal can still tell.
  private func prepareCopy() throws {
    let database = try DatabaseQueue(path: copy.string)
    let migrator = JournalSchema.migrator
    guard try !database.read(migrator.appliedIdentifiers).isEmpty else { throw NoJournal() }
    guard try !database.read(migrator.hasBeenSuperseded) else { throw NewerJournal() }
    // One file again, whatever was in its log.
    _ = try database.inDatabase { try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE") }
    try migrator.migrate(database)
    let findings = try database.read(Journal.findings)
    guard findings.isEmpty else { throw DamagedBackup(findings: findings) }
    try database.write { database in
      let until = try Int64.fetchOne(database, sql: "SELECT at FROM entry ORDER BY number DESC LIMIT 1")
      let rescue = Rescue(from: journal, since: Timestamp(millisecondsSince1970: until ?? 0), into: database)
      try RestorationFacts(until: until, rescue: rescue).add(to: JournalTransaction(database))
    }
    try database.close()
    try LocalFile(reading: copy).synchronize()
  }

  /// Moves the former files aside and the copy into their place. In between the journal's file is missing, and the file
  /// that says so keeps everybody from beginning a new one.
  private func exchange(in folder: LocalFolder) throws(ExchangeError) -> FilePath? {
    let name = journal.lastComponent?.string ?? ""
    var aside: FilePath?
    if try folder.contains(name) {
      let stamp = Timestamp.now.description.filter { $0.isNumber }
      let former = "\(name).former-\(stamp)"
      guard try folder.move(name, to: folder, as: former) else {
        throw LocalFile.failure("rename", journal, EEXIST)
      }
      for companion in Self.companions where try folder.contains(name + companion) {
        _ = try folder.move(name + companion, to: folder, as: former + companion)
      }
      try folder.synchronize()
      aside = folder.path.appending(former)
    } else {
      // A log without its journal would be taken for the backup's.
      for companion in Self.companions { try folder.remove(name + companion) }
    }
    try replace(draft, by: journal)
    try folder.synchronize()
    return aside
  }

  private func replace(_ old: FilePath, by new: FilePath) throws(ExchangeError) {
    guard rename(old.string, new.string) == 0 else { throw LocalFile.failure("rename", old, errno) }
  }

  private func discardCopy() {
    for suffix in [""] + Self.companions { unlink(copy.string + suffix) }
  }
}

/// What the entry about a restoration says, and its report.
private struct RestorationFacts {
  private let facts: AuditFacts
  private static let state = "restored"

  init(until: Int64?, rescue: Rescue) {
    facts = AuditFacts([
      "knows-until": until.map { "\($0)" }, "deliveries": "\(rescue.deliveries)", "arrivals": "\(rescue.arrivals)",
      "readable": rescue.isWhole ? "yes" : "no",
    ])
  }

  /// Reads those of the last restoration.
  init(of journal: FilePath) throws {
    let text = try DatabaseQueue(path: journal.string).read { database in
      try String.fetchOne(
        database,
        sql: "SELECT facts FROM entry WHERE delivery IS NULL AND arrival IS NULL AND state = ? ORDER BY number DESC",
        arguments: [Self.state])
    }
    guard let text else { throw NoJournal() }
    var facts = AuditFacts()
    facts.apply(text)
    self.facts = facts
  }

  func add(to transaction: JournalTransaction) throws {
    try transaction.addEntry(
      about: .journal, state: Self.state, detail: "a backup has taken the journal's place",
      facts: facts.changes(since: AuditFacts()), at: .now)
  }

  func restored(former: FilePath?) -> RestoredJournal {
    func number(_ name: String) -> Int64? { facts.values[name].flatMap { Int64($0) } }
    return RestoredJournal(
      former: former, knowsUntil: number("knows-until").map(Timestamp.init(millisecondsSince1970:)),
      deliveriesTakenOver: Int(number("deliveries") ?? 0), arrivalsTakenOver: Int(number("arrivals") ?? 0),
      formerWasReadable: facts.values["readable"] == "yes")
  }
}

private struct NoJournal: Error, CustomStringConvertible {
  var description: String { "it is no journal" }
}

private struct DamagedBackup: Error, CustomStringConvertible {
  let findings: [String]
  var description: String { "the backup is damaged: " + findings.prefix(5).joined(separator: "; ") }
}
