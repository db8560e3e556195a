internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

extension Journal {
  /// Translates a failure of SQLite into its meaning for the exchange, with a remedy.
  static func failure(_ operation: String, _ path: FilePath, _ error: any Error) -> ExchangeError {
    if let error = error as? ExchangeError { return error }
    if let other = error as? OtherSchema { return SchemaRefusal.journal.error(other, operation, path.string) }
    let cause = (error as? StoreError)?.cause
    let isDamage = error.isDamage
    let remedy: Remedy =
      switch cause {
      case .some(.damaged): restoring
      case .some(.disk): "look at the disk (full? failing?), then check the journal\(by: .checkJournal)"
      case .some(.diskFull), .some(.busy), .some(.notPermitted): (error as? StoreError)?.remedy ?? restoring
      default:
        isDamage ? restoring : "see the cause; the journal must be sound before anything is sent"
      }
    let code: ExchangeError.Code = cause == .diskFull ? .journalFull : isDamage ? .journalDamaged : .journal
    return ExchangeError(code, operation: operation, path: path.string, message: "\(error)", remedy: remedy)
      .inDanish(detail: "„\(error)“")
  }

  /// The remedy for a journal that is damaged or gone.
  static let restoring: Remedy =
    "put a backup in its place\(by: .restoreJournal(from: nil)); do not begin a new one, or files will be sent twice"
}
