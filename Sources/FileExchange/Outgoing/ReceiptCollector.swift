internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// Fetches the account's technical receipts from IN and matches each to its delivery.
///
/// A receipt is in the journal before it is removed from IN (``ReceiptRemoval``). A receipt that matches no delivery
/// here stays in IN: it may be another program's.
struct ReceiptCollector: Sendable {
  let journal: Journal
  let client: SFTPClient
  let account: Account
  /// Receipts of others that were read before and are sound.
  let unclaimed: UnclaimedReceipts
  /// Suspected causes of lost connections.
  let suspects: SuspectFiles
  let retry: RetryPolicy
  /// Called with each delivery whose receipt was just recorded in the journal.
  let onReceipt: @Sendable (Delivery) -> Void

  /// A receipt that cannot be read.
  struct Problem: Sendable {
    /// The data file's name.
    let wireName: WireName
    let error: ExchangeError
  }

  /// The result of one look.
  struct Round: Sendable {
    var settled: [Delivery] = []
    /// Receipts that cannot be read.
    var problems: [Problem] = []
    /// Lines for the log about receipts that stay in IN.
    var remarks: [LocalizedText] = []
    /// Receipts that were left because a connection may have been lost at them.
    var suspected: [DirectoryEntry] = []
    /// The error that ended the look early. Results before it are in the journal, and are reported all the same.
    var failure: ExchangeError?
    /// Receipts in IN that are in the journal now.
    fileprivate var journalled: [JournalledReceipt] = []
  }

  /// The result for one receipt.
  fileprivate struct Outcome: Sendable {
    var settled: Delivery?
    var remark: LocalizedText?
    /// The journal's record of it; `nil` if it has none.
    var journalled: JournalledReceipt?
  }

  /// Each receipt takes two round trips; many in progress let receipts keep up with the files sent.
  private var atATime: Int { min(256, suspects.width(at: account.name) ?? .max) }

  /// Collects the unsuspected receipts, and returns the suspected ones in the result.
  func collectUnsuspected(
    from listing: [DirectoryEntry], judgesOthers: Bool
  ) async throws(ExchangeError) -> Round {
    let suspected = suspects.all(of: account.name).map(\.path)
    guard !suspected.isEmpty else { return try await collect(from: listing, judgesOthers: judgesOthers) }
    let suffix = Array(account.suffixes.receipt.utf8)
    let left = listing.filter {
      $0.name.hasSuffix(suffix) && suspects.file(path(ofEntry: $0.name), of: account.name) != nil
    }
    let names = Set(left.map(\.name))
    var round = try await collect(from: listing.filter { !names.contains($0.name) }, judgesOthers: judgesOthers)
    round.suspected = left
    return round
  }

  /// Reads every receipt in the listing that a delivery waits for, and removes those already in the journal: an earlier
  /// run ended between recording and removing them.
  ///
  /// - Parameter judgesOthers: true to read receipts that no delivery here waits for, too, each once, and to report
  ///   those that are no receipts.
  /// - Returns: the result, with the error if the connection was lost.
  /// - Throws: ``ExchangeError`` of the journal, before a receipt was read.
  func collect(from listing: [DirectoryEntry], judgesOthers: Bool) async throws(ExchangeError) -> Round {
    let suffix = Array(account.suffixes.receipt.utf8)
    let names = listing.filter { $0.attributes.isDirectory != true }.map(\.name)
      .filter { $0.count > suffix.count && $0.hasSuffix(suffix) }
      .compactMap { String(validating: $0.dropLast(suffix.count), as: UTF8.self).map(WireName.init(unchecked:)) }
    guard !names.isEmpty else { return Round() }
    let waiting = Dictionary(
      grouping: try await journal.deliveriesAwaitingReceipt(of: account.name, named: names), by: \.wireName)
    let (awaited, others) = (names.filter { waiting[$0] != nil }, names.filter { waiting[$0] == nil })
    var round = Round()
    do throws(ExchangeError) {
      try await read(awaited, awaitedBy: waiting, others, in: listing, judgesOthers: judgesOthers, into: &round)
      try await remove(round.journalled, listed: listing, noting: &round.remarks)
    } catch {
      round.failure = error
    }
    return round
  }

  /// Reads the receipts that deliveries wait for, and then looks at the others.
  private func read(
    _ awaited: [WireName], awaitedBy waiting: [WireName: [Delivery]], _ others: [WireName],
    in listing: [DirectoryEntry], judgesOthers: Bool, into round: inout Round
  ) async throws(ExchangeError) {
    let suffix = Array(account.suffixes.receipt.utf8)
    try await withBoundedTasks(awaited, limit: { atATime }) { name in
      let outcome = await Result { () async throws(ExchangeError) in
        try await during(name) { () async throws(ExchangeError) in
          try await settle(receipt: name, awaitedBy: waiting[name] ?? [])
        }
      }
      return (name, outcome)
    } each: { (name: WireName, outcome: Result<Outcome, ExchangeError>) throws(ExchangeError) in
      try round.take(outcome, of: name)
    }
    let entries = Dictionary(listing.map { ($0.name, $0.attributes) }) { first, _ in first }
    try await withBoundedTasks(others, limit: { atATime }) { name in
      let attributes = entries[name.bytes + suffix]
      let outcome = await Result { () async throws(ExchangeError) in
        try await during(name) { () async throws(ExchangeError) in
          try await tidy(name, attributes, judging: judgesOthers)
        }
      }
      return (name, outcome)
    } each: { (name: WireName, outcome: Result<Outcome, ExchangeError>) throws(ExchangeError) in
      try round.take(outcome, of: name)
    }
  }

  /// Removes receipts that the journal has from IN.
  private func remove(
    _ journalled: [JournalledReceipt], listed listing: [DirectoryEntry], noting remarks: inout [LocalizedText]
  ) async throws(ExchangeError) {
    do throws(ExchangeError) {
      remarks += try await ReceiptRemoval(journal: journal, client: client, account: account)
        .carryOut(journalled, listed: listing)
    } catch {
      // They are removed together: any of them may be the cause.
      if error.isLoss {
        for receipt in journalled {
          try await suspects.note(
            error, at: path(of: receipt.wireName), of: account.name, over: client, isAlone: false, by: retry)
        }
      }
      throw error
    }
  }

  /// Reads a receipt, in parallel with others. It must still be removed.
  private func during(
    _ name: WireName, _ work: () async throws(ExchangeError) -> Outcome
  ) async throws(ExchangeError) -> Outcome {
    try await suspects.during(
      path(of: name), of: account.name, over: client, isAlone: false, isWhole: false, by: retry, work)
  }

  private func settle(
    receipt name: WireName, awaitedBy deliveries: [Delivery]
  ) async throws(ExchangeError) -> Outcome {
    let path = path(of: name)
    guard let bytes = try await read(path) else { return Outcome() }
    let receipt = try parse(bytes, from: path)
    // Only a receipt without a matching id may be one that an earlier run recorded and could not remove.
    let isNamed = deliveries.contains { $0.sendersFileID == receipt.sendersFileID }
    if !isNamed,
      let known = try await journal.receipts(of: name, account: account.name).first(where: { $0.bytes == bytes })
    {
      return Outcome(journalled: known)
    }
    guard let owner = receipt.owner(among: deliveries) else {
      return Outcome(
        remark: LocalizedText(
          "receipt \(path) does not tell which delivery that waits it is for; it is left in IN",
          "kvitteringen \(path) siger ikke, hvilken ventende levering den er til; den bliver liggende i IN"))
    }
    guard var delivery = try await journal.delivery(owner.id) else { return Outcome() }
    let event = DeliveryMachine.Event.receipt(accepted: receipt.isSuccess)
    while true {
      // Another process of this account may have been quicker.
      if delivery.state.isFinished, delivery.state != .givenUp {
        let journalled = JournalledReceipt(delivery: delivery.id, wireName: name, bytes: bytes)
        return Outcome(settled: delivery, journalled: delivery.receipt == bytes ? journalled : nil)
      }
      guard DeliveryMachine.expects(event, in: delivery.state) else {
        return Outcome(
          remark: LocalizedText(
            "receipt \(path) came for D\(delivery.id), which is \(delivery.state.rawValue); it is left in IN",
            "kvitteringen \(path) kom til D\(delivery.id), som er \(delivery.state.title.da); den bliver liggende i IN")
        )
      }
      delivery.fileTransferUUID = TransferKey(receipt.fileTransferUUID, atMost: account.longestTransferID).text
      delivery.outcome = receipt.summary
      delivery.receipt = bytes
      switch try await journal.transition(delivery, event, detail: receipt.summary) {
      case .done(let now):
        onReceipt(now)
        delivery = now
      case .overtaken(let now): delivery = now
      }
    }
  }

  /// Handles a receipt that no delivery here waits for: one already in the journal is removed. Any other may be another
  /// program's and stays.
  private func tidy(
    _ name: WireName, _ attributes: FileAttributes?, judging: Bool
  ) async throws(ExchangeError) -> Outcome {
    let known = try await journal.receipts(of: name, account: account.name)
    let identity = UnclaimedReceipts.Identity(account: account.name, name: name, attributes: attributes)
    guard !known.isEmpty || judging && !unclaimed.contains(identity) else { return Outcome() }
    let path = path(of: name)
    guard let bytes = try await read(path) else { return Outcome() }
    if let found = known.first(where: { $0.bytes == bytes }) { return Outcome(journalled: found) }
    if let last = known.last { try await journal.note([last.differs(from: bytes)]) }
    if judging {
      _ = try parse(bytes, from: path)
      unclaimed.insert(identity)
    }
    return Outcome(
      remark: known.isEmpty
        ? nil
        : LocalizedText(
          "receipt \(path) is not one that the journal has; it is left in IN",
          "kvitteringen \(path) er ikke en, som journalen har; den bliver liggende i IN"))
  }

  private func parse(_ bytes: [UInt8], from path: RemotePath) throws(ExchangeError) -> TechnicalReceipt {
    try DocumentInIN.receipt.parse(bytes, from: path) { (bytes) throws(DocumentError) in
      try TechnicalReceipt(reading: bytes)
    }
  }

  private func path(ofEntry name: [UInt8]) -> RemotePath { RemotePath(account.folders.in).appending(name) }

  private func path(of name: WireName) -> RemotePath {
    RemotePath(account.folders.in).appending(name.string + account.suffixes.receipt)
  }

  private func read(_ path: RemotePath) async throws(ExchangeError) -> [UInt8]? {
    try await DocumentInIN.receipt.read(path, over: client)
  }
}

extension ReceiptCollector.Round {
  /// Adds the result for one receipt. A receipt that cannot be read or removed does not block others.
  fileprivate mutating func take(
    _ outcome: Result<ReceiptCollector.Outcome, ExchangeError>, of name: WireName
  ) throws(ExchangeError) {
    switch outcome {
    case .success(let outcome):
      settled += outcome.settled.map { [$0] } ?? []
      remarks += outcome.remark.map { [$0] } ?? []
      journalled += outcome.journalled.map { [$0] } ?? []
    case .failure(let error) where error.endsRun: throw error
    case .failure(let error):
      problems.append(ReceiptCollector.Problem(wireName: name, error: error))
    }
  }
}

extension TechnicalReceipt {
  /// Returns the delivery of the receipt among those waiting under its name: the one with its SendersFileId.
  ///
  /// A receipt may lack the id by the schema. Then it belongs to the delivery whose trigger is out; a given-up delivery
  /// comes after that one. While only a look into OUT can show whether the open delivery's trigger is out, the receipt
  /// could belong to an earlier one: returns `nil` for now.
  func owner(among deliveries: [Delivery]) -> Delivery? {
    if let sendersFileID { return deliveries.first { $0.sendersFileID == sendersFileID } }
    let givenUp = deliveries.filter { $0.state == .givenUp }
    guard let open = deliveries.first(where: { !$0.state.isFinished }) else { return givenUp.last }
    return open.state.awaitsReceipt || givenUp.isEmpty ? open : nil
  }

  /// The receipt in a line: the message, or each error's code and texts as they came.
  var summary: String {
    switch outcome {
    case .receipt(let message): message
    case .errors(let errors):
      errors.map { "\($0.code) \($0.codeDescription): \($0.description)" }.joined(separator: "; ")
    }
  }
}

extension [UInt8] {
  /// Returns true if the bytes end in those of a suffix.
  func hasSuffix(_ suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
