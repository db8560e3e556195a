internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import SystemPackage

/// Puts one delivery's data into OUT, from where the server acknowledged an earlier attempt.
struct Upload: Sendable {
  let run: DeliveryRun
  let outbox: OutFolder
  let file: StagedFile

  /// The number of acknowledged bytes between two notes in the journal.
  private static let bytesPerNote: UInt64 = 16 << 20

  /// Uploads what is missing, and makes sure that what was sent is what was staged.
  ///
  /// - Throws: ``ExchangeError``; how far the server has it is in the journal then.
  func carryOut(_ delivery: Delivery) async throws(ExchangeError) -> Delivery {
    // What was armed of a file goes on whatever has become of that file; its data goes up again only as it was.
    guard file.sha256 == delivery.sha256 else { throw StagedFile.changed(file.path) }
    var delivery = delivery
    var content = try await file.open()
    var start = try await startingPoint(of: delivery, content)
    var acknowledged = ConfirmedBytes(from: start)
    var bulk = run.bulkUpload(of: delivery.size - start)
    var outcome: Result<TransferSummary, SFTPError>
    while true {
      outcome =
        delivery.size < Self.bytesPerNote
        ? await send(content, from: start, acknowledged, over: bulk) { _ in }
        : await sendNoting(content, from: start, acknowledged, over: bulk, into: delivery)
      guard case .failure(let error) = outcome else { break }
      let isRefusedAsShared = error.refusesSharing && bulk?.wasShared == true
      guard isRefusedAsShared || (start > 0 && error.code == .resumeRefused) else { break }
      await content.sent?.finish()
      let known = content.beginning(atMost: acknowledged.value)
      content = try await file.open()
      start = 0
      if isRefusedAsShared {
        // A server that takes writes in sequence only, or a full disk: one connection shows which.
        bulk?.connections.pauseAfter("\(error)")
        if error.code != .sizeMismatch, let known, try await content.resume(at: known.end, behind: known) {
          start = known.end
        }
      }
      bulk = nil
      run.logger.notice("delivery \(delivery.id) goes on at byte \(start): \(error.message)")
      acknowledged = ConfirmedBytes(from: start)
    }
    if case .failure(let error) = outcome {
      await content.sent?.finish()
      delivery.note(try await content.isUnchanged() ? content.beginning(atMost: acknowledged.value) : nil)
      try await run.journal.noteProgress(of: delivery)
      if let cause = error.cause as? ExchangeError { throw cause }
      throw ExchangeError(error, while: "upload")
    }
    let isUnchanged = try await content.isUnchanged()
    guard await content.wasSent(as: delivery.sha256), isUnchanged else {
      // Without a trigger nothing is committed; the file in OUT must not be continued with another content.
      delivery.note(nil)
      try await run.journal.noteProgress(of: delivery)
      throw StagedFile.changed(
        file.path, "the file changed while it was sent: what lies in OUT is not what was staged, and gets no trigger")
    }
    delivery.note(SentHash.Beginning(end: delivery.size, sha256: delivery.sha256))
    return delivery
  }

  /// Sends what is missing, and writes into the journal now and then how far it is.
  private func sendNoting(
    _ content: StagedContent, from start: UInt64, _ acknowledged: ConfirmedBytes, over bulk: BulkUpload?,
    into delivery: Delivery
  ) async -> Result<TransferSummary, SFTPError> {
    let (notes, noting) = AsyncStream<UInt64>.makeStream(bufferingPolicy: .bufferingNewest(1))
    async let noted: Void = write(notes, of: content, into: delivery)
    let outcome = await send(content, from: start, acknowledged, over: bulk) { noting.yield($0) }
    noting.finish()
    // No note may come after what is recorded at the end.
    await noted
    return outcome
  }

  /// Sends what is missing; `note` hears how far the server has acknowledged when that is worth a note.
  private func send(
    _ content: StagedContent, from start: UInt64, _ acknowledged: ConfirmedBytes, over bulk: BulkUpload?,
    note: @escaping @Sendable (UInt64) -> Void
  ) async -> Result<TransferSummary, SFTPError> {
    let source: any UploadSource = run.pace.map { PacedSource(content, pace: $0) } ?? content
    return await Result { () async throws(SFTPError) in
      try await run.client.upload(
        source, to: outbox.data, mode: start == 0 ? .replace : .resume, resumeAt: start, over: bulk
      ) { news in
        let (before, now) = acknowledged.advance(to: news.bytes)
        if now > before { run.onBytes(now - before) }
        if now / Self.bytesPerNote > before / Self.bytesPerNote { note(now) }
      }
    }
  }

  /// Writes how far the server has acknowledged into the journal now and then, for a run that ends without a word.
  ///
  /// With the hash of what was sent until there: bytes of another content never count as a beginning of the file.
  private func write(_ notes: AsyncStream<UInt64>, of content: StagedContent, into delivery: Delivery) async {
    for await bytes in notes {
      var delivery = delivery
      delivery.note(content.beginning(atMost: bytes))
      do throws(ExchangeError) {
        guard delivery.acknowledged > 0, try await content.isUnchanged() else { continue }
        try await run.journal.noteProgress(of: delivery)
      } catch {
        run.logger.warning("delivery \(delivery.id): \(error)")
      }
    }
  }

  /// Returns the offset to continue from: only bytes that were acknowledged, that the server still has, and that the
  /// file still begins with, are skipped.
  private func startingPoint(of delivery: Delivery, _ content: StagedContent) async throws(ExchangeError) -> UInt64 {
    guard delivery.acknowledged > 0, let sha256 = delivery.acknowledgedSHA256, run.client.canResumeUploads else {
      return 0
    }
    guard let there = try await outbox.size(of: outbox.data), there <= delivery.size else { return 0 }
    let start = min(delivery.acknowledged, there)
    let sent = SentHash.Beginning(end: delivery.acknowledged, sha256: sha256)
    return try await content.resume(at: start, behind: sent) ? start : 0
  }
}

extension DeliveryRun {
  /// The further connections for what is left of a file; `nil` where one connection sends it.
  fileprivate func bulkUpload(of bytes: UInt64) -> BulkUpload? {
    guard let bulk, bulk.connections.areWorthwhile(for: bytes), client.canResumeUploads else { return nil }
    return bulk
  }
}

extension SFTPError {
  /// True if a server may answer so because a file is written over several connections.
  fileprivate var refusesSharing: Bool {
    switch code {
    case .failure, .unsupported, .permissionDenied, .resumeRefused, .sizeMismatch: true
    default: false
    }
  }
}

extension Delivery {
  /// Notes what the server has acknowledged; `nil` where nothing of it may be built upon.
  fileprivate mutating func note(_ beginning: SentHash.Beginning?) {
    acknowledged = beginning?.end ?? 0
    acknowledgedSHA256 = beginning?.sha256
  }
}
