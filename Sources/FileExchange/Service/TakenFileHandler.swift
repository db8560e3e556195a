internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Handles one taken file: from its delivery in the journal to its final place.
struct TakenFileHandler: Sendable {
  let exchange: Exchange
  let account: Account
  let reporter: RunReporter

  /// The state of a file.
  enum Outcome: Sendable {
    /// Its trigger is out, and it waits in `.taken` for its receipt.
    case sent
    /// The file is in its final place.
    case closed
    /// It was taken out of `.taken` by another program.
    case gone
    case failed(ExchangeError)
  }

  /// Returns the suspect record of a file that may cause lost connections.
  func suspect(_ item: TakenFile, in folder: OpenedWatchedFolder) -> SuspectFile? {
    exchange.suspects.file(account.dataInOUT(WireName(unchecked: folder.wireName(item.name))), of: account.name)
  }

  private func clearSuspect(_ item: TakenFile, in folder: OpenedWatchedFolder) async throws(ExchangeError) {
    try await exchange.suspects.clear(
      account.dataInOUT(WireName(unchecked: folder.wireName(item.name))), of: account.name)
  }

  /// Takes a file as far as possible without the receipt.
  ///
  /// - Parameter isAlone: true for a suspected cause of lost connections, which goes over a connection of its own.
  func deliver(_ item: TakenFile, from folder: OpenedWatchedFolder, isAlone: Bool = false) async -> Outcome {
    do throws(ExchangeError) {
      try await exchange.suspects.load(account.name)
      if let known = try await exchange.journal.lastDelivery(from: item.journalPath) {
        let isClosed = try await close(known, item, in: folder)
        if isClosed || known.state.awaitsReceipt {
          try await clearSuspect(item, in: folder)
          return isClosed ? .closed : .sent
        }
      } else if let loss = try await exchange.journal.acceptedLoss(), loss.mayHoldDelivery(ofFileTakenAt: item.takenAt)
      {
        let clock = WallClock.denmark
        let (taken, since, until) = (
          clock.stamp(at: item.takenAt), clock.stamp(at: loss.since), clock.stamp(at: loss.until)
        )
        try await setAside(
          item, in: folder, delivery: nil,
          because: LocalizedText(
            "it was taken at \(taken), and the journal lacks entries between \(since) and \(until), since it was restored or reconciled: whether the file was sent then is not known. Ask the platform's help desk or the receiver; if it was not, put it into \(folder.rules.path) again",
            "den blev taget \(taken), og journalen mangler poster mellem \(since) og \(until), fordi den er genskabt eller afstemt: det vides ikke, om filen blev sendt dengang. Spørg platformens helpdesk eller modtageren; hvis den ikke blev, så læg den i \(folder.rules.path) igen"
          ))
        return .closed
      }
      guard let staged = try await stage(item, from: folder) else { return await gone(item, from: folder) }
      var outcome = Outcome.sent
      var problem: ExchangeError?
      func use(_ client: SFTPClient) async -> ConnectionUse {
        let lessons = exchange.suspects.lessons(at: account.name)
        if !isAlone, let suspect = suspect(item, in: folder) { return .left(suspect.error) }
        do throws(ExchangeError) {
          let delivery = try await send(staged, isAlone: isAlone, over: client)
          outcome = .sent
          if try await close(delivery, item, in: folder) { outcome = .closed }
          return .done
        } catch {
          if isAlone, error.endsRun { return .left(error) }
          if error.endsRun {
            return .lost(error, madeProgress: exchange.suspects.lessons(at: account.name) > lessons)
          }
          problem = error
          return .done
        }
      }
      let failure =
        isAlone
        ? await exchange.withOwnConnection(to: account) { await use($0) }
        : await exchange.withConnections(to: account) { await use($0) }
      if let failure = failure ?? problem { return .failed(failure) }
      return outcome
    } catch {
      return error.code == .fileMissing ? await gone(item, from: folder) : .failed(error)
    }
  }

  private func gone(_ item: TakenFile, from folder: OpenedWatchedFolder) async -> Outcome {
    do throws(ExchangeError) {
      try await clearSuspect(item, in: folder)
      return .gone
    } catch {
      return .failed(error)
    }
  }

  /// Takes a delivery up to its trigger, and counts it unless another process has sent it before.
  func send(
    _ staged: Staging.Staged, isAlone: Bool, over client: SFTPClient
  ) async throws(ExchangeError) -> Delivery {
    var driven = staged.delivery
    try await exchange.takeToTrigger(staged, isAlone: isAlone, over: client, of: account) { _ in
    } reached: { before, now in
      driven = now
      if before.isToBeSent { reporter.count(for: account.name) { $0.sent += 1 } }
    }
    reporter.logger.about(driven).info(
      "D\(driven.id) \(Masked.name(driven.wireName.string)) is sent by \(driven.route)")
    return driven
  }

  /// Stages the file's delivery; `nil` if the file is gone.
  ///
  /// A delivery begun by an earlier process is continued. If the file has changed since, the delivery of the old
  /// content is given up first, without committing any of it.
  private func stage(
    _ item: TakenFile, from folder: OpenedWatchedFolder
  ) async throws(ExchangeError) -> Staging.Staged? {
    let path = folder.path(of: item)
    var order = DeliveryOrder(file: path, route: folder.route, wireName: folder.wireName(item.name), again: true)
    order.localName = item.name
    let staging = exchange.staging
    let file: StagedFile
    do throws(ExchangeError) {
      file = try await StagedFile.read(path, in: folder.taken)
    } catch {
      if error.code == .fileMissing { return nil }
      if error.code == .notPlain || error.code == .secondName { throw error }
      // What is the matter with a single file is no fault of the disk.
      let unreadable = ExchangeError(
        .fileUnreadable, operation: error.operation, path: item.name, message: error.message, remedy: error.remedy)
      throw error.danishDetail.map { unreadable.inDanish(detail: $0) } ?? unreadable
    }
    if let begun = try await exchange.journal.lastDelivery(from: item.journalPath), !begun.state.isFinished {
      if !begun.state.isCommitted {
        // A person's reason applies to the delivery begun with it, not to content that came later.
        var same = order
        same.overrideReason = try await exchange.journal.overrideReason(of: begun.id)
        try await staging.check(same)
      }
      if begun.sha256 == file.sha256 || begun.state.isCommitted { return Staging.Staged(delivery: begun, file: file) }
      _ = try await exchange.cancel(begun.id)
      reporter.logger.about(begun).notice("D\(begun.id) is begun anew: its file was written to after it was taken")
    }
    let staged = try await staging.stage(try await staging.draft(order, file: file, localPath: item.journalPath))
    guard staged.delivery.localPath == item.journalPath else {
      throw Staging.nameTaken(staged.delivery.wireName, by: staged.delivery)
    }
    return staged
  }

  /// Moves a file to its final place when its delivery is finished; returns false if the delivery is unfinished.
  func close(_ delivery: Delivery, _ item: TakenFile, in folder: OpenedWatchedFolder) async throws(ExchangeError)
    -> Bool
  {
    let name = "D\(delivery.id) \(Masked.name(delivery.wireName.string))"
    let suffix = account.suffixes.receipt
    switch delivery.state {
    case .accepted:
      let isNew = try await BlockingThreads.shared.run { () throws(ExchangeError) in
        try folder.close(item, delivery: delivery.id)
      }
      guard isNew else { break }
      reporter.logger.about(delivery).info("\(name) is accepted")
    case .refused:
      guard
        try await isPutAway({ () throws(ExchangeError) in
          try folder.refuse(item, delivery: delivery, receiptSuffix: suffix)
        })
      else { break }
      reporter.attention(
        .refused, account: account.name, number: "D\(delivery.id)",
        LocalizedText(
          "the platform refused \(name): \(delivery.outcome ?? "no reason given"); it lies in \(folder.rules.path)/refused",
          "Platformen har afvist \(name); filen ligger i \(folder.rules.path)/refused."))
    case .cancelled:
      // It was begun again after its file was written to, and ended before that: there is more to do.
      if try await StagedFile.read(folder.path(of: item), in: folder.taken).sha256 != delivery.sha256 { return false }
      try await setAside(
        item, in: folder, delivery: delivery.id,
        because: LocalizedText(
          "its delivery D\(delivery.id) was cancelled", "dens levering D\(delivery.id) blev annulleret"))
    case .givenUp:
      try await setAside(
        item, in: folder, delivery: delivery.id,
        because: LocalizedText(
          "delivery D\(delivery.id) was given up: no receipt ever came, and the platform may have the file",
          "leveringen D\(delivery.id) er opgivet: der kom aldrig en kvittering, og platformen har måske filen"))
    default: return false
    }
    return true
  }

  /// Sets a file aside that will not be sent, and reports it.
  func setAside(
    _ item: TakenFile, in folder: OpenedWatchedFolder, delivery: Int64?, because reason: LocalizedText,
    _ cause: ExchangeError? = nil
  ) async throws(ExchangeError) {
    guard
      try await isPutAway({ () throws(ExchangeError) in
        try folder.setAside(item, delivery: delivery, reason: reason)
      })
    else { return }
    try await clearSuspect(item, in: folder)
    reporter.count(for: account.name) { $0.setAside += 1 }
    let subfolder = folder.folder.path.appending("set-aside").appending(delivery.map { "D\($0)" } ?? item.mark)
    reporter.attention(
      .setAside, account: account.name, number: delivery.map { "D\($0)" }, at: subfolder.appending(item.name),
      because: cause, .setAside(item.name, in: "\(folder.rules.path)/set-aside", because: reason))
  }

  /// Returns true if a file was put away now; a text that could not be written beside it is reported.
  func isPutAway(
    _ work: @escaping @Sendable () throws(ExchangeError) -> OpenedWatchedFolder.PutAway
  ) async throws(ExchangeError) -> Bool {
    switch try await BlockingThreads.shared.run(work) {
    case .wasGone: return false
    case .done: return true
    case .withoutText(let error):
      reporter.once(.error, "\(account.name): \(error)", about: error, of: account.name)
      return true
    }
  }
}
