internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Sees one taken file through: from its delivery in the journal to the place where it lies in the end.
struct OutgoingDesk: Sendable {
  let exchange: Exchange
  let account: Account
  let bulletin: Bulletin

  /// How far a file has come.
  enum Outcome: Sendable {
    /// Its trigger is out, and it waits in the corner for its receipt.
    case sent
    /// It lies where it belongs in the end.
    case closed
    /// Somebody took it out of the corner.
    case gone
    case failed(ExchangeError)
  }

  /// Takes a file as far as it goes without the receipt.
  func deliver(_ item: OutgoingItem, from folder: OutgoingFolder) async -> Outcome {
    do throws(ExchangeError) {
      if let known = try await exchange.journal.lastDelivery(from: item.journalPath) {
        if try await close(known, item, in: folder) { return .closed }
        if known.state.awaitsReceipt { return .sent }
      }
      guard let staged = try await stage(item, from: folder) else { return .gone }
      var outcome = Outcome.sent
      var problem: ExchangeError?
      let failure = await exchange.withConnections(to: account) { client in
        do throws(ExchangeError) {
          let delivery = try await send(staged, over: client)
          outcome = .sent
          if try await close(delivery, item, in: folder) { outcome = .closed }
          return .done
        } catch {
          if error.endsRun { return .lost(error, madeProgress: false) }
          problem = error
          return .done
        }
      }
      if let failure = failure ?? problem { return .failed(failure) }
      return outcome
    } catch {
      return error.code == .fileMissing ? .gone : .failed(error)
    }
  }

  private func send(_ staged: Staging.Staged, over client: SFTPClient) async throws(ExchangeError) -> Delivery {
    var driven = staged.delivery
    try await exchange.takeToTrigger(staged, over: client, of: account) { _ in
    } reached: { before, now in
      driven = now
      if !before.awaitsReceipt { bulletin.count { $0.sent += 1 } }
    }
    bulletin.logger.info("D\(driven.id) \(Masked.name(driven.wireName)) is sent by \(driven.route)")
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
      bulletin.logger.notice("D\(begun.id) is begun anew: its file was written to after it was taken")
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
      guard try await onDisk({ () throws(ExchangeError) in try folder.close(item, delivery: delivery.id) }) else {
        break
      }
      bulletin.count { $0.accepted += 1 }
      bulletin.logger.info("\(name) is accepted")
    case .refused:
      let isNew = try await onDisk { () throws(ExchangeError) in
        try folder.refuse(item, delivery: delivery, receiptSuffix: suffix)
      }
      guard isNew else { break }
      bulletin.count { $0.refused += 1 }
      bulletin.attention(
        .refused, account: account.name, number: "D\(delivery.id)",
        "the platform refused \(name): \(delivery.outcome ?? "no reason given"); it lies in \(folder.rules.path)/refused"
      )
    case .cancelled:
      // Begun anew after its file was written to, and ended before that: there is more to be done.
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

  /// Tells of what lies in the corner for taken files and is no plain file. It is left, for a person to look at.
  func tell(ofStrangers names: [[UInt8]], in folder: OutgoingFolder) {
    for name in names {
      bulletin.attention(
        .notPlain, account: account.name, at: folder.taken.path.appending(String(decoding: name, as: UTF8.self)),
        "\(folder.taken.path)/\(String(decoding: name, as: UTF8.self)) is a symbolic link, or no plain file: it is not sent, and left where it lies; see who put it there, and remove it"
      )
    }
  }

  /// Tells of a file that has had a second name for long.
  func tell(ofSecondName file: String) {
    bulletin.attention(
      .secondName, account: account.name, at: FilePath(file),
      "\(file) has a second name (a hard link), by which it could be changed while it is sent: it waits until it has one alone; remove the other, or put a copy there"
    )
  }

  /// Tells of a delivery from no watched folder that was refused: a business receipt, or what somebody sent by hand.
  func tell(ofRefused delivery: Delivery) {
    guard delivery.state == .refused else { return }
    bulletin.attention(
      .refused, account: account.name, number: "D\(delivery.id)",
      "the platform refused D\(delivery.id) \(delivery.wireName): \(delivery.outcome ?? "no reason given"); when that is mended: filsluse retry D\(delivery.id)"
    )
  }

  /// Tells of a delivery from no watched folder that whoever began it has left.
  func tell(ofAbandoned delivery: Delivery) {
    bulletin.attention(
      .abandoned, account: account.name, number: "D\(delivery.id)",
      "D\(delivery.id) \(delivery.wireName) by \(delivery.route) has been \(delivery.state.rawValue) since \(delivery.changedAt), and nobody is sending it: filsluse retry D\(delivery.id) finishes it, filsluse cancel D\(delivery.id) ends it"
    )
  }

  /// Puts a file aside that will not be sent, and says so.
  func setAside(
    _ item: OutgoingItem, in folder: OutgoingFolder, delivery: Int64?, because reason: String
  ) async throws(ExchangeError) {
    let isNew = try await onDisk { () throws(ExchangeError) in
      try folder.setAside(item, delivery: delivery, reason: reason)
    }
    guard isNew else { return }
    bulletin.count { $0.setAside += 1 }
    let corner = folder.folder.path.appending("set-aside").appending(delivery.map { "D\($0)" } ?? item.mark)
    bulletin.attention(
      .setAside, account: account.name, number: delivery.map { "D\($0)" }, at: corner.appending(item.name),
      "\(item.name) is set aside in \(folder.rules.path)/set-aside: \(reason)")
  }

  private func onDisk(_ work: @escaping @Sendable () throws(ExchangeError) -> Bool) async throws(ExchangeError) -> Bool
  {
    try await BlockingThreads.shared.run(work)
  }
}
