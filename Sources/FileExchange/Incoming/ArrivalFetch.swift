internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// Fetches one arrival's data into its temporary file, from where an earlier attempt came if the file in IN is proven
/// to be the same: by its size, and by a modification time that stood for its content then and is the same now.
///
/// Large data comes over the account's further connections, too, where it has some. Whatever came over several
/// connections, one after the other or at the same time, is hashed as a whole, from the file.
struct ArrivalFetch: Sendable {
  let run: ArrivalRun
  let arrival: Arrival
  let begun: InboxFolder.Begun
  /// The hash computed during the download; `nil` for a small file.
  let hash: FetchedHash?

  private var path: RemotePath { run.folder.appending(arrival.wireName.string) }

  /// The progress of the download under way.
  private struct Progress: Sendable {
    /// The attributes of the server's file when it was opened.
    var opened: FileAttributes?
    /// The number of bytes that came without gaps.
    var bytes: UInt64 = 0
  }

  /// Fetches the data; returns the modification time that proves its content, if any does.
  ///
  /// - Throws: ``ExchangeError``; the bytes so far are kept if they are many and the connection was lost, and dropped
  ///   otherwise.
  func carryOut() async throws(ExchangeError) -> Int64? {
    let progress = Locked(Progress())
    var earliest = run.clock.earliest
    do throws(ExchangeError) {
      let bulk = try await prepare()
      earliest = run.clock.earliest
      if let beginning = begun.beginning {
        if try await isSame(as: beginning) {
          run.logger.about(arrival).say(
            .info,
            LocalizedText(
              "A\(arrival.id) goes on after \(beginning.bytes.groupedBytes)",
              "A\(arrival.id) fortsætter efter \(beginning.bytes.grouped) byte"))
          let attributes = try await download(from: beginning.bytes, over: bulk, progress, earliest)
          if isProven(attributes, as: beginning) { return beginning.modified }
        }
        run.logger.about(arrival).say(
          .info,
          LocalizedText(
            "A\(arrival.id) is fetched from its first byte: the file in IN is another one by now",
            "A\(arrival.id) hentes forfra: filen i IN er en anden nu"))
        try await startAgain(progress)
      }
      let attributes = try await download(from: 0, over: bulk, progress, earliest)
      if let settled = ServerClock.settledTime(of: attributes, earliest: earliest) { return settled }
      guard bulk?.wasShared == true else { return nil }
      // Each connection opened the file by its path, so they may have read different files.
      run.logger.about(arrival).say(
        .info,
        LocalizedText(
          "A\(arrival.id) is fetched again over one connection: it was put into IN just before",
          "A\(arrival.id) hentes igen over én forbindelse: den blev lagt i IN lige før"))
      try await startAgain(progress)
      let second = try await download(from: 0, over: nil, progress, earliest)
      return ServerClock.settledTime(of: second, earliest: earliest)
    } catch {
      throw await failed(error, progress.withLock { $0 }, earliest: earliest)
    }
  }

  /// Waits until the modification time proves the content, if that is needed: for resuming a large file, and for
  /// fetching it over several connections, because each of them opens it by its path.
  ///
  /// - Returns: the helping connections; `nil` for none.
  private func prepare() async throws(ExchangeError) -> BulkTransfer? {
    let bulk = run.bulk()
    let isShared = bulk?.connections.areWorthwhile(for: arrival.size - (begun.beginning?.bytes ?? 0)) ?? false
    guard isShared || arrival.size > Self.costlyToRepeat else { return nil }
    let isSettled = try await letSettle()
    return isShared && isSettled ? bulk : nil
  }

  private func startAgain(_ progress: Locked<Progress>) async throws(ExchangeError) {
    progress.withLock { $0 = Progress() }
    await hash?.reset()
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try begun.file.truncate(to: 0) }
  }

  /// Keeps or drops the bytes that came before a failure.
  ///
  /// - Returns: the failure; it does not count against the file if more bytes are kept than before.
  private func failed(
    _ failure: ExchangeError, _ progress: Progress, earliest: Int64?
  ) async -> ExchangeError {
    var failure = failure
    guard failure.endsRun, arrival.size > Self.costlyToRepeat, progress.opened != nil || begun.beginning != nil else {
      await run.drop(arrival)
      return failure
    }
    // Nothing was opened, so the earlier part stays as it is.
    guard let opened = progress.opened else { return failure }
    guard opened.size == arrival.size, let modified = ServerClock.settledTime(of: opened, earliest: earliest),
      begun.beginning == nil || begun.beginning?.modified == modified
    else {
      await run.drop(arrival)
      return failure
    }
    do throws(ExchangeError) {
      let kept = try await inbox.keep(arrival, in: begun.file, upTo: progress.bytes, modified: modified)
      if kept > begun.beginning?.bytes ?? 0 {
        failure.keepsMore = true
        run.onKept()
      }
    } catch {
      run.logger.about(arrival, error).say(.warning, error.inBothLanguages)
      await run.drop(arrival)
    }
    return failure
  }

  private var inbox: InboxFolder { run.inbox }

  /// Returns true if the file in IN has the same size and modification time as when its first part was fetched.
  private func isSame(as beginning: FetchedBeginning) async throws(ExchangeError) -> Bool {
    do throws(SFTPError) {
      guard let now = try await run.client.attributesIfPresent(of: path) else { return false }
      return isProven(now, as: beginning)
    } catch {
      throw ExchangeError(error, while: "fetch")
    }
  }

  private func isProven(_ attributes: FileAttributes, as beginning: FetchedBeginning) -> Bool {
    attributes.size == arrival.size && attributes.modified.map(Int64.init) == beginning.modified
  }

  /// The number of bytes between two progress records.
  private static let bytesPerNote: UInt64 = 64 << 20

  /// Downloads from an offset on, and records the progress of a long file now and then.
  ///
  /// - Returns: the attributes that the server gave when the file was opened.
  private func download(
    from start: UInt64, over bulk: BulkTransfer?, _ progress: Locked<Progress>, _ earliest: Int64?
  ) async throws(ExchangeError) -> FileAttributes {
    guard let hash, arrival.size > Self.bytesPerNote else {
      return try await receive(from: start, over: bulk, progress) {}
    }
    let (notes, noting) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    async let noted: Void = write(notes, by: hash, progress, earliest)
    let outcome = await Result { () async throws(ExchangeError) in
      try await receive(from: start, over: bulk, progress) { noting.yield() }
    }
    noting.finish()
    // The last progress record must be written before the data is kept or dropped.
    await noted
    return try outcome.get()
  }

  /// Records the progress if the download could be resumed from it: the modification time must prove the content, and
  /// more must be hashed than an earlier attempt's record says.
  private func write(
    _ notes: AsyncStream<Void>, by hash: FetchedHash, _ progress: Locked<Progress>, _ earliest: Int64?
  ) async {
    for await _ in notes {
      guard let opened = progress.withLock({ $0.opened }), opened.size == arrival.size,
        let modified = ServerClock.settledTime(of: opened, earliest: earliest),
        begun.beginning == nil || begun.beginning?.modified == modified
      else { continue }
      let (bytes, sha256) = hash.soFar
      guard bytes > begun.beginning?.bytes ?? 0 else { continue }
      do throws(ExchangeError) {
        try await inbox.note(FetchedBeginning(bytes: bytes, modified: modified, sha256: sha256), of: arrival)
      } catch {
        run.logger.about(arrival, error).say(.warning, error.of("A\(arrival.id)"))
      }
    }
  }

  /// Downloads from an offset on; calls `note` whenever the progress is worth a record.
  private func receive(
    from start: UInt64, over bulk: BulkTransfer?, _ progress: Locked<Progress>,
    note: @escaping @Sendable () -> Void
  ) async throws(ExchangeError) -> FileAttributes {
    do throws(SFTPError) {
      let fetched = ConfirmedBytes(from: start)
      let whole = ArrivalSink(file: begun.file, size: arrival.size)
      let sink: any DownloadSink = run.pace.map { PacedSink(whole, pace: $0) } ?? whole
      let summary = try await run.client.download(
        path, to: sink, resumeAt: start, expected: arrival.size, over: bulk
      ) { news in
        let (before, now) = fetched.advance(to: news.bytes)
        progress.withLock { progress in
          progress.opened = progress.opened ?? news.attributes
          progress.bytes = max(progress.bytes, now)
        }
        guard now > before else { return }
        hash?.follow(to: now)
        if now / Self.bytesPerNote > before / Self.bytesPerNote { note() }
        run.onBytes(now - before)
      }
      return summary.attributes
    } catch {
      if let cause = error.cause as? ExchangeError { throw cause }
      if error.code == .noSuchFile { throw .vanished(arrival.wireName) }
      throw ExchangeError(error, while: "fetch")
    }
  }

  /// From this size on, fetching twice takes longer than waiting until the modification time proves the content.
  static let costlyToRepeat: UInt64 = 16 << 20

  /// Waits until data is old enough, by the server's clock, for its modification time to prove its content; at most two
  /// seconds.
  ///
  /// - Returns: false if the server gives no such time.
  private func letSettle() async throws(ExchangeError) -> Bool {
    let attributes: FileAttributes?
    do throws(SFTPError) {
      attributes = try await run.client.attributesIfPresent(of: run.folder.appending(arrival.wireName.string))
    } catch {
      throw ExchangeError(error, while: "fetch")
    }
    guard let modified = attributes?.modified.map(Int64.init) else { return false }
    let now = [modified, run.clock.earliest, attributes?.accessed.map(Int64.init)].compactMap { $0 }.max() ?? modified
    let rest = ServerClock.settling - (now - modified)
    guard rest > 0 else { return true }
    do {
      try await Task.sleep(for: .seconds(rest))
    } catch {
      throw .cancelled(while: "fetch")
    }
    run.clock.note(FileAttributes(accessed: UInt32(clamping: now + rest)))
    return true
  }
}
