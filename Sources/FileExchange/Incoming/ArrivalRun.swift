internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// Drives one arrival from IN to its removal there: asks the machine, does the step, writes the journal.
struct ArrivalRun: Sendable {
  let journal: Journal
  let client: SFTPClient
  let account: Account
  let inbox: InboxFolder
  let intake: Intake
  let handOver: HandOverRun
  let clock: ServerClock
  let keepsRemote: Bool
  let verifiesRepeats: Bool
  /// The semaphore for fetching data.
  let fetches: AsyncSemaphore
  /// The speed that the account is held to, if it is.
  let pace: BandwidthLimiter?
  /// Returns the further connections for one fetch, if the account has them.
  let bulk: @Sendable () -> BulkTransfer?
  let logger: Logger
  let onBytes: @Sendable (UInt64) -> Void
  /// Called when bytes are kept for the next connection.
  let onKept: @Sendable () -> Void

  /// Takes the arrival to its end, or up to its hand-over to the receiver's program, which may take long and is done by
  /// ``HandOverRun``.
  ///
  /// - Parameter metadata: the metadata just read from IN, if size and time prove that it is the recorded one.
  /// - Throws: ``ExchangeError``; the journal then holds the last completed step, and a later run goes on there.
  func drive(_ arrival: Arrival, metadata: SettledFile? = nil) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    let isFromBefore = arrival.state != .seen && arrival.state != .fetching
    while true {
      switch ArrivalMachine(resuming: arrival).step {
      case .fetch:
        if arrival.state == .seen { arrival = try await journal.transition(arrival, .began) }
        arrival = try await journal.transition(try await fetch(arrival, metadata), .fetched)
      case .place:
        guard let placed = try await place(arrival) else {
          logger.about(arrival).say(
            .notice,
            LocalizedText(
              "A\(arrival.id) was fetched, and is not where it was put; it is fetched again",
              "A\(arrival.id) var hentet, men er ikke, hvor den blev lagt; den hentes igen"))
          arrival = try await journal.transition(arrival, .lost)
          break
        }
        arrival = placed
        arrival.forgetFailures()
        // Where no program is to have it, it has just been handed over.
        if case .success(false) = Result(catching: { () throws(ExchangeError) in try handOver.isWork(arrival) }) {
          arrival = try await journal.transition(arrival, .placed, then: .handedOver)
        } else {
          arrival = try await journal.transition(arrival, .placed)
        }
      case .handOver where try handOver.isWork(arrival):
        return arrival
      case .handOver:
        // The inbox folder is the hand-over: the file is whole there, under its final name.
        arrival = try await journal.transition(arrival, .handedOver)
      case .removeRemote where keepsRemote:
        try await inbox.forget(arrival)
        return arrival
      case .removeRemote:
        try await inbox.forget(arrival)
        let comparesProven = isFromBefore && verifiesRepeats
        if let removed = try await removal.carryOut(arrival, metadata, comparesProven: comparesProven) {
          arrival = removed
        } else {
          arrival.reason = .notInIN
        }
        // Any file there from now on is another one.
        (arrival.settledModified, arrival.differentModified) = (nil, nil)
        arrival = try await journal.transition(arrival, .removedRemotely)
      case .nothing:
        return arrival
      }
      logger.debug("A\(arrival.id) is \(arrival.state.rawValue)")
    }
  }

  /// Removes an arrival that was handed over and removed before, and is in IN again: the platform sent it twice, or a
  /// run ended before the journal recorded the removal. Returns false when there is no such file.
  func removeAgain(_ arrival: Arrival) async throws(ExchangeError) -> Bool {
    try await removal.carryOut(arrival, nil, comparesProven: verifiesRepeats) != nil
  }

  private var removal: RemoteRemoval {
    RemoteRemoval(
      journal: journal, client: client, account: account, intake: intake, clock: clock, logger: logger)
  }

  var folder: RemotePath { RemotePath(account.folders.in) }

  private func fetch(_ arrival: Arrival, _ metadata: SettledFile?) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    let (file, hash) = try await fetches.whileTaking { () async throws(ExchangeError) -> (LocalFile, FetchedHash?) in
      // Before a byte has come: where there is no name for it, it would come for nothing each time.
      let begun = try await inbox.begin(arrival)
      arrival.localName = begun.name
      let hash = arrival.size >= Self.hashedInPassing ? FetchedHash(of: begun.file) : nil
      arrival.settledModified = try await ArrivalFetch(run: self, arrival: arrival, begun: begun, hash: hash).carryOut()
      return (begun.file, hash)
    }
    do throws(ExchangeError) {
      arrival.sha256 = try await synchronize(file, hash, of: arrival, metadata)
    } catch let failure {
      await drop(arrival)
      throw failure
    }
    arrival.differentModified = nil
    return arrival
  }

  /// Drops the fetched bytes of an arrival, and frees the space reserved for it.
  func drop(_ arrival: Arrival) async {
    do throws(ExchangeError) { try await inbox.drop(arrival) } catch {
      logger.about(arrival, error).say(.warning, error.inBothLanguages)
    }
  }

  /// Syncs the fetched file to the disk under its temporary name, and checks that it is complete and belongs to its
  /// transfer; returns its hash.
  private func synchronize(
    _ file: LocalFile, _ hash: FetchedHash?, of arrival: Arrival, _ metadata: SettledFile?
  ) async throws(ExchangeError) -> SHA256Digest {
    // These two run while the disk writes.
    async let later = Result { () async throws(ExchangeError) in try await requireSameTransfer(arrival, metadata) }
    async let named = Result { () async throws(ExchangeError) in try await inbox.synchronizeTemporaryNames() }
    let (size, sha256) = try await store(file, hash)
    try await later.get()
    try await named.get()
    guard size == arrival.size else {
      throw ExchangeError(
        .sizeMismatch, operation: "fetch", path: arrival.wireName.string,
        message: "\(size.groupedBytes) came, its metadata says \(arrival.size.grouped)",
        remedy: "it is left in IN; try again"
      ).inDanish(detail: "der kom \(size.grouped) byte, og metadata siger \(arrival.size.grouped)")
    }
    return sha256
  }

  /// From this size on, a file is hashed during the download instead of after it.
  private static let hashedInPassing: UInt64 = 1 << 20

  /// Returns the size and the hash of a fetched file when all of it is on the disk.
  private func store(
    _ file: LocalFile, _ hash: FetchedHash?
  ) async throws(ExchangeError) -> (UInt64, SHA256Digest) {
    guard let hash else {
      return try await BlockingThreads.shared.run { () throws(ExchangeError) in
        try file.synchronize()
        return (try file.status().size, try file.digest())
      }
    }
    async let written = Result { () async throws(ExchangeError) in
      try await BlockingThreads.shared.run { () throws(ExchangeError) in try file.synchronize() }
    }
    let hashed = await Result { () async throws(ExchangeError) in try await hash.digest() }
    try await written.get()
    return try hashed.get()
  }

  /// Places the fetched file under its recorded name, which was free a moment ago; if it is taken now, another name is
  /// recorded first. Returns `nil` if the fetched file is missing.
  private func place(_ arrival: Arrival) async throws(ExchangeError) -> Arrival? {
    var arrival = arrival
    while true {
      let name: String
      if let journalled = arrival.localName { name = journalled } else { name = try await inbox.freeName(for: arrival) }
      switch try await inbox.place(arrival, as: name) {
      case .placed: return arrival
      case .lost: return nil
      case .nameTaken:
        arrival.localName = try await inbox.freeName(for: arrival)
        arrival = try await journal.update(arrival)
      }
    }
  }

  /// Checks that the fetched data belongs to this transfer: a later file of the same name may have replaced it, which
  /// shows in new metadata. If the metadata is gone, no other process can have the file any more, and data of the right
  /// size is kept.
  private func requireSameTransfer(_ arrival: Arrival, _ settled: SettledFile?) async throws(ExchangeError) {
    let path = folder.appending(arrival.wireName.string + account.suffixes.metadata)
    guard let bytes = try await intake.metadataNow(of: arrival, at: path, settled), bytes != arrival.metadata else {
      return
    }
    let metadata = try intake.parse(bytes, from: path)
    guard metadata.fileTransferUUID != arrival.fileTransferUUID else { return }
    let next = TransferKey(metadata.fileTransferUUID, atMost: account.longestTransferID).text
    throw ExchangeError(
      .remoteDiffers, operation: "fetch", path: arrival.wireName.string,
      message: "while transfer \(arrival.fileTransferUUID) was fetched, \(next) was put in its place",
      remedy: "what came is dropped, and the new one is collected next; ask the platform's help desk about the old one"
    ).inDanish(
      "\(arrival.wireName.string): mens overførslen \(arrival.fileTransferUUID) blev hentet, blev \(next) lagt i dens sted. Det hentede kasseres, og den nye hentes bagefter; spørg platformens helpdesk om den gamle."
    )
  }
}

extension ExchangeError {
  /// Returns the error for a file that is gone from IN without a process of this journal taking it.
  static func vanished(_ wireName: JournalledName) -> ExchangeError {
    ExchangeError(
      .vanished, operation: "fetch", path: wireName.string,
      message: "it is gone from IN, and nobody who uses this journal took it",
      remedy:
        "look for another machine or program that empties the same IN: machines share an account only by one journal on PostgreSQL, with machines: several"
    )
  }
}
