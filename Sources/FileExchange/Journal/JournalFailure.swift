internal import FilsluseSystem
internal import GRDB
internal import SystemPackage

extension Journal {
  /// Translates a failure of SQLite into its meaning for the exchange, with a remedy.
  static func failure(_ operation: String, _ path: FilePath, _ error: any Error) -> ExchangeError {
    if let error = error as? ExchangeError { return error }
    let remedy: Remedy =
      switch (error as? DatabaseError)?.resultCode {
      case .some(.SQLITE_FULL): "make room on the disk and try again; nothing that was confirmed is lost"
      case .some(.SQLITE_CORRUPT), .some(.SQLITE_NOTADB): restoring
      case .some(.SQLITE_BUSY): "another program holds it; end that one or wait"
      case .some(.SQLITE_READONLY), .some(.SQLITE_CANTOPEN), .some(.SQLITE_PERM):
        "give the running user the right to write the file and its folder"
      case .some(.SQLITE_IOERR): "look at the disk (full? failing?), then check the journal\(by: .checkJournal)"
      default:
        error is DamagedRow
          ? restoring
          : (error as? OtherSchema)?.remedy ?? "see the cause; the journal must be sound before anything is sent"
      }
    let message = (error as? DatabaseError)?.message ?? "\(error)"
    var failure = ExchangeError(.journal, operation: operation, path: path.string, message: message, remedy: remedy)
    let result = (error as? DatabaseError)?.resultCode
    failure.isDiskFull = result == .SQLITE_FULL
    failure.isDamage = result == .SQLITE_CORRUPT || result == .SQLITE_NOTADB || error is DamagedRow
    return failure
  }

  /// The remedy for a journal that is damaged or gone.
  static let restoring: Remedy =
    "put a backup in its place\(by: .restoreJournal(from: nil)); do not begin a new one, or files will be sent twice"
}

/// A row that no version of Filsluse writes.
struct DamagedRow: Error, CustomStringConvertible {
  let table: String
  let id: Int64
  var description: String { "row \(id) of \(table) holds a value that no version writes" }
}
