internal import FileExchange
internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage

extension WatchDatabase {
  /// Translates a failure into its meaning for the watcher, with a remedy.
  static func failure(_ operation: String, _ path: FilePath, _ error: any Error) -> ExchangeError {
    switch error {
    case let error as ExchangeError: return error
    case let error as OtherSchema: return SchemaRefusal.watch.error(error, operation, path.string)
    default:
      return ExchangeError(
        .watchDatabase, operation: operation, path: path.string, message: "\(error)", remedy: remedy(for: error)
      ).inDanish(detail: "„\(error)“")
    }
  }

  private static func remedy(for error: any Error) -> Remedy {
    if error is DamagedRow { return beginningAgain }
    guard let error = error as? StoreError else { return otherFile }
    return switch error.cause {
    case .diskFull:
      "make room on the disk; until then people are alerted to nothing new, and nothing that was recorded is lost"
    case .damaged: beginningAgain
    case .notPermitted: permission
    case .busy, .disk, .replaced, .unreachable, .uncertain, .conflict, .login, .unsuitable, .readOnly: error.remedy
    case .closed, .notDurable, .statement, .other: otherFile
    }
  }

  private static let permission: Remedy =
    "give the running user the right to write the file and its folder, or name another under watch: database:"
  private static let otherFile: Remedy = "name another file under watch: database:, or mend the cause"
  private static let beginningAgain: Remedy =
    "move the file away: the watcher begins a new one, and knows nothing of the time before"
}
