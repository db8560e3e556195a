internal import FileExchange
internal import FilsluseSystem
internal import GRDB
internal import SystemPackage

extension WatchDatabase {
  /// Translates a failure into its meaning for the watcher, with a remedy.
  static func failure(_ operation: String, _ path: FilePath, _ error: any Error) -> ExchangeError {
    if let error = error as? ExchangeError { return error }
    let remedy: Remedy =
      switch (error as? DatabaseError)?.resultCode {
      case .some(.SQLITE_FULL):
        "make room on the disk; until then people are alerted to nothing new, and nothing that was recorded is lost"
      case .some(.SQLITE_CORRUPT), .some(.SQLITE_NOTADB): beginningAgain
      case .some(.SQLITE_BUSY): "another program holds it; end that one or wait"
      case .some(.SQLITE_READONLY), .some(.SQLITE_CANTOPEN), .some(.SQLITE_PERM):
        "give the running user the right to write the file and its folder, or name another under watch: database:"
      case .some(.SQLITE_IOERR): "look at the disk (full? failing?)"
      default:
        error is DamagedRow
          ? beginningAgain
          : (error as? OtherSchema)?.remedy ?? "name another file under watch: database:, or mend the cause"
      }
    let message = (error as? DatabaseError)?.message ?? "\(error)"
    return ExchangeError(.watchDatabase, operation: operation, path: path.string, message: message, remedy: remedy)
  }

  private static let beginningAgain: Remedy =
    "move the file away: the watcher begins a new one, and knows nothing of the time before"
}

/// A row that no version of Filsluse writes.
struct DamagedRow: Error, CustomStringConvertible {
  let table: String
  let id: Int64
  var description: String { "row \(id) of \(table) holds a value that no version writes" }
}
