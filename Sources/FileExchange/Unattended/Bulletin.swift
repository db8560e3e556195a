internal import FilsluseSystem
internal import Logging

/// What the loops of a long-running exchange tell: each thing once, not with every look.
final class Bulletin: Sendable {
  let logger: Logger
  private let onEvent: @Sendable (UnattendedEvent) -> Void
  private let remarks: Remarks
  private let counts = Locked(Counts())

  /// What has been done since the start.
  struct Counts: Sendable {
    var sent = 0
    var accepted = 0
    var refused = 0
    var setAside = 0
    var collected = 0
  }

  init(logger: Logger, onEvent: @escaping @Sendable (UnattendedEvent) -> Void) {
    self.logger = logger
    remarks = Remarks(logger)
    self.onEvent = onEvent
  }

  var countsNow: Counts { counts.withLock { $0 } }

  func count(_ change: (inout Counts) -> Void) { counts.withLock { change(&$0) } }

  /// Says something that stays so for a while: the first time, and once a day while it is so.
  func once(_ level: Logger.Level, _ text: String) { remarks.once(level, text) }

  /// Says that a person must look: in the log, and to whoever wants to know.
  func attention(_ kind: Attention.Kind, account: String, number: String? = nil, _ message: String) {
    let attention = Attention(
      kind: kind, account: account, number: number, message: VisibleText.oneLine(Masked.name(message)))
    guard remarks.isNew("\(kind.rawValue) \(account) \(number ?? "") \(message)") else { return }
    // The journal is everybody's.
    let whose = account.isEmpty ? "" : "\(account): "
    logger.log(level: kind == .journalReplaced ? .critical : .error, "\(whose)\(attention.message)")
    onEvent(.attention(attention))
  }

  func tell(_ event: UnattendedEvent) { onEvent(event) }
}
