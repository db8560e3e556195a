internal import FilsluseSystem
internal import Logging

/// What the loops of a long-running exchange tell: each thing once, not with every look.
final class Bulletin: Sendable {
  let logger: Logger
  private let onEvent: @Sendable (UnattendedEvent) -> Void
  private let remarks: Remarks
  private let counts = Locked(Counts())
  private let standing = Locked<[Subject: ContinuousClock.Instant]>([:])
  /// What still stands after so long is told again.
  private static let reminder = Duration.seconds(86_400)

  /// What stands: one thing of a kind.
  private struct Subject: Hashable, Sendable {
    let kind: Attention.Kind
    let account: String
    let subject: String
  }

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

  /// Says that a person must look at something that stands still until it is mended: once, and once a day while it is
  /// so, whatever the message says the next time.
  ///
  /// - Parameter subject: tells things of one kind and account apart; the number where there is one.
  func stands(
    _ kind: Attention.Kind, account: String, number: String? = nil, of subject: String? = nil, _ message: String
  ) {
    let key = Subject(kind: kind, account: account, subject: subject ?? number ?? "")
    let isNew = standing.withLock { standing in
      if let told = standing[key], .now - told < Self.reminder { return false }
      standing[key] = .now
      return true
    }
    guard isNew else { return }
    let attention = Attention(kind: kind, account: account, number: number, message: Masked.name(message))
    logger.error("\(Self.line(attention))")
    onEvent(.attention(attention))
  }

  /// Has it told anew the next time, as if it had not been told.
  func forget(_ kind: Attention.Kind, account: String, of subject: String = "") {
    standing.withLock { _ = $0.removeValue(forKey: Subject(kind: kind, account: account, subject: subject)) }
  }

  private static func line(_ attention: Attention) -> String {
    attention.account.isEmpty ? attention.message : "\(attention.account): \(attention.message)"
  }

  /// Says that what ``stands(_:account:number:of:_:)`` told is over; nothing where nothing was told.
  func isOver(
    _ kind: Attention.Kind, account: String, number: String? = nil, of subject: String? = nil, _ message: String
  ) {
    let key = Subject(kind: kind, account: account, subject: subject ?? number ?? "")
    guard standing.withLock({ $0.removeValue(forKey: key) }) != nil else { return }
    let attention = Attention(kind: kind, account: account, number: number, message: Masked.name(message))
    logger.notice("\(Self.line(attention))")
    onEvent(.resolved(attention))
  }

  func tell(_ event: UnattendedEvent) { onEvent(event) }
}
