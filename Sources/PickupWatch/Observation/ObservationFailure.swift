internal import FileExchange
internal import GRDB
internal import SystemPackage

extension ObservationStore {
  /// Translates a failure into its meaning for the watcher, with a remedy.
  static func failure(_ operation: String, _ path: FilePath, _ error: any Error) -> ExchangeError {
    if let error = error as? ExchangeError { return error }
    let beginAnew = "move the file away: the watcher begins a new one, and knows nothing of the time before"
    let remedy =
      switch (error as? DatabaseError)?.resultCode {
      case .some(.SQLITE_FULL): "make room on the disk"
      case .some(.SQLITE_CORRUPT), .some(.SQLITE_NOTADB): beginAnew
      case .some(.SQLITE_BUSY): "another program holds it; end that one or wait"
      case .some(.SQLITE_READONLY), .some(.SQLITE_CANTOPEN), .some(.SQLITE_PERM):
        "give the running user the right to write the file and its folder, or name another under watch: database:"
      case .some(.SQLITE_IOERR): "look at the disk (full? failing?)"
      default:
        error is NewerSights
          ? "run that version, or \(beginAnew)" : "name another file under watch: database:, or mend the cause"
      }
    let message = (error as? DatabaseError)?.message ?? "\(error)"
    return ExchangeError(.watchDatabase, operation: operation, path: path.string, message: message, remedy: remedy)
  }
}

struct NewerSights: Error, CustomStringConvertible {
  var description: String { "it was written by a newer version of Filsluse" }
}

/// A row that no version of Filsluse writes.
struct DamagedSight: Error, CustomStringConvertible {
  let id: Int64
  var description: String { "row \(id) of sight holds a value that no version writes" }
}
