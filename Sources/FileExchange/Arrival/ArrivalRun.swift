internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging
internal import TriggerFiles

/// Drives one arrival from IN to its removal there: asks the machine, does the step, writes the journal.
struct ArrivalRun: Sendable {
  let journal: any JournalStore
  let client: SFTPClient
  let account: Account
  let inbox: InboxFolder
  let intake: Intake
  let handOver: HandOver
  let keepsRemote: Bool
  let verifiesRepeats: Bool
  /// The speed that the account is held to, if it is.
  let pace: TransferPace?
  let logger: Logger
  let onBytes: @Sendable (UInt64) -> Void

  /// Takes the arrival to its end, or to where a program of the receiver's is to have it: that may take long, and is
  /// for ``HandOver``.
  ///
  /// - Throws: ``ExchangeError``; the journal then holds the last step that was done, and a later run goes on there.
  func drive(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    let isFromBefore = arrival.state != .seen && arrival.state != .fetching
    var machine = ArrivalMachine(resuming: arrival)
    while true {
      switch machine.step {
      case .fetch:
        machine.apply(.began)
        arrival = try await record(arrival, machine)
        arrival = try await fetch(arrival)
        machine.apply(.fetched)
      case .place where try await inbox.hasLost(arrival):
        logger.notice("arrival \(arrival.id) was fetched, and is not where it was put; it is fetched again")
        machine.apply(.lost)
      case .place:
        arrival = try await place(arrival)
        arrival.forgetFailures()
        machine.apply(.placed)
      case .handOver where try handOver.isWork(arrival):
        return arrival
      case .handOver:
        // The inbox folder is the hand-over: the file lies there whole, under its final name.
        machine.apply(.handedOver)
      case .removeRemote where keepsRemote:
        try await inbox.forget(arrival)
        return arrival
      case .removeRemote:
        try await inbox.forget(arrival)
        _ = try await removeRemote(arrival, contentIsSure: !isFromBefore)
        machine.apply(.removedRemotely)
      case .nothing:
        return arrival
      }
      arrival = try await record(arrival, machine)
    }
  }

  /// Removes what was handed over and removed before, and lies in IN again: the platform sent it twice, or a run ended
  /// before the journal could say that it had removed it. False when nothing lies there.
  func removeAgain(_ arrival: Arrival) async throws(ExchangeError) -> Bool {
    try await removeRemote(arrival, contentIsSure: false)
  }

  private func record(_ arrival: Arrival, _ machine: ArrivalMachine) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    if arrival.state == machine.state { return arrival }
    arrival.take(machine)
    logger.debug("arrival \(arrival.id) is \(arrival.state.rawValue)")
    return try await journal.record(arrival)
  }

  private var folder: RemotePath { RemotePath(account.folders.in) }

  private func fetch(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    let file = try await inbox.temporaryFile(for: arrival)
    do throws(ExchangeError) {
      return try await fetch(arrival, into: file)
    } catch let failure {
      // The room that was kept for it is for others until it is tried again.
      do throws(ExchangeError) { try await inbox.drop(arrival) } catch { logger.warning("\(error)") }
      throw failure
    }
  }

  private func fetch(_ arrival: Arrival, into file: LocalFile) async throws(ExchangeError) -> Arrival {
    // Before a byte has come: where there is no name for it, it would come for nothing each time.
    let name = try await inbox.freeName(for: arrival)
    do throws(SFTPError) {
      let fetched = ConfirmedBytes()
      let whole = ArrivalSink(file: file, size: arrival.size)
      let sink: any DownloadSink = pace.map { PacedSink(whole, pace: $0) } ?? whole
      try await client.download(folder.appending(arrival.wireName), to: sink) {
        news in
        let (before, now) = fetched.advance(to: news.bytes)
        if now > before { onBytes(now - before) }
      }
    } catch {
      if let cause = error.cause as? ExchangeError { throw cause }
      if error.code == .noSuchFile { throw .vanished(arrival.wireName) }
      throw ExchangeError(error, while: "fetch")
    }
    // While the disk is at work.
    async let later = Result { () async throws(ExchangeError) in try await requireSameTransfer(arrival) }
    let (size, sha256) = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try file.synchronize()
      return (try file.status().size, try file.digest())
    }
    try await later.get()
    guard size == arrival.size else {
      throw ExchangeError(
        .notWhole, operation: "fetch", path: arrival.wireName,
        message: "\(size.grouped) bytes came, its metadata says \(arrival.size.grouped)",
        remedy: "it is left in IN; try again")
    }
    var arrival = arrival
    arrival.sha256 = sha256
    arrival.localName = name
    return arrival
  }

  /// The name was free a moment ago and is in the journal; should it be taken now, another one is journalled first.
  private func place(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    while true {
      let name: String
      if let journalled = arrival.localName { name = journalled } else { name = try await inbox.freeName(for: arrival) }
      if try await inbox.place(arrival, as: name) { return arrival }
      arrival.localName = try await inbox.freeName(for: arrival)
      arrival = try await journal.record(arrival)
    }
  }

  /// What came may be the next file of its name, whose metadata has taken the old one's place since it was read. When
  /// the metadata is gone nobody else can have the file any more: what came, and has the right size, is kept.
  private func requireSameTransfer(_ arrival: Arrival) async throws(ExchangeError) {
    let path = folder.appending(arrival.wireName + account.suffixes.metadata)
    guard let (metadata, _) = try await intake.readMetadata(path), metadata.fileTransferUUID != arrival.fileTransferUUID
    else { return }
    throw ExchangeError(
      .remoteDiffers, operation: "fetch", path: arrival.wireName,
      message:
        "while transfer \(arrival.fileTransferUUID) was fetched, \(metadata.fileTransferUUID) was put in its place",
      remedy: "what came is dropped, and the new one is collected next; ask the platform's help desk about the old one")
  }

  /// What was handed over may lie under its old metadata only because the next file of that name is coming: data comes
  /// first, metadata after.
  private func requireSameSize(_ arrival: Arrival) async throws(ExchangeError) {
    let path = folder.appending(arrival.wireName)
    let there: UInt64?
    do throws(SFTPError) {
      there = try await client.attributesIfPresent(of: path)?.size
    } catch {
      throw ExchangeError(error, while: "look into IN")
    }
    guard let there, there != arrival.size else { return }
    throw ExchangeError(
      .remoteDiffers, operation: "look into IN", path: path.string,
      message:
        "\(there.grouped) bytes lie there, and transfer \(arrival.fileTransferUUID) was handed over with \(arrival.size.grouped)",
      remedy:
        "it is left in IN, as it may be the beginning of another file; ask the platform's help desk if it stays so")
  }

  /// The same name and size may still be another content.
  private func requireSameContent(_ arrival: Arrival) async throws(ExchangeError) {
    let path = folder.appending(arrival.wireName)
    let sink = HashingSink()
    do throws(SFTPError) {
      try await client.download(path, to: sink, limit: arrival.size)
    } catch {
      if error.code == .noSuchFile { return }
      throw ExchangeError(error, while: "verify what came again")
    }
    let digest = sink.finish()
    guard digest != arrival.sha256 else { return }
    let message =
      "transfer \(arrival.fileTransferUUID) was handed over before, and came again with another content (SHA-256 \(digest))"
    if arrival.reason != message {
      var refused = arrival
      refused.reason = message
      _ = try await journal.record(refused)
    }
    throw ExchangeError(
      .remoteDiffers, operation: "verify what came again", path: path.string, message: message,
      remedy: "it is left in IN; ask the platform's help desk why one id stands for two files")
  }

  /// Removes data and metadata from IN, after making sure that they are still those of this transfer. False when they
  /// are not there, or not this transfer's.
  private func removeRemote(_ arrival: Arrival, contentIsSure: Bool) async throws(ExchangeError) -> Bool {
    let metadataPath = folder.appending(arrival.wireName + account.suffixes.metadata)
    async let size = Result { () async throws(ExchangeError) in try await requireSameSize(arrival) }
    let read = await Result { () async throws(ExchangeError) in try await intake.readMetadata(metadataPath) }
    let sameSize = await size
    guard let (metadata, _) = try read.get() else { return false }
    guard metadata.fileTransferUUID == arrival.fileTransferUUID else {
      logger.notice("\(metadataPath) belongs to a newer transfer; it stays")
      return false
    }
    try sameSize.get()
    if !contentIsSure, verifiesRepeats { try await requireSameContent(arrival) }
    try await remove(folder.appending(arrival.wireName))
    try await remove(metadataPath)
    return true
  }

  private func remove(_ path: RemotePath) async throws(ExchangeError) {
    do throws(SFTPError) {
      try await client.remove(path)
    } catch {
      if error.code != .noSuchFile { throw ExchangeError(error, while: "remove from IN") }
    }
  }
}

extension ExchangeError {
  /// Something is gone from IN that nobody who uses this journal took.
  static func vanished(_ wireName: String) -> ExchangeError {
    ExchangeError(
      .vanished, operation: "fetch", path: wireName,
      message: "it is gone from IN, and nobody who uses this journal took it",
      remedy:
        "look for another machine or program that empties the same IN: two machines on one account are not supported")
  }
}
