internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Uploads one delivery's data to OUT, from the acknowledged part of an earlier attempt on.
struct Upload: Sendable {
  let run: DeliveryRun
  let outbox: OutFolder
  let file: StagedFile
  /// Called when all bytes of a small file are sent, so that others may open theirs. Larger files are first confirmed
  /// by the server, because unsent bytes stay in memory.
  let allSent: @Sendable () -> Void

  /// The greatest size in bytes for a call of ``allSent``.
  private static let largestSentAhead: UInt64 = 16 << 10

  /// The number of acknowledged bytes between two notes in the journal.
  private static let bytesPerNote: UInt64 = 16 << 20

  /// Uploads the missing bytes, and checks that the bytes sent are the staged content.
  ///
  /// - Throws: ``ExchangeError``; the journal then has the progress on the server.
  func carryOut(_ delivery: Delivery) async throws(ExchangeError) -> Delivery {
    // An armed delivery continues whatever has become of its file; data is uploaded again only if it is unchanged.
    guard file.sha256 == delivery.sha256 else { throw StagedFile.changed(file.path) }
    var delivery = delivery
    var attempt = try await firstAttempt(of: delivery)
    if attempt.start < delivery.acknowledged { try await note(attempt.beginning, of: &delivery) }
    var outcome = await send(attempt, of: delivery)
    while case .failure(let error) = outcome, let next = try await self.attempt(after: attempt, error) {
      run.logger.about(delivery, ExchangeError(error, while: "upload")).say(
        .notice,
        LocalizedText(
          "D\(delivery.id) goes on at byte \(next.start): \(Masked.name(error.message))",
          "D\(delivery.id) fortsætter ved byte \(next.start): \(error.messageInDanish())"))
      attempt = next
      try await note(attempt.beginning, of: &delivery)
      outcome = await send(attempt, of: delivery)
    }
    let content = attempt.content
    if case .failure(let error) = outcome {
      await content.sent?.finish()
      let isSound = try await content.isUnchanged() && !error.leavesContentUncertain
      try await note(isSound ? attempt.beginning : nil, of: &delivery)
      if let cause = error.cause as? ExchangeError { throw cause }
      throw ExchangeError(error, while: "upload")
    }
    let isUnchanged = try await content.isUnchanged()
    guard await content.wasSent(as: delivery.sha256), isUnchanged else {
      // Without a trigger nothing is committed; the file in OUT must not be continued with another content.
      try await note(nil, of: &delivery)
      throw StagedFile.changed(
        file.path, "the file changed while it was sent: what lies in OUT is not what was staged, and gets no trigger",
        "det, der ligger i OUT, er noget andet og får ingen trigger")
    }
    delivery.note(SentHash.Beginning(end: delivery.size, sha256: delivery.sha256))
    return delivery
  }

  /// Writes the acknowledged part into the journal; `nil` if an upload must not be resumed from it.
  ///
  /// This is also done before the file in OUT is rewritten from an earlier byte: over several connections the file has
  /// its full size before all bytes, and the journal's earlier progress would count as acknowledged in the new file.
  private func note(
    _ beginning: SentHash.Beginning?, of delivery: inout Delivery
  ) async throws(ExchangeError) {
    delivery.note(beginning)
    try await run.journal.noteProgress(of: delivery)
  }

  /// One try to send the missing bytes over a connection of the account.
  private struct Attempt: Sendable {
    let content: StagedContent
    let start: UInt64
    /// The connections that help, if any do.
    var bulk: BulkTransfer?
    let acknowledged: ConfirmedBytes

    init(_ content: StagedContent, from start: UInt64) {
      self.content = content
      self.start = start
      acknowledged = ConfirmedBytes(from: start)
    }

    /// The acknowledged beginning of the file, with the hash of the bytes sent.
    var beginning: SentHash.Beginning? { content.beginning(atMost: acknowledged.value) }
  }

  private func firstAttempt(of delivery: Delivery) async throws(ExchangeError) -> Attempt {
    let content = try await file.open()
    var attempt = Attempt(content, from: try await startingPoint(of: delivery, content))
    if let bulk = run.bulk, bulk.connections.areWorthwhile(for: delivery.size - attempt.start),
      run.client.canResumeUploads
    {
      attempt.bulk = bulk
    }
    return attempt
  }

  /// Returns another attempt over the same connection where the server may take the file in a plainer way: without
  /// further connections, or from the first byte on; `nil` where there is none.
  private func attempt(after last: Attempt, _ error: SFTPError) async throws(ExchangeError) -> Attempt? {
    let wasShared = last.bulk?.wasShared == true && error.mayRefuseSharing
    guard wasShared || (last.start > 0 && error.code == .resumeRefused) else { return nil }
    await last.content.sent?.finish()
    let content = try await file.open()
    guard wasShared else { return Attempt(content, from: 0) }
    last.bulk?.connections.pauseAfter(error.inBothLanguages)
    guard !error.leavesContentUncertain, let known = last.beginning,
      try await content.resume(at: known.end, behind: known)
    else { return Attempt(content, from: 0) }
    return Attempt(content, from: known.end)
  }

  /// Sends the missing bytes, and records the progress of a large file in the journal now and then.
  private func send(_ attempt: Attempt, of delivery: Delivery) async -> Result<TransferSummary, SFTPError> {
    if delivery.size < Self.bytesPerNote { return await send(attempt) { _ in } }
    let (notes, noting) = AsyncStream<UInt64>.makeStream(bufferingPolicy: .bufferingNewest(1))
    async let noted: Void = write(notes, of: attempt.content, into: delivery)
    let outcome = await send(attempt) { noting.yield($0) }
    noting.finish()
    // The last progress record must be written before the final one.
    await noted
    return outcome
  }

  /// Sends the missing bytes; calls `note` with the acknowledged count whenever it is worth a record.
  private func send(
    _ attempt: Attempt, note: @escaping @Sendable (UInt64) -> Void
  ) async -> Result<TransferSummary, SFTPError> {
    let source: any UploadSource = run.pace.map { PacedSource(attempt.content, pace: $0) } ?? attempt.content
    let isSmall = attempt.content.status.size <= Self.largestSentAhead
    return await Result { () async throws(SFTPError) in
      try await run.client.upload(
        source, to: outbox.data, mode: attempt.start == 0 ? .replace : .resume, resumeAt: attempt.start,
        over: attempt.bulk, allSent: { if isSmall, attempt.start == 0 { allSent() } }
      ) { news in
        let (before, now) = attempt.acknowledged.advance(to: news.bytes)
        if now > before { run.onBytes(now - before) }
        if now / Self.bytesPerNote > before / Self.bytesPerNote { note(now) }
      }
    }
  }

  /// Records the acknowledged part in the journal now and then, for the case that the process is killed.
  ///
  /// The record has the hash of the bytes sent, so that bytes of another content never count as a beginning of the
  /// file.
  private func write(_ notes: AsyncStream<UInt64>, of content: StagedContent, into delivery: Delivery) async {
    for await bytes in notes {
      var delivery = delivery
      delivery.note(content.beginning(atMost: bytes))
      do throws(ExchangeError) {
        guard delivery.acknowledged > 0, try await content.isUnchanged() else { continue }
        try await run.journal.noteProgress(of: delivery)
      } catch {
        run.logger.about(delivery, error).say(.warning, error.of("D\(delivery.id)"))
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

extension SFTPError {
  /// True if a server may give this answer because a file is written over several connections, and it accepts only
  /// sequential writes. A full disk can give the same answer; an upload over one connection then shows which it is.
  fileprivate var mayRefuseSharing: Bool {
    switch code {
    case .failure, .unsupported, .permissionDenied, .resumeRefused, .sizeMismatch: true
    default: false
    }
  }
}

extension Delivery {
  /// Sets the acknowledged part; `nil` if an upload must not be resumed from it.
  fileprivate mutating func note(_ beginning: SentHash.Beginning?) {
    acknowledged = beginning?.end ?? 0
    acknowledgedSHA256 = beginning?.sha256
  }
}
