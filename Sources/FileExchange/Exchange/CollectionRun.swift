internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
import Glibc
internal import Logging
internal import TriggerFiles

/// One scan of an account's IN over one connection, which collects everything that can be collected.
struct CollectionRun: Sendable {
  let exchange: Exchange
  let account: Account
  let part: Part
  let client: SFTPClient
  let options: Exchange.CollectionOptions
  let recorder: CollectionRecorder
  let run: ArrivalRun
  /// The error of an inbox that is another folder than with the last look.
  let inboxChange: ExchangeError?
  let waiting = AsyncStream<Arrival>.makeStream()
  let fetching = Locked(Fetching())

  /// The progress of fetching.
  struct Fetching {
    /// True once any file has come.
    var hasFetched = false
    /// The arrivals that the server refused to give.
    var refused: [(arrival: Int64, error: ExchangeError)] = []
  }

  var journal: Journal { exchange.journal }

  init(
    _ exchange: Exchange, into account: Account, for part: Part = .unsuspected, over client: SFTPClient,
    options: Exchange.CollectionOptions, recorder: CollectionRecorder
  ) async throws(ExchangeError) {
    self.exchange = exchange
    self.account = account
    self.part = part
    self.client = client
    self.options = options
    self.recorder = recorder
    let intake = Intake(
      journal: exchange.journal, client: client, account: account,
      control: ArrivalPolicy(account: account, settings: exchange.settings),
      hasOthers: exchange.settings.journalServer?.machines == .several)
    let (inbox, change) = try await exchange.inboxes.open(InboxFolder.path(of: account, exchange.settings))
    inboxChange = change
    run = ArrivalRun(
      journal: exchange.journal, client: client, account: account,
      inbox: inbox, intake: intake,
      handOver: exchange.handOver(for: account), clock: ServerClock(), keepsRemote: options.keepsRemote,
      verifiesRepeats: options.verifiesRepeats, fetches: AsyncSemaphore(options.inFlight),
      pace: exchange.paces[account.name], bulk: { part == .last ? nil : exchange.bulkTransfer(to: account) },
      logger: exchange.logger
    ) { count in
      recorder.note { $0.bytesFetched += count }
      options.onProgress(.fetched(bytes: count))
    } onKept: {
      recorder.noteKept()
    }
  }

  /// The files that a look handles.
  enum Part: Sendable {
    /// All that are not suspected.
    case unsuspected
    /// The files that were left for last.
    case last
  }

  /// Fetches, and hands over beside it.
  ///
  /// - Throws: ``ExchangeError`` only when the connection cannot be used any more.
  func carryOut() async throws(ExchangeError) {
    try await exchange.suspects.load(account.name)
    if part == .unsuspected { recorder.beginLook() }
    if part == .unsuspected, let inboxChange { recorder.add(problem: inboxChange) }
    async let handedOver = handOverAll()
    let fetched = await Result { () async throws(ExchangeError) in
      switch part {
      case .unsuspected: try await fetchAll()
      case .last: try await finishLast()
      }
    }
    waiting.continuation.finish()
    let broken = await handedOver
    try fetched.get()
    if let broken { throw broken }
    let setAside = try await journal.arrivalsSetAside(of: account.name)
    let tied = try await journal.tieBusinessReceipts()
    let summaries = setAside.map(recorder.summary)
    recorder.note { report in
      report.setAside = summaries
      report.answered += tied
    }
    let untied = Set(try await journal.untiedBusinessReceipts(of: account.name))
    for arrival in recorder.report.collected where untied.contains(arrival.id) {
      exchange.logger.about(arrival).say(
        .warning,
        LocalizedText(
          "business receipt A\(arrival.id) answers no delivery that this journal knows (yet)",
          "forretningskvitteringen A\(arrival.id) svarer ikke på en levering, som denne journal kender (endnu)"))
    }
    await exchange.sendAnswers(of: account, recorder: recorder)
  }

  /// Arrivals in progress per fetch: the others wait for their metadata, the journal, the disk or their removal.
  private static let underWayPerFetch = 2

  /// Each may have two files open, and this process needs some for everything else. The accounts of a long-running
  /// exchange share the rest. After losses there are few.
  var underWay: Int {
    let inFlight = max(options.inFlight, 1)
    let most = exchange.suspects.width(at: account.name) ?? .max
    let accounts = exchange.connections == nil ? 1 : max(exchange.settings.accounts.count, 1)
    let openFiles = (sysconf(Int32(_SC_OPEN_MAX)) - 72) / 2 / accounts
    return min(most, max(inFlight, min(inFlight * Self.underWayPerFetch, openFiles)))
  }

  private func fetchAll() async throws(ExchangeError) {
    // Arrivals that an earlier run has here already are finished first, in IN or not.
    let unfinished = try await journal.arrivalsToFinish(of: account.name)
    let tried = Set(unfinished.map(\.id))
    var rest: [Arrival] = []
    for arrival in unfinished {
      if options.handOver == .later, isForProgram(arrival) {
        try settle(.success(.waits(arrival)))
      } else {
        rest.append(arrival)
      }
    }
    try await finishAll(rest)
    guard try await mayList() else { return try await fetchShared(unless: tried) }
    if run.intake.hasOthers { try await journal.leaveRefused(of: account.name) }
    let (incoming, suspected) = try await listing()
    for name in incoming.metadataAlone {
      _ = try await during(.metadataAlone(name)) { () async throws(ExchangeError) in
        try await settleMetadataAlone(name, unless: tried)
        return .nothing
      }
    }
    try await collectAll(incoming.pairs, unless: tried)
    for receipt in suspected { leaveForLast(.receipt(receipt)) }
    try await noteRefused()
    recorder.note { $0.sawEverything = true }
  }

  /// Lists IN, reads the receipts, reports data without metadata, and returns the pairs and the receipts left for last.
  /// The listing is freed on return: it may be long, and the collection takes a while.
  func sortListing() async throws(ExchangeError) -> (IncomingPairs, suspected: [DirectoryEntry]) {
    let known = try await journal.arrivalsOnlyInIN(of: account.name)
    var whole = try await exchange.listing(of: account.folders.in, over: client)
    run.clock.note(whole.folder)
    let receipts = try await exchange.lookForReceipts(
      over: client, of: account, listed: whole.entries, judgesOthers: true)
    recorder.note { report in
      report.settled += receipts.settled
      report.problems += receipts.problems.map(\.error)
    }
    if let failure = receipts.failure { throw failure }
    if whole.entries.contains(where: { $0.name.hasSuffix(Array(account.suffixes.receipt.utf8)) }) {
      // Some of them may be gone now.
      whole = try await exchange.listing(of: account.folders.in, over: client)
      run.clock.note(whole.folder)
    }
    let listing = whole.entries
    try await clearSuspects(gone: listing)
    let incoming = IncomingPairs(listing, of: account)
    options.onProgress(.found(incoming.pairs.count))
    try await noteVanished(among: known, listing)
    let folders = try await reportDataAlone(incoming)
    recorder.note { $0.namesSeen = incoming.fileCount - folders }
    return (incoming, receipts.suspected)
  }

  /// Returns true if only a program can get it further, which is run elsewhere.
  private func isForProgram(_ arrival: Arrival) -> Bool {
    guard arrival.state == .verified || arrival.state == .handingOver else { return false }
    do throws(ExchangeError) {
      return try run.handOver.isWork(arrival)
    } catch {
      recorder.add(problem: error)
      return true
    }
  }

  // MARK: One arrival

  enum Outcome: Sendable {
    case collected(Arrival)
    case kept(Arrival)
    case repeated(Arrival)
    case quarantined(Arrival)
    /// The arrival is in the inbox and waits for its program.
    case waits(Arrival)
    /// It failed, and its next try is not yet due.
    case pauses(Arrival)
    /// Not ours, not yet, or not any more.
    case nothing
  }

  func collect(
    _ pair: IncomingPairs.Pair, unless tried: Set<Int64>
  ) async throws(ExchangeError) -> Outcome {
    try await collect(try await judge(pair), unless: tried)
  }

  /// A pair with the verdict on its metadata.
  struct JudgedPair: Sendable {
    let pair: IncomingPairs.Pair
    /// Its metadata in the listing, from before it was read.
    let listed: SettledFile?
    let verdict: Intake.Verdict
  }

  func judge(_ pair: IncomingPairs.Pair) async throws(ExchangeError) -> JudgedPair {
    let listed = SettledFile(listed: pair.metadata, earliest: run.clock.earliest)
    return JudgedPair(pair: pair, listed: listed, verdict: try await run.intake.judge(pair))
  }

  func collect(_ judged: JudgedPair, unless tried: Set<Int64>) async throws(ExchangeError) -> Outcome {
    return switch judged.verdict {
    case .gone, .setAside: .nothing
    case .quarantined(let arrival):
      // Nothing of it is fetched any more.
      try await dropped(arrival)
    case .welcome(let seen, _) where tried.contains(seen.id): .nothing
    case .welcome(let seen, let hasItsMetadata):
      try await finish(seen, metadata: hasItsMetadata ? judged.listed : nil)
    }
  }

  private func dropped(_ arrival: Arrival) async throws(ExchangeError) -> Outcome {
    if arrival.size > ArrivalFetch.costlyToRepeat { await run.drop(arrival) }
    return .quarantined(arrival)
  }

  func finish(_ seen: Arrival, metadata: SettledFile? = nil) async throws(ExchangeError) -> Outcome {
    let outcome = try await journal.withClaim(on: .arrival(seen.id)) { () async throws(ExchangeError) in
      // Reads the journal again: another process may have held the claim until now.
      let current = try await journal.arrival(seen.id) ?? seen
      if current.state == .removed {
        if seen.state != .removed { return Outcome.nothing }
        if options.keepsRemote { return .kept(current) }
        return try await run.removeAgain(current) ? .repeated(current) : .nothing
      }
      if options.keepsPauses, exchange.patience.retry.isPausing(until: current.nextTryAt) {
        return .pauses(current)
      }
      let driven: Arrival
      do throws(ExchangeError) {
        driven = try await run.drive(current, metadata: metadata)
      } catch {
        if error.code == .transfer {
          if !error.isLoss { fetching.withLock { $0.refused.append((current.id, error)) } }
        } else {
          try await note(error, of: current.id)
        }
        throw error
      }
      if current.sha256 == nil, driven.sha256 != nil { fetching.withLock { $0.hasFetched = true } }
      return switch driven.state {
      case .removed: .collected(driven)
      case .handedOver: .kept(driven)
      case .verified, .handingOver: .waits(driven)
      case .quarantined: .quarantined(driven)
      // Another process has moved it to this state; arrivals set aside are reported together at the end.
      case .setAside, .vanished: .nothing
      // An arrival is driven past these states, or its step has thrown.
      case .seen, .fetching, .fetched: .nothing
      }
    }
    return outcome ?? .nothing
  }

  /// Goes through with arrivals, some at a time.
  func finishAll(_ arrivals: [Arrival]) async throws(ExchangeError) {
    try await settleAll(arrivals, as: { .arrival($0) }) { (arrival: Arrival) async throws(ExchangeError) -> Outcome in
      try await finish(arrival)
    }
  }

  /// Runs work on all items, several at a time, and settles the outcomes. Suspected files are left for last.
  ///
  /// - Parameter file: the file in IN that an item is about.
  func settleAll<Item: Sendable>(
    _ items: [Item], as file: @escaping @Sendable (Item) -> Suspected,
    _ work: @escaping @Sendable (Item) async throws(ExchangeError) -> Outcome
  ) async throws(ExchangeError) {
    try await withBoundedTasks(items, limit: { underWay }) { item in
      await Result { () async throws(ExchangeError) -> Outcome in
        try await during(file(item)) { () async throws(ExchangeError) -> Outcome in try await work(item) }
      }
    } each: { (outcome: Result<Outcome, ExchangeError>) throws(ExchangeError) in
      try settle(outcome)
    }
  }

  func settle(_ outcome: Result<Outcome, ExchangeError>) throws(ExchangeError) {
    switch outcome {
    case .success(.collected(let arrival)):
      recorder.add(arrival, to: \.collected)
      options.onProgress(.collected(arrival))
    case .success(.kept(let arrival)): recorder.add(arrival, to: \.kept)
    case .success(.repeated(let arrival)): recorder.add(arrival, to: \.repeated)
    case .success(.quarantined(let arrival)): recorder.add(arrival, to: \.quarantined)
    case .success(.waits(let arrival)) where options.handOver == .atOnce:
      if recorder.mayHandOver(arrival) { waiting.continuation.yield(arrival) }
    case .success(.waits(let arrival)), .success(.pauses(let arrival)):
      recorder.add(arrival, to: \.waiting)
    case .success(.nothing): break
    case .failure(let error) where error.endsRun: throw error
    case .failure(let error): recorder.add(problem: error)
    }
  }
}
