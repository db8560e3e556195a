internal import ExchangeSettings
public import SystemPackage

extension Exchange {
  /// Collects all files in the account's IN, and hands each to a closure before it is removed from IN.
  ///
  /// ```swift
  /// let report = await exchange.collect(from: "fagsystem") { arrival in
  ///   try await database.insert(contentsOf: arrival.path, id: arrival.fileTransferUUID)
  /// }
  /// ```
  ///
  /// When the closure is called, the file is complete in the inbox folder, and the journal says `handing-over`. After
  /// the closure returns, the journal says `handed-over` and the file is removed from IN; the copy in the inbox folder
  /// belongs to the receiver. The closure is called at least once for each file: again, with the same
  /// ``ReceivedFile/fileTransferUUID``, after a call that threw, was cancelled, or was interrupted by the end of the
  /// process. It never runs twice at a time for one file, but for several files at a time
  /// (``CollectionOptions/programsAtATime``).
  ///
  /// - If it throws ``ReceiverNotReady``, which means "not now", it is called again later.
  /// - Any other error is a failed try: it is in the report with code `hook-failed`, and the next collection calls the
  ///   closure again. After ``CollectionOptions/closureTries`` failures the file is set aside.
  /// - If the task of this call is cancelled, so is the closure's. Its arrival must still be handed over, and no
  ///   failure is counted.
  /// - A closure that runs longer than ``CollectionOptions/closureTimeout`` is cancelled, which counts as a failure. If
  ///   it ignores the cancellation, it is abandoned after five seconds, and not called again for that file until it has
  ///   returned.
  ///
  /// It replaces every program that arrival routes name under `hook:`. A collection without a closure hands over by
  /// those programs, or by the inbox folder alone: collect an account in one way only.
  ///
  /// - Returns: the report, as ``collect(_:options:)`` does.
  public func collect(
    from accountName: String, options: CollectionOptions = CollectionOptions(),
    takeOver: @escaping @Sendable (ReceivedFile) async throws -> Void
  ) async -> CollectionReport {
    await collectAndAnswer(from: accountName, options: options) { arrival in
      try await takeOver(arrival)
      return .takenOver
    }
  }

  /// Collects as ``collect(from:options:takeOver:)`` does, and sends the closure's answers back to the senders as
  /// business receipts.
  ///
  /// - Returns: the report, as ``collect(_:options:)`` does.
  public func collectAndAnswer(
    from accountName: String, options: CollectionOptions = CollectionOptions(),
    takeOver: @escaping @Sendable (ReceivedFile) async throws -> ReceiverAnswer
  ) async -> CollectionReport {
    var exchange = self
    exchange.closure = ClosureReceiver(timeout: options.closureTimeout, tries: options.closureTries, body: takeOver)
    var options = options
    options.handOver = .atOnce
    return await exchange.collect(accountName, options: options)
  }

  /// Returns the path of an arrival's file in the inbox folder; `nil` while it is not there yet, or where the settings
  /// lack its account. The receiver may have moved the file since.
  public func localFile(of arrival: Arrival) -> FilePath? {
    guard let account = settings.account(named: arrival.account), let name = arrival.localName else { return nil }
    switch arrival.state {
    case .verified, .handingOver, .handedOver, .removed: break
    case .setAside where arrival.setAsideFrom == .verified || arrival.setAsideFrom == .handingOver: break
    case .seen, .fetching, .fetched, .quarantined, .setAside, .vanished: return nil
    }
    return InboxFolder.path(of: account, settings).appending(name)
  }
}
