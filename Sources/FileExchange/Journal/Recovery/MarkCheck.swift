internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Compares a journal that is being opened with its high-water mark.
struct MarkCheck {
  let journal: FilePath
  let database: SQLConnection

  init(of journal: FilePath, in database: SQLConnection) {
    self.journal = journal
    self.database = database
  }

  /// Compares a file that this process has not opened yet, by a read-only connection: a writing one could copy another
  /// file's log into this one.
  ///
  /// - Returns: the content of the main file, if readable.
  /// - Throws: as ``compare(with:)`` does.
  static func compare(_ journal: FilePath, with reading: HighWaterMark.Reading) throws -> MainFileContent? {
    guard reading.mark != nil else {
      if case .content(let content) = MainFileContent.read(of: journal) { return content }
      return nil
    }
    return try SQLiteFile(reading: journal, patience: .seconds(5)).read {
      try MarkCheck(of: journal, in: $0).compare(with: reading)
    }
  }

  /// Returns the content of a file that this process has not opened yet, has no log beside it, and by itself proves to
  /// be a journal and as new as the mark; `nil` where that takes a closer look. For most journals this look is enough.
  static func proven(_ journal: FilePath, by mark: HighWaterMark?) -> MainFileContent? {
    guard let mark, !mark.isDoubted, !SQLiteFile.hasLog(beside: journal) else { return nil }
    var isProven = false
    let reading = MainFileContent.read(of: journal) { database in
      guard try JournalSchema.isMade(in: database) else { return }
      isProven = try mark.anchor.standing(in: database) == .proven
    }
    guard isProven, case .content(let content) = reading, content.follows(mark.mainFile) else { return nil }
    return content
  }

  /// Returns the content of the main file, if readable.
  ///
  /// - Throws: ``ExchangeError`` with code `journal-outdated` if the journal is older than the mark, or was changed in
  ///   place and is damaged; an error of SQLite's.
  func compare(with reading: HighWaterMark.Reading) throws -> MainFileContent? {
    var content: MainFileContent?
    let raw = MainFileContent.read(of: journal)
    if case .content(let read) = raw { content = read }
    guard let mark = reading.mark else { return content }
    if let refusal = try refusal(by: mark) { throw refusal }
    let hasGoneBack = raw != .unknown && !(content?.follows(mark.mainFile) ?? false)
    if mark.isDoubted || hasGoneBack, let first = try Journal.findings(in: database).first {
      throw refusal(
        LocalizedText(
          "its content was changed by another program (\(first))",
          "dens indhold er ændret af et andet program („\(first)“)"))
    }
    return content
  }

  /// Returns the error of a journal that is older than the mark beside it; `nil` for any other.
  ///
  /// - Parameter read: reads the journal. The mark is read first, since it is raised after the entries are written.
  static func refusal(
    of journal: FilePath, _ read: ((SQLConnection) throws -> ExchangeError?) throws -> ExchangeError?
  ) throws -> ExchangeError? {
    guard let mark = HighWaterMark.read(beside: journal).mark else { return nil }
    return try read { try MarkCheck(of: journal, in: $0).refusal(by: mark) }
  }

  private func refusal(by mark: HighWaterMark) throws -> ExchangeError? {
    // A main file that lost its log may have no table.
    switch try database.hasTable("entry") ? try mark.anchor.standing(in: database) : .isAnother {
    case .proven: return nil
    case .endsBefore(let last):
      return refusal(
        LocalizedText(
          "it ends with entry \(last), and entry \(mark.anchor.number) was written",
          "den slutter med post \(last), og post \(mark.anchor.number) er skrevet"))
    case .isAnother:
      return refusal(
        LocalizedText(
          "entry \(mark.anchor.number) is not the one that was written",
          "post \(mark.anchor.number) er ikke den, der blev skrevet"))
    }
  }

  /// Returns the error of a file that was put in the journal's place while another process has the journal open; `nil`
  /// where that is not so. The other process's log may make the file look like the journal until that process ends.
  static func refusal(
    of journal: FilePath, _ content: MainFileContent?, by mark: HighWaterMark?, _ presence: JournalLock
  ) throws(ExchangeError) -> ExchangeError? {
    guard let content, let mark, !content.isSameFile(as: mark.mainFile), try presence.isShared() else { return nil }
    return refusal(
      of: journal,
      LocalizedText(
        "another process has the journal open, and this is another file",
        "en anden proces har journalen åben, og dette er en anden fil"))
  }

  private func refusal(_ message: LocalizedText) -> ExchangeError { Self.refusal(of: journal, message) }

  private static func refusal(of journal: FilePath, _ message: LocalizedText) -> ExchangeError {
    let remedy: Remedy =
      "Læg journalens nyeste fil på dens plads\(by: .restoreJournal(from: nil)); med denne ville filer blive sendt to gange"
    return ExchangeError(
      .journalOutdated, operation: "open the journal by its high-water mark", path: journal.string,
      message: "this is an older copy, or another journal: \(message.en), says \(HighWaterMark.file(beside: journal))",
      remedy:
        "put the newest file of the journal in its place\(by: .restoreJournal(from: nil)); with this one, files would be sent twice"
    ).inDanish(
      "Journalen (\(journal.string)) er en ældre kopi eller en anden: \(message.da), siger \(HighWaterMark.file(beside: journal)). \(remedy.inDanish)."
    )
  }

  /// Returns the notice about a mark that proves nothing.
  static func notice(of reading: HighWaterMark.Reading, beside journal: FilePath) -> LocalizedText? {
    let file = HighWaterMark.file(beside: journal)
    switch reading {
    case .known: return nil
    case .absent:
      return LocalizedText(
        "journal: there is no high-water mark (\(file)), so an older copy would not be known as one; it is made now",
        "journalen: der er intet højvandsmærke (\(file)), så en ældre kopi ville ikke kendes som det; det laves nu")
    case .unreadable(let reason):
      return LocalizedText(
        "journal: the high-water mark \(file) tells nothing (\(reason)), so an older copy would not be known as one; it is made anew",
        "journalen: højvandsmærket \(file) kan ikke læses (\(reason)), så en ældre kopi ville ikke kendes som det; det laves forfra"
      )
    }
  }
}
