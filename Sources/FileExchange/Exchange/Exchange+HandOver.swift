internal import ExchangeSettings
internal import FilsluseBase
internal import Logging

/// The result of a round of handing over.
public struct HandOverReport: Sendable {
  /// Arrivals handed over; the next collection removes their files from IN.
  public internal(set) var handedOver: [Arrival] = []
  /// Arrivals set aside because their program failed too often, or because they do not match their route.
  public internal(set) var setAside: [Arrival] = []
  /// The failures, which are retried.
  public internal(set) var problems: [ExchangeError] = []
  /// Arrivals, by their numbers, that cannot be given to a program for a reason that a person must see to.
  var stuck: [(arrival: Int64, error: ExchangeError)] = []
}

extension Exchange {
  /// Hands the account's arrivals in the inbox to the programs of their routes. The next collection sends the programs'
  /// answers.
  ///
  /// It needs no connection to IN, so a slow program does not block collections: they run beside it with
  /// ``CollectionOptions/handOver`` set to `later`. An arrival with a failed program is retried after its pause.
  ///
  /// - Parameters:
  ///   - lookAgain: waits for the time of the next check for new arrivals, and returns false to begin no more. `nil`
  ///     returns when no due arrival is left; otherwise it goes on until `lookAgain` returns false, or the task is
  ///     cancelled.
  ///   - onNews: called for each arrival or failure, as it comes.
  /// - Returns: all results together; none if `lookAgain` is given.
  public func handOver(
    _ accountName: String, programsAtATime: Int = 4, lookAgain: (@Sendable () async -> Bool)? = nil,
    onNews: @escaping @Sendable (HandOverReport) async -> Void = { _ in }
  ) async -> HandOverReport {
    guard let account = settings.account(named: accountName) else {
      return HandOverReport(problems: [unknownAccount(accountName)])
    }
    return await handOver(
      of: account, programsAtATime: programsAtATime, by: { self }, lookAgain: lookAgain, onNews: onNews)
  }

  /// Hands an account's arrivals to their programs by the exchange that `current` returns at the time, so that new
  /// settings apply to arrivals begun after them.
  @discardableResult func handOver(
    of account: Account, programsAtATime: Int = 4, by current: @escaping @Sendable () -> Exchange,
    lookAgain: (@Sendable () async -> Bool)?, onNews: @escaping @Sendable (HandOverReport) async -> Void
  ) async -> HandOverReport {
    var total = HandOverReport()
    await withTaskGroup(of: HandOverNews.self) { group in
      var running: Set<Int64> = []
      // Arrivals claimed elsewhere or failed: tried again at the next look, after all others.
      var resting: Set<Int64> = []
      var isTicking = false
      var isEnding = false
      func report(_ news: HandOverReport) async {
        if lookAgain == nil { total.add(news) }
        await onNews(news)
      }
      while !Task.isCancelled {
        let exchange = current()
        if !isEnding, lookAgain == nil || exchange.hasPrograms(for: account) {
          do throws(ExchangeError) {
            let due = try await journal.arrivalsToHandOver(
              of: account.name, now: .now, longestPause: patience.retry.backoff.longest,
              limit: running.count + resting.count + programsAtATime)
            for arrival in due
            where running.count < programsAtATime && !running.contains(arrival.id) && !resting.contains(arrival.id) {
              running.insert(arrival.id)
              group.addTask { await .ended(arrival.id, exchange.handOverOne(arrival, of: account)) }
            }
          } catch {
            await report(HandOverReport(problems: [error]))
          }
        }
        if running.isEmpty, isEnding || lookAgain == nil { break }
        if let lookAgain, !isTicking, !isEnding {
          isTicking = true
          group.addTask { await .tick(lookAgain()) }
        }
        switch await group.next() {
        case .ended(let id, let news):
          running.remove(id)
          if news.handedOver.isEmpty, news.setAside.isEmpty { resting.insert(id) }
          await report(news)
        case .tick(let goesOn):
          isTicking = false
          isEnding = !goesOn
          resting = []
        case nil: break
        }
      }
      group.cancelAll()
      for await case .ended(_, let news) in group { await report(news) }
    }
    return total
  }

  private enum HandOverNews: Sendable {
    case ended(Int64, HandOverReport)
    /// The time for the next check for arrivals; false if no hand-over may begin any more.
    case tick(Bool)
  }

  private func handOverOne(_ seen: Arrival, of account: Account) async -> HandOverReport {
    var news = HandOverReport()
    do throws(ExchangeError) {
      if let arrival = try await handOver(seen, of: account) {
        if arrival.state == .setAside { news.setAside.append(arrival) } else { news.handedOver.append(arrival) }
      }
    } catch {
      if error.code != .cancelled { news.problems.append(error) }
      // These are reported where they arise, or concern no single arrival.
      let reported: [ExchangeError.Code] = [.cancelled, .hookFailed, .hookNotStarted, .journal]
      if !reported.contains(error.code) { news.stuck.append((seen.id, error)) }
    }
    return news
  }

  /// Hands over one arrival; returns `nil` if another process is working on it or has done it.
  func handOver(_ seen: Arrival, of account: Account) async throws(ExchangeError) -> Arrival? {
    let outcome = try await journal.withClaim(on: .arrival(seen.id)) { () async throws(ExchangeError) -> Arrival? in
      guard let current = try await journal.arrival(seen.id),
        current.state == .verified || current.state == .handingOver
      else { return nil }
      return try await handOver(for: account).carryOut(current)
    }
    return outcome ?? nil
  }

  func handOver(for account: Account) -> HandOverRun {
    var handOver = HandOverRun(
      journal: journal, settings: settings, account: account, retry: patience.retry, logger: logger)
    handOver.withheld = withheld.withLock { $0 }
    handOver.closure = closure
    handOver.onProgramStart = onProgramStart
    return handOver
  }

  /// Returns true if the settings name any program for an account's arrivals.
  private func hasPrograms(for account: Account) -> Bool {
    settings.arrivals.contains { $0.account == account.name && ($0.hook != nil || $0.businessReceipts) }
  }
}

extension HandOverReport {
  fileprivate mutating func add(_ news: HandOverReport) {
    handedOver += news.handedOver
    setAside += news.setAside
    problems += news.problems
    stuck += news.stuck
  }
}
