internal import FilsluseStore
internal import FilsluseBase

extension JournalAnchor {
  /// The relation of a journal to an entry that was once its last.
  enum Standing: Sendable, Hashable {
    /// It has it, or retention has removed it.
    case proven
    /// It ends before it, with that entry.
    case endsBefore(Int64)
    /// Another entry has its number.
    case isAnother
  }

  /// - Throws: an error of SQLite's, or ``DamagedRow``.
  func standing(in database: SQLConnection) throws -> Standing {
    if self == .start { return .proven }
    let hash = "SELECT hash FROM entry WHERE number = ?"
    if let row = try database.row(hash, [number]) {
      return try row.blob(0) == self.hash.bytes ? .proven : .isAnother
    }
    // Only entries up to a checkpoint's start are ever removed, and the checkpoint itself came after them.
    if let start = try Checkpoint.newest(in: database)?.checkpoint.start {
      if start.number == number { return start == self ? .proven : .isAnother }
      if start.number > number { return .proven }
    }
    let last = try JournalAnchor.last(in: database).number
    return last < number ? .endsBefore(last) : .isAnother
  }
}
