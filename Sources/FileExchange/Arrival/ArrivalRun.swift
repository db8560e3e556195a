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
  let clock: ServerClock
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
        let comparesProven = isFromBefore && verifiesRepeats
        if let removed = try await removal.carryOut(arrival, comparesProven: comparesProven) {
          arrival = removed
        } else {
          arrival.reason = "it lay in IN no more"
        }
        // Whatever lies there from now on is another file.
        (arrival.settledModified, arrival.differentModified) = (nil, nil)
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
    try await removal.carryOut(arrival, comparesProven: verifiesRepeats) != nil
  }

  private var removal: RemoteRemoval {
    RemoteRemoval(
      journal: journal, client: client, account: account, intake: intake, clock: clock, logger: logger)
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
    if arrival.size > Self.costlyToRepeat { try await letSettle(arrival) }
    let earliest = clock.earliest
    let attributes: FileAttributes
    do throws(SFTPError) {
      let fetched = ConfirmedBytes()
      let whole = ArrivalSink(file: file, size: arrival.size)
      let sink: any DownloadSink = pace.map { PacedSink(whole, pace: $0) } ?? whole
      attributes = try await client.download(folder.appending(arrival.wireName), to: sink) {
        news in
        let (before, now) = fetched.advance(to: news.bytes)
        if now > before { onBytes(now - before) }
      }.attributes
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
    arrival.settledModified = ServerClock.settledTime(of: attributes, earliest: earliest)
    arrival.differentModified = nil
    return arrival
  }

  /// Fetching so much twice takes longer than waiting until its time stands for its content.
  private static let costlyToRepeat: UInt64 = 16 << 20

  /// Waits until data is old enough, by the server's clock, for its modification time to stand for its content. That
  /// is at most two seconds, for its own time is past.
  private func letSettle(_ arrival: Arrival) async throws(ExchangeError) {
    let attributes: FileAttributes?
    do throws(SFTPError) {
      attributes = try await client.attributesIfPresent(of: folder.appending(arrival.wireName))
    } catch {
      throw ExchangeError(error, while: "fetch")
    }
    guard let modified = attributes?.modified.map(Int64.init) else { return }
    let now = [modified, clock.earliest, attributes?.accessed.map(Int64.init)].compactMap { $0 }.max() ?? modified
    let rest = ServerClock.settling - (now - modified)
    guard rest > 0 else { return }
    do {
      try await Task.sleep(for: .seconds(rest))
    } catch {
      throw .cancelled(while: "fetch")
    }
    clock.note(FileAttributes(accessed: UInt32(clamping: now + rest)))
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
        "while transfer \(arrival.fileTransferUUID) was fetched, \(TransferKey(metadata.fileTransferUUID, atMost: account.longestTransferID).text) was put in its place",
      remedy: "what came is dropped, and the new one is collected next; ask the platform's help desk about the old one")
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
