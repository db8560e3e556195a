internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// Drives one delivery until only its receipt is missing: asks the machine, does the step, writes the journal.
struct DeliveryRun: Sendable {
  let journal: Journal
  let client: SFTPClient
  let account: Account
  let logger: Logger
  /// The speed that the account is held to, if it is.
  let pace: BandwidthLimiter?
  /// Further connections for large files, if the account has them.
  var bulk: BulkTransfer?
  /// The semaphore for uploads.
  let uploads: AsyncSemaphore
  /// The pause between two looks where a trigger cannot be renamed into place.
  let settle: Duration
  /// Called for every piece of data that the server has acknowledged.
  let onBytes: @Sendable (UInt64) -> Void

  /// The number of looks at a trigger written in place that the server refused, before it is an error.
  private static let attemptsToWrite = 3
  /// The greatest number of renames; the state machine switches to writing in place earlier, unless the data is gone
  /// each time.
  private static let attemptsToRename = 2 * DeliveryMachine.mostRefusals

  /// Continues a claimed delivery as far as possible from its present state in the journal: another process may have
  /// held the claim until now.
  ///
  /// A delivery staged by this run is read again only after a surprise: the journal's first step finds another state,
  /// or OUT has its name in use.
  ///
  /// - Returns: the state at the beginning, and the delivery now.
  /// - Throws: ``ExchangeError``; the journal then holds the last completed step, and a later run goes on there.
  func takeUp(_ staged: Staging.Staged) async throws(ExchangeError) -> (before: DeliveryState, now: Delivery) {
    var current = staged.delivery
    if staged.isNew {
      do throws(ExchangeError) {
        return try await drive(current, from: staged.file)
      } catch {
        guard error.code == .nameTaken, let found = try await journal.delivery(current.id), found.state != current.state
        else { throw error }
        current = found
      }
    } else {
      current = try await journal.delivery(current.id) ?? current
    }
    return try await drive(current, from: staged.file)
  }

  /// Continues the delivery up to the wait for the platform's receipt.
  ///
  /// - Returns: the state at the beginning, and the delivery now.
  /// - Throws: ``ExchangeError``; the journal then holds the last completed step, and a later run goes on there.
  private func drive(
    _ delivery: Delivery, from file: StagedFile
  ) async throws(ExchangeError) -> (before: DeliveryState, now: Delivery) {
    var delivery = delivery
    var before = delivery.state
    var machine = DeliveryMachine(resuming: delivery.state)
    let outbox = OutFolder(of: delivery, account: account, client: client)
    var (renameRefusals, writeRefusals) = (0, 0)
    var isHalfOut = false
    while true {
      try await journal.requireHold()
      let events: [DeliveryMachine.Event]
      switch machine.step {
      case .checkNames:
        try await outbox.checkNames()
        events = [.namesAreFree]
      case .upload:
        delivery = try await upload(delivery, from: file, to: outbox)
        events = [.uploaded, .armed]
      case .checkData:
        events = [.dataIsThere(try await outbox.size(of: outbox.data) == delivery.size)]
      case .arm:
        try await outbox.arm()
        events = [.armed]
      case .fire:
        events = [try outcome(of: try await outbox.fire(), &renameRefusals, limit: Self.attemptsToRename)]
      case .writeTrigger:
        try await clearTemporaryTrigger(of: delivery, in: outbox)
        let mode: OpenMode = !isHalfOut ? .replace : writeRefusals == 0 ? .write : [.write, .truncate]
        events = [try outcome(of: try await outbox.writeTrigger(mode), &writeRefusals, limit: Self.attemptsToWrite)]
      case .look:
        let content = try await outbox.content()
        isHalfOut = content.trigger == .partial
        events = [.saw(content)]
      case .settle:
        try await pause()
        events = [.settled]
      case .awaitReceipt, .nothing:
        return (before, delivery)
      }
      let last = delivery.state
      try await apply(events, to: &machine, of: &delivery)
      // This run takes a staged delivery only to `uploading`: another process has taken this one further before the
      // claim.
      if last == .staged, delivery.state != .uploading { before = delivery.state }
    }
  }

  /// Applies the outcome of a step to the machine, and writes the state that it leads to.
  func apply(
    _ events: [DeliveryMachine.Event], to machine: inout DeliveryMachine, of delivery: inout Delivery
  ) async throws(ExchangeError) {
    for event in events { try delivery.apply(event, to: &machine) }
    guard machine.state != delivery.state else { return }
    if machine.state == .uploading { (delivery.acknowledged, delivery.acknowledgedSHA256) = (0, nil) }
    switch try await journal.transition(delivery, to: machine.state) {
    case .done(let now): delivery = now
    case .overtaken(let now):
      // Its receipt may have been quicker.
      delivery = now
      machine = DeliveryMachine(resuming: now.state)
    }
    logger.debug("D\(delivery.id) is \(delivery.state.rawValue)")
  }

  /// Uploads the data and the temporary trigger. The temporary trigger commits nothing: it is sent beside the data,
  /// which saves its round trips afterwards.
  private func upload(
    _ delivery: Delivery, from file: StagedFile, to outbox: OutFolder
  ) async throws(ExchangeError) -> Delivery {
    guard await uploads.take() else { throw .cancelled(while: "wait for others to be sent") }
    let turn = UploadTurn(uploads, files: 2)
    defer { turn.end() }
    async let armed = Result { () async throws(ExchangeError) in try await outbox.arm { turn.noteSent() } }
    let uploaded = try await Upload(run: self, outbox: outbox, file: file) { turn.noteSent() }.carryOut(delivery)
    try await armed.get()
    return uploaded
  }

  /// A server that refuses the removal keeps the temporary trigger, which commits nothing.
  private func clearTemporaryTrigger(of delivery: Delivery, in outbox: OutFolder) async throws(ExchangeError) {
    do throws(ExchangeError) {
      try await outbox.removeTemporaryTrigger()
    } catch {
      if error.endsRun { throw error }
      logger.about(delivery, error).say(
        .warning,
        LocalizedText(
          "D\(delivery.id) leaves \(delivery.temporaryTriggerName) in OUT: \(error)",
          "D\(delivery.id) efterlader \(delivery.temporaryTriggerName) i OUT: \(error.clauseInDanish)"))
    }
  }

  private func outcome(
    of commit: OutFolder.Commit, _ refusals: inout Int, limit: Int
  ) throws(ExchangeError) -> DeliveryMachine.Event {
    switch commit {
    case .done: return .fired
    case .cannotRename: return .renameNotSupported
    case .unclear(let error):
      refusals += 1
      if refusals >= limit { throw ExchangeError(error, while: "commit the trigger") }
      return .unclear
    }
  }

  func pause() async throws(ExchangeError) {
    do {
      try await Task.sleep(for: settle)
    } catch {
      throw .cancelled(while: "wait for the platform")
    }
  }
}

/// A turn to have files open at the server. It ends as soon as all requests of its files are sent, so that others open
/// theirs while the answers come back: the server has closed these before it opens those.
final class UploadTurn: Sendable {
  private let turns: AsyncSemaphore
  private let unsent: Locked<Int>

  /// Takes over a turn of a semaphore, for a number of files.
  init(_ turns: AsyncSemaphore, files: Int) {
    self.turns = turns
    unsent = Locked(files)
  }

  /// Records that all requests of one of the files are sent.
  func noteSent() { finish(1) }

  /// Ends the turn, if it has not ended.
  func end() { finish(.max) }

  private func finish(_ files: Int) {
    let isOver = unsent.withLock { unsent in
      defer { unsent = max(0, unsent - files) }
      return unsent > 0 && unsent <= files
    }
    if isOver { turns.giveBack() }
  }
}
