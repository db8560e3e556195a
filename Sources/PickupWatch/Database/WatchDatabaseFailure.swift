internal import FileExchange
internal import FilsluseStore
internal import FilsluseSystem
internal import GRDB
internal import SystemPackage

extension WatchDatabase {
  /// Translates a failure into its meaning for the watcher, with a remedy.
  static func failure(_ operation: String, _ path: FilePath, _ error: any Error) -> ExchangeError {
    switch error {
    case let error as ExchangeError: return error
    case let error as OtherSchema:
      return ExchangeError(
        .watchDatabase, operation: operation, path: path.string, message: error.refusalAsWatch,
        remedy: error.remedyAsWatch)
    default:
      let message = (error as? DatabaseError)?.message ?? "\(error)"
      return ExchangeError(
        .watchDatabase, operation: operation, path: path.string, message: message, remedy: remedy(for: error))
    }
  }

  private static func remedy(for error: any Error) -> Remedy {
    switch error {
    case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
      "make room on the disk; until then people are alerted to nothing new, and nothing that was recorded is lost"
    case let error as DatabaseError where error.resultCode == .SQLITE_BUSY:
      "another program holds it; end that one or wait"
    case let error as DatabaseError where error.resultCode == .SQLITE_IOERR: "look at the disk (full? failing?)"
    case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode): beginningAgain
    case let error as StoreError where error.cause == .damaged: beginningAgain
    case is DamagedRow: beginningAgain
    case let error as DatabaseError
    where [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(error.resultCode): permission
    case let error as StoreError where error.cause == .notPermitted: permission
    default: "name another file under watch: database:, or mend the cause"
    }
  }

  private static let permission: Remedy =
    "give the running user the right to write the file and its folder, or name another under watch: database:"
  private static let beginningAgain: Remedy =
    "move the file away: the watcher begins a new one, and knows nothing of the time before"
}

/// A row that no version of Filsluse writes.
struct DamagedRow: Error, CustomStringConvertible {
  let table: String
  let id: Int64
  var description: String { "row \(id) of \(table) holds a value that no version writes" }
}
