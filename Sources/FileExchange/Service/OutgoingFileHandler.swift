internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Handles one taken file: from its delivery in the journal to its final place.
struct OutgoingFileHandler: Sendable {
  let exchange: Exchange
  let account: Account
  let reporter: RunReporter

  /// The state of a file.
  enum Outcome: Sendable {
    /// Its trigger is out, and it waits in the corner for its receipt.
    case sent
    /// It is in its final place.
    case closed
    /// It was taken out of `.taken` by another program.
    case gone
    case failed(ExchangeError)
  }

  /// Returns the suspect record of a file that may cause lost connections.
  func suspect(_ item: OutgoingItem, in folder: OutgoingFolder) -> SuspectFile? {
    exchange.suspects.file(account.dataInOUT(folder.wireName(item.name)), of: account.name)
  }

  private func clearSuspect(_ item: OutgoingItem, in folder: OutgoingFolder) async throws(ExchangeError) {
    try await exchange.suspects.clear(account.dataInOUT(folder.wireName(item.name)), of: account.name)
  }

  /// Takes a file as far as it goes without the receipt.
  ///
  /// - Parameter isAlone: whether it is suspected of being the cause of lost connections, and goes over one of its own.
  func deliver(_ item: OutgoingItem, from folder: OutgoingFolder, isAlone: Bool = false) async -> Outcome {
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
        try await setAside(
          item, in: folder, delivery: nil,
          because:
            "it was taken at \(item.takenAt), and the journal lacks entries between \(loss.since) and \(loss.until), since it was restored: whether the file was sent then is not known. Ask the platform's help desk or the receiver; if it was not, put it into \(folder.rules.path) again"
        )
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

  private func gone(_ item: OutgoingItem, from folder: OutgoingFolder) async -> Outcome {
    do throws(ExchangeError) {
      try await clearSuspect(item, in: folder)
      return .gone
    } catch {
      return .failed(error)
    }
  }

  private func send(
    _ staged: Staging.Staged, isAlone: Bool, over client: SFTPClient
  ) async throws(ExchangeError) -> Delivery {
    var driven = staged.delivery
    try await exchange.takeToTrigger(staged, isAlone: isAlone, over: client, of: account) { _ in
    } reached: { before, now in
      driven = now
      if !before.awaitsReceipt { reporter.count { $0.sent += 1 } }
    }
    reporter.logger.info("D\(driven.id) \(Masked.name(driven.wireName)) is sent by \(driven.route)")
    return driven
  }

  /// The file's delivery; `nil` when the file is not there any more.
  ///
  /// What an earlier process began is taken up. When the file was written to since, what was begun of the old content
  /// is given up first: nothing of it is committed.
  private func stage(
    _ item: OutgoingItem, from folder: OutgoingFolder
  ) async throws(ExchangeError) -> Staging.Staged? {
    let path = folder.path(of: item)
    var order = DeliveryOrder(file: path, route: folder.route, wireName: folder.wireName(item.name), again: true)
    order.localName = item.name
    let staging = Staging(settings: exchange.settings, journal: exchange.journal)
    let file: StagedFile
    do throws(ExchangeError) {
      file = try await StagedFile.read(path, in: folder.taken)
    } catch {
      if error.code == .fileMissing { return nil }
      if error.code == .notPlain || error.code == .secondName { throw error }
      // What is the matter with a single file is no fault of the disk.
      throw ExchangeError(
        .fileUnreadable, operation: error.operation, path: item.name, message: error.message, remedy: error.remedy)
    }
    if let begun = try await exchange.journal.lastDelivery(from: item.journalPath), !begun.state.isFinished {
      if !begun.state.isCommitted { try order.checkMunicipality(by: try exchange.settings.wayOut(of: order).0) }
      if begun.sha256 == file.sha256 || begun.state.isCommitted { return Staging.Staged(delivery: begun, file: file) }
      _ = try await exchange.cancel(begun.id)
      reporter.logger.notice("D\(begun.id) is begun anew: its file was written to after it was taken")
    }
    let staged = try await staging.stage(try staging.draft(order, file: file, localPath: item.journalPath))
    guard staged.delivery.localPath == item.journalPath else {
      throw Staging.nameTaken(staged.delivery.wireName, by: staged.delivery)
    }
    return staged
  }

  /// Puts a file where it belongs when its delivery is finished; false when there is more to be done.
  func close(_ delivery: Delivery, _ item: OutgoingItem, in folder: OutgoingFolder) async throws(ExchangeError) -> Bool
  {
    let name = "D\(delivery.id) \(Masked.name(delivery.wireName))"
    let suffix = account.suffixes.receipt
    switch delivery.state {
    case .accepted:
      let isNew = try await BlockingThreads.shared.run { () throws(ExchangeError) in
        try folder.close(item, delivery: delivery.id)
      }
      guard isNew else { break }
      reporter.count { $0.accepted += 1 }
      reporter.logger.info("\(name) is accepted")
    case .refused:
      guard
        try await isPutAway({ () throws(ExchangeError) in
          try folder.refuse(item, delivery: delivery, receiptSuffix: suffix)
        })
      else { break }
      reporter.count { $0.refused += 1 }
      reporter.attention(
        .refused, account: account.name, number: "D\(delivery.id)",
        "the platform refused \(name): \(delivery.outcome ?? "no reason given"); it lies in \(folder.rules.path)/refused"
      )
    case .cancelled:
      // It was begun again after its file was written to, and ended before that: there is more to do.
      if try await StagedFile.read(folder.path(of: item), in: folder.taken).sha256 != delivery.sha256 { return false }
      try await setAside(item, in: folder, delivery: delivery.id, because: "its delivery D\(delivery.id) was cancelled")
    case .givenUp:
      try await setAside(
        item, in: folder, delivery: delivery.id,
        because: "delivery D\(delivery.id) was given up: no receipt ever came, and the platform may have the file")
    default: return false
    }
    return true
  }

  /// Reports entries of a folder that are no regular files. They are left for a person to look at.
  func tell(ofStrangers names: some Sequence<[UInt8]>, in folder: LocalFolder) {
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.attention(
        .notPlain, account: account.name, of: path, at: folder.place(of: name),
        "\(path) is a symbolic link, or no plain file: it is not sent, and left where it lies; see who put it there, and remove it"
      )
    }
  }

  /// Reports that such entries are gone.
  func tell(ofStrangersGone names: some Sequence<[UInt8]>, from folder: LocalFolder) {
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.isOver(.notPlain, account: account.name, of: path, "\(path) is gone")
    }
  }

  /// Reports files whose names say that they are still being written, and that were perhaps forgotten by the program
  /// that wrote them.
  func tell(ofUnfinished names: some Sequence<[UInt8]>, in folder: LocalFolder, for duration: Duration) {
    for name in names {
      let path = folder.shownPath(of: name)
      let kind = name.first == UInt8(ascii: ".") ? "a hidden name" : "a name for unfinished files"
      reporter.attention(
        .unfinishedName, account: account.name, of: path, at: folder.place(of: name),
        "\(path) has had \(kind) for \(DurationText.format(duration)), and is not sent: rename it if it is finished, or remove it"
      )
    }
  }

  /// Says that such files are gone, or have another name.
  func tell(ofUnfinishedGone names: some Sequence<[UInt8]>, from folder: LocalFolder) {
    for name in names {
      let path = folder.shownPath(of: name)
      reporter.isOver(.unfinishedName, account: account.name, of: path, "\(path) is gone, or has another name")
    }
  }

  /// Reports a taken file that is gone before it was sent.
  func tell(ofMissing item: OutgoingItem, from folder: OutgoingFolder) async {
    await reporter.reporting(account) { () async throws(ExchangeError) in
      let delivery = try await exchange.journal.lastDelivery(from: item.journalPath)
      if let delivery, delivery.state.isFinished { return }
      let number = delivery.map { "D\($0.id)" }
      let end = number.map { ", or end its delivery: \(Remedy.Step.cancel($0))" } ?? ""
      reporter.attention(
        .missing, account: account.name, of: item.journalPath,
        "\(item.name) was taken and not sent yet, and is gone from \(folder.taken.path): put it back there as \(item.cornerName)\(end)"
      )
    }
  }

  /// Says that a taken file is where it belongs, or on its way.
  func tell(ofWell item: OutgoingItem) {
    reporter.isOver(.missing, account: account.name, of: item.journalPath, "\(item.name) is there again")
    reporter.isOver(.fileRefused, account: account.name, of: item.journalPath, "\(item.name) goes on")
  }

  /// Reports a taken file that cannot be put in its final place. It stays in `.taken`, and is tried again.
  func tell(ofStuck item: OutgoingItem, delivery: Int64?, because error: ExchangeError) {
    reporter.attention(
      .fileRefused, account: account.name, number: delivery.map { "D\($0)" }, of: item.journalPath,
      "\(item.name) cannot get further: \(error)")
  }

  /// Reports a file that has had a second name for long.
  func tell(ofSecondName name: [UInt8], in folder: LocalFolder) {
    let path = folder.shownPath(of: name)
    reporter.attention(
      .secondName, account: account.name, of: path, at: folder.place(of: name),
      "\(path) has a second name (a hard link), by which it could be changed while it is sent: it waits until it has one alone; remove the other, or put a copy there"
    )
  }

  /// Reports a refused delivery from no watched folder: a business receipt, or a file sent by hand.
  func tell(ofRefused delivery: Delivery) {
    guard delivery.state == .refused else { return }
    reporter.attention(
      .refused, account: account.name, number: "D\(delivery.id)",
      "the platform refused D\(delivery.id) \(delivery.wireName): \(delivery.outcome ?? "no reason given"); when that is mended: \(Remedy.Step.retry("D\(delivery.id)"))"
    )
  }

  /// Reports a delivery from no watched folder that its sender has abandoned.
  func tell(ofAbandoned delivery: Delivery) {
    reporter.attention(
      .abandoned, account: account.name, number: "D\(delivery.id)",
      "D\(delivery.id) \(delivery.wireName) by \(delivery.route) has been \(delivery.state.rawValue) since \(delivery.changedAt), and nobody is sending it: \(Remedy.retryOrCancel("D\(delivery.id)"))"
    )
  }

  /// Puts a file aside that will not be sent, and says so.
  func setAside(
    _ item: OutgoingItem, in folder: OutgoingFolder, delivery: Int64?, because reason: String
  ) async throws(ExchangeError) {
    guard
      try await isPutAway({ () throws(ExchangeError) in
        try folder.setAside(item, delivery: delivery, reason: reason)
      })
    else { return }
    try await clearSuspect(item, in: folder)
    reporter.count { $0.setAside += 1 }
    let corner = folder.folder.path.appending("set-aside").appending(delivery.map { "D\($0)" } ?? item.mark)
    reporter.attention(
      .setAside, account: account.name, number: delivery.map { "D\($0)" }, at: corner.appending(item.name),
      "\(item.name) is set aside in \(folder.rules.path)/set-aside: \(reason)")
  }

  /// Returns true if a file was put away now; a text that could not be written beside it is reported.
  func isPutAway(
    _ work: @escaping @Sendable () throws(ExchangeError) -> OutgoingFolder.PutAway
  ) async throws(ExchangeError) -> Bool {
    switch try await BlockingThreads.shared.run(work) {
    case .wasGone: return false
    case .done: return true
    case .withoutText(let error):
      reporter.once(.error, "\(account.name): \(error)")
      return true
    }
  }
}

extension LocalFolder {
  /// The path of what has a name in it, for a line of text.
  func shownPath(of name: [UInt8]) -> String {
    VisibleText.oneLine("\(path)/\(String(decoding: name, as: UTF8.self))")
  }

  /// The path by which what has a name in it is found again; `nil` for a name that is no text.
  func place(of name: [UInt8]) -> FilePath? { String(validating: name, as: UTF8.self).map { path.appending($0) } }
}
