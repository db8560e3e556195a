internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// Sharing of an account's IN among several machines: one lists it at a time, and offers the others some of the
/// arrivals.
extension CollectionRun {
  /// True if several machines collect from this IN.
  var isShared: Bool { options.sharesListing && run.intake.hasOthers }

  /// The shortest duration of a listing turn.
  private static let listingCountsFor = Duration.seconds(30)
  /// The number of pairs whose metadata is read before the first of them is fetched, so that other machines find work.
  private static let judgedAtATime = 512

  /// Returns true if this machine is to list IN.
  func mayList() async throws(ExchangeError) -> Bool {
    guard isShared else { return true }
    return try await journal.takeTurn(
      .listing(account: account.name), for: max(Self.listingCountsFor, account.poll * 3))
  }

  /// Lists IN. Where that fails, another machine may try at once.
  func listing() async throws(ExchangeError) -> (IncomingPairs, suspected: [DirectoryEntry]) {
    do throws(ExchangeError) {
      return try await sortListing()
    } catch let failure {
      if isShared, !failure.code.isOfJournal { try await journal.giveBackTurn(.listing(account: account.name)) }
      throw failure
    }
  }

  /// Collects pairs. In a shared IN they are collected in parts: the metadata of a part is read first, and the arrivals
  /// that this machine does not begin with are offered to the others.
  func collectAll(_ pairs: [IncomingPairs.Pair], unless tried: Set<Int64>) async throws(ExchangeError) {
    guard isShared, pairs.count > options.inFlight else {
      return try await settleAll(pairs, as: { .pair($0) }) {
        (pair: IncomingPairs.Pair) async throws(ExchangeError) -> Outcome in try await collect(pair, unless: tried)
      }
    }
    for start in stride(from: 0, to: pairs.count, by: Self.judgedAtATime) {
      let judged = try await judge(Array(pairs[start..<min(start + Self.judgedAtATime, pairs.count)]))
      try await journal.offer(judged.dropFirst(options.inFlight).compactMap(\.offerable))
      try await settleAll(judged, as: { .pair($0.pair) }) {
        (one: JudgedPair) async throws(ExchangeError) -> Outcome in try await collect(one, unless: tried)
      }
    }
  }

  private func judge(_ pairs: [IncomingPairs.Pair]) async throws(ExchangeError) -> [JudgedPair] {
    let judged = Locked<[JudgedPair]>([])
    try await settleAll(pairs, as: { .pair($0) }) { (pair: IncomingPairs.Pair) async throws(ExchangeError) -> Outcome in
      let one: JudgedPair = try await judge(pair)
      judged.withLock { $0.append(one) }
      return .nothing
    }
    return judged.withLock { $0 }
  }

  /// Fetches the arrivals that the listing machine offers to this machine's routes, and this machine's earlier ones,
  /// until none are left.
  func fetchShared(unless finished: Set<Int64>) async throws(ExchangeError) {
    recorder.note { $0.isListedElsewhere = true }
    let routes = Set(run.intake.control.routes.map(\.name))
    try await journal.leaveToLister(of: account.name)
    try await leaveToLister(unless: routes)
    try await takeLeft()
    var tried = finished
    while true {
      let mine = try await journal.takeOffered(of: account.name, for: routes, most: options.inFlight)
      let new = mine.filter { !tried.contains($0.id) }
      if new.isEmpty { break }
      tried.formUnion(new.map(\.id))
      try await finishAll(try await stillWhole(new))
    }
    try await noteRefused()
  }

  /// Takes the arrivals that the listing machine does not expect but a route of this machine does, because their
  /// settings differ. Each is checked once with the same settings.
  private func takeLeft() async throws(ExchangeError) {
    let left = try await journal.arrivalsLeft(of: account.name)
    let known: Set<Int64> = exchange.unexpected.withLock { $0[account.name] ?? [] }
    var unexpected = known.intersection(left)
    var expected: [Arrival] = []
    var routes: [Int64: ArrivalRoute] = [:]
    for id in left where !unexpected.contains(id) {
      guard let arrival = try await journal.arrival(id), arrival.state == .quarantined else { continue }
      if let route = run.intake.route(expecting: arrival) {
        routes[id] = route
        expected.append(arrival)
      } else {
        unexpected.insert(id)
      }
    }
    let judged = unexpected
    exchange.unexpected.withLock { $0[account.name] = judged }
    if expected.isEmpty { return }
    for arrival in try await stillWhole(expected) {
      guard let route = routes[arrival.id], let taken = try await run.intake.permit(arrival, by: route) else {
        continue
      }
      exchange.logger.about(taken).say(
        .warning,
        LocalizedText(
          "A\(taken.id) is fetched by the route \(route.name), as the machine that lists IN has no route for it: their settings differ",
          "A\(taken.id) hentes ad ruten \(route.name), da maskinen, der læser IN, ingen rute har til den: deres indstillinger er forskellige"
        ))
    }
  }

  /// Returns arrivals without a route in this machine's settings to the listing machine, and drops their fetched data.
  private func leaveToLister(unless routes: Set<String>) async throws(ExchangeError) {
    for arrival in try await journal.arrivalsToFetch(of: account.name) {
      if let route = arrival.route, routes.contains(route) { continue }
      _ = try await journal.withClaim(on: .arrival(arrival.id)) { () async throws(ExchangeError) in
        // Another process may have fetched it until a moment ago.
        guard let current = try await journal.arrival(arrival.id), current.state == .seen || current.state == .fetching
        else { return }
        await run.drop(current)
        try await journal.leaveToOthers(arrival: current.id)
      }
    }
  }

  /// Returns the arrivals with whole data in IN, and records those that are gone.
  private func stillWhole(_ arrivals: [Arrival]) async throws(ExchangeError) -> [Arrival] {
    let names = arrivals.map { path($0.wireName.bytes) }
    let metadataNames = arrivals.map { path($0.wireName.bytes + Array(account.suffixes.metadata.utf8)) }
    let found: [FileAttributes?]
    do throws(SFTPError) {
      found = try await client.attributesIfPresent(of: names + metadataNames)
    } catch {
      throw ExchangeError(error, while: "look into IN")
    }
    var whole: [Arrival] = []
    var gone: [ArrivalInIN] = []
    for (place, arrival) in arrivals.enumerated() {
      let (data, metadata) = (found[place], found[place + arrivals.count])
      if let data, data.size ?? arrival.size == arrival.size { whole.append(arrival) }
      if data == nil, metadata == nil { gone.append(ArrivalInIN(id: arrival.id, wireName: arrival.wireName)) }
    }
    try await noteVanished(among: gone, [])
    return whole
  }
}

extension CollectionRun.JudgedPair {
  /// The number of an arrival that any machine may fetch; `nil` where only this one can go on with it.
  fileprivate var offerable: Int64? {
    guard case .welcome(let arrival, _) = verdict, arrival.state == .seen, arrival.tries == 0 else { return nil }
    return arrival.id
  }
}
