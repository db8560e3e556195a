internal import CSystemShim
internal import FilsluseStore
internal import FilsluseBase
import Glibc
public import SystemPackage

extension Journal {
  /// Replaces a damaged or missing journal by a backup. The former file is kept under another name.
  ///
  /// The backup is checked first; if it is damaged, nothing is changed. After an interrupted restoration the journal
  /// cannot be opened until it is done again, with this backup or another.
  ///
  /// The later part of the former file, and of its copies saved by processes (`….saved-…`), is merged; the saved copies
  /// are then renamed like the former file. Work recorded in none of them is unknown: ordered again, it is sent again,
  /// and files of watched folders that were taken before the restoration and that the journal does not know are set
  /// aside. If the high-water mark proves such a loss, nothing is done unless the loss is accepted. Afterwards the mark
  /// is the restored journal's.
  ///
  /// - Parameter acceptingLoss: true to go on although entries were written that no file has.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while a process has the journal open, `journal` if the
  ///   backup is no sound journal or entries would be lost, `file-missing` or `local-file`.
  public static func restore(
    _ path: FilePath, from backup: FilePath, acceptingLoss: Bool = false
  ) async throws(ExchangeError) -> RestoredJournal {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try Restoration(journal: path, backup: backup, acceptsLoss: acceptingLoss).run()
    }
  }
}

/// A restoration of a backup. Its calls block.
private struct Restoration {
  let journal: FilePath
  let backup: FilePath
  let acceptsLoss: Bool

  /// The backup's copy while it is checked; a leftover does no harm.
  private var copy: FilePath { FilePath(journal.string + ".restoring.part") }
  /// The copy once it is checked and complete.
  private var draft: FilePath { JournalLock.draft(of: journal) }

  func run() throws(ExchangeError) -> RestoredJournal {
    let parent = journal.removingLastComponent()
    let folder = try LocalFolder(creating: parent.isEmpty ? "." : parent)
    let presence = try JournalLock(of: journal)
    guard try presence.takeAlone() else {
      throw ExchangeError(
        .claimedElsewhere, operation: "restore the journal", path: journal.string,
        message: "a process has it open", remedy: "end \(.run) and every other use of it first"
      ).inDanish(
        ("En proces har journalen (\(journal)) åben. Stop \(.run) og hver anden brug af den først." as Remedy).inDanish)
    }
    let begun = try folder.contains(draft.lastComponent?.string ?? "") ? try factsOfDraft() : nil
    let former = try ReplacedJournal(of: journal, in: folder, named: begun?.former)
    let content = try former.content()
    let saved = try SavedJournal.all(beside: journal, in: folder)
    let identity = try identityOfBackup()
    // A restoration that was cut short after this point is only finished: its copy is checked and complete. With
    // another backup, or a copy that was saved since, it is done again, and the former file is merged once more.
    let isComplete = begun.map { begun in begun.backup == identity && saved.allSatisfy(begun.tookOver) } ?? false
    if !isComplete {
      try copyBackup()
      do {
        try prepareCopy(replacing: content, and: saved, named: former.aside, identity, after: begun)
      } catch {
        discardCopy()
        throw Journal.failure("restore the journal", backup, error)
      }
      try replace(copy, by: draft)
      try folder.synchronize()
    }
    let report = try factsOfDraft()
    // In between the journal's file is missing, and the draft keeps everybody from beginning a new one.
    let aside = try former.moveAside()
    // The mark is replaced before the draft becomes the journal: the former journal's mark is ahead of it.
    try presence.replaceMark(by: report.end)
    try replace(draft, by: journal)
    try folder.synchronize()
    try presence.noteUse()
    var savedAside: [FilePath] = []
    for copy in saved where try !isBackup(copy) { savedAside.append(try former.moveAside(saved: copy)) }
    return report.restored(former: aside, saved: savedAside)
  }

  private func isBackup(_ path: FilePath) throws(ExchangeError) -> Bool {
    try LocalFile(reading: path).identity == LocalFile(reading: backup).identity
  }

  private func factsOfDraft() throws(ExchangeError) -> RestorationFacts {
    do {
      return try RestorationFacts(of: draft)
    } catch {
      throw Journal.failure("restore the journal", draft, error)
    }
  }

  /// A log beside it may hold its last changes.
  private var logOfBackup: FilePath? {
    let log = FilePath(backup.string + "-wal")
    return access(log.string, F_OK) == 0 ? log : nil
  }

  /// The hash of the backup's content.
  private func identityOfBackup() throws(ExchangeError) -> SHA256Digest {
    var digests = try LocalFile(reading: backup).digest().bytes
    if let logOfBackup { digests += try LocalFile(reading: logOfBackup).digest().bytes }
    return SHA256.digest(of: digests)
  }

  private func copyBackup() throws(ExchangeError) {
    discardCopy()
    let source = try LocalFile(reading: backup)
    if let inPlace = try? LocalFile(reading: journal), try inPlace.identity == source.identity {
      throw ExchangeError(
        .journal, operation: "restore the journal", path: backup.string, message: "it is the journal itself",
        remedy: "name a backup of it"
      ).inDanish("\(backup) er selve journalen. Angiv en sikkerhedskopi af den.")
    }
    try source.copyContent(to: copy)
    // It may have been made by copying files.
    if let logOfBackup { try LocalFile(reading: logOfBackup).copyContent(to: FilePath(copy.string + "-wal")) }
  }

  /// Checks the copy, and adds the entries that the former journal still has.
  private func prepareCopy(
    replacing former: FilePath?, and saved: [FilePath], named aside: String, _ identity: SHA256Digest,
    after begun: RestorationFacts?
  ) throws {
    let database = try SQLiteFile(writing: copy)
    guard try database.read(JournalSchema.isMade) else { throw NoJournal() }
    // One file again, whatever was in its log.
    try database.run(script: "PRAGMA journal_mode = DELETE")
    let findings = try database.read(Journal.findings)
    guard findings.isEmpty else { throw DamagedBackup(findings: findings) }
    try database.write { database in
      let until = try database.int("SELECT at FROM entry ORDER BY number DESC LIMIT 1")
      let known = mark(replacedBy: begun)
      let own = try known.map { try $0.standing(in: database) }
      let merges = ([former] + saved).map { BackupMerge(from: $0, into: database) }
      var loss: LostEntries?
      if let known, own != .proven {
        loss = try LostEntries(upTo: known, backup: database, merges: merges)
      }
      if let loss, !acceptsLoss { throw loss.refusal(of: journal) }
      try RestorationFacts(
        until: until, merges: merges, backup: identity, former: aside, saved: saved, mark: known,
        lost: loss?.count ?? 0
      ).add(to: JournalTransaction(database))
    }
    try database.close()
    try LocalFile(reading: copy).synchronize()
  }

  /// The mark of the journal that is replaced; `nil` where it is not known. One that was cut short may have put its own
  /// in its place.
  private func mark(replacedBy begun: RestorationFacts?) -> JournalAnchor? {
    let mark = HighWaterMark.read(beside: journal).mark?.anchor
    if let begun, mark == begun.end { return begun.mark }
    return mark
  }

  private func replace(_ old: FilePath, by new: FilePath) throws(ExchangeError) {
    guard rename(old.string, new.string) == 0 else { throw LocalFile.failure("rename", old, errno) }
  }

  private func discardCopy() {
    for suffix in ["", "-wal", "-shm"] { unlink(copy.string + suffix) }
  }
}

private struct DamagedBackup: Error, CustomStringConvertible {
  let findings: [String]
  var description: String { "the backup is damaged: " + findings.prefix(5).joined(separator: "; ") }
}
