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
  let logger: Logger
  let onBytes: @Sendable (UInt64) -> Void

  /// Room that is left on the disk for others, in bytes.
  private static let spaceToSpare: UInt64 = 8 << 20

  /// Takes the arrival to its end.
  ///
  /// - Throws: ``ExchangeError``; the journal then holds the last step that was done, and a later run goes on there.
  func drive(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    let isFromBefore = arrival.state != .seen && arrival.state != .fetching
    // Handed over before and here again: the platform's copy is left from a run that ended before removing it.
    if arrival.state == .removed {
      try await removeRemote(arrival, sizeIsSure: false)
      return arrival
    }
    var machine = ArrivalMachine(resuming: arrival.state)
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
        machine.apply(.placed)
      case .handOver:
        // The inbox folder is the hand-over: the file lies there whole, under its final name.
        machine.apply(.handedOver)
      case .removeRemote:
        try await inbox.forget(arrival)
        try await removeRemote(arrival, sizeIsSure: !isFromBefore)
        machine.apply(.removedRemotely)
      case .nothing:
        return arrival
      }
      arrival = try await record(arrival, machine)
    }
  }

  private func record(_ arrival: Arrival, _ machine: ArrivalMachine) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    if arrival.state == machine.state { return arrival }
    arrival.state = machine.state
    logger.debug("arrival \(arrival.id) is \(arrival.state.rawValue)")
    return try await journal.record(arrival)
  }

  private var folder: RemotePath { RemotePath(account.folders.in) }

  private func fetch(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    let free = try await inbox.freeBytes()
    guard free >= Self.spaceToSpare, free - Self.spaceToSpare >= arrival.size else {
      throw ExchangeError(
        .localFile, operation: "fetch", path: arrival.wireName,
        message: "it needs \(arrival.size) bytes, and the disk has \(free) left",
        remedy: "make room on the disk and try again; it waits in IN")
    }
    let file = try await inbox.temporaryFile(for: arrival)
    do throws(SFTPError) {
      let fetched = ConfirmedBytes()
      try await client.download(folder.appending(arrival.wireName), to: ArrivalSink(file: file, size: arrival.size)) {
        news in
        let (before, now) = fetched.advance(to: news.bytes)
        if now > before { onBytes(now - before) }
      }
    } catch {
      if let cause = error.cause as? ExchangeError { throw cause }
      throw ExchangeError(error, while: "fetch")
    }
    let (size, sha256) = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try file.synchronize()
      return (try file.status().size, try file.digest())
    }
    guard size == arrival.size else {
      throw ExchangeError(
        .notWhole, operation: "fetch", path: arrival.wireName,
        message: "\(size) bytes came, its metadata says \(arrival.size)", remedy: "it is left in IN; try again")
    }
    var arrival = arrival
    arrival.sha256 = sha256
    arrival.localName = try await inbox.freeName(for: arrival)
    try await inbox.noteWhole(arrival)
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

  /// What an earlier run handed over may lie under its old metadata only because the next file of that name is coming.
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
        "\(there) bytes lie there, and transfer \(arrival.fileTransferUUID) was handed over with \(arrival.size)",
      remedy:
        "it is left in IN, as it may be the beginning of another file; ask the platform's help desk if it stays so")
  }

  /// Removes data and metadata from IN, after making sure that they are still those of this transfer.
  private func removeRemote(_ arrival: Arrival, sizeIsSure: Bool) async throws(ExchangeError) {
    let metadataPath = folder.appending(arrival.wireName + account.suffixes.metadata)
    guard let (metadata, _) = try await intake.readMetadata(metadataPath) else { return }
    guard metadata.fileTransferUUID == arrival.fileTransferUUID else {
      logger.notice("\(metadataPath) belongs to a newer transfer; it stays")
      return
    }
    if !sizeIsSure { try await requireSameSize(arrival) }
    try await remove(folder.appending(arrival.wireName))
    try await remove(metadataPath)
  }

  private func remove(_ path: RemotePath) async throws(ExchangeError) {
    do throws(SFTPError) {
      try await client.remove(path)
    } catch {
      if error.code != .noSuchFile { throw ExchangeError(error, while: "remove from IN") }
    }
  }
}
