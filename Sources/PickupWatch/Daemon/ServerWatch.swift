internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSystem
internal import Logging

/// A server's address, by which accounts are grouped.
struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
  let host: String
  let port: UInt16

  init(of account: Account) { (host, port) = (account.host, account.port) }

  var description: String { port == 22 ? host : "\(host):\(port)" }
}

/// The loop that alerts people to a server which several accounts share and which cannot be reached: one alert that names
/// the server and the accounts, not one for each account.
struct ServerWatch: Sendable {
  private let shift: WatchSession
  /// The accounts of each server that more than one watched account has.
  private let shared: [ServerAddress: [String]]

  /// The longest pause between two comparisons.
  private static let longestPause = Duration.seconds(5)
  /// The number of accounts that the alert names.
  private static let mostNamed = 100

  init(of shift: WatchSession) {
    self.shift = shift
    shared = Self.shared(shift.settings)
  }

  /// The servers that more than one watched account has, with the names of those accounts.
  static func shared(_ settings: ExchangeSettings) -> [ServerAddress: [String]] {
    Dictionary(grouping: settings.watchedAccounts, by: ServerAddress.init).filter { $0.value.count > 1 }
      .mapValues { $0.map(\.name) }
  }

  func run(until end: GracefulStop) async {
    let pause = min(shift.settings.watch.lookEvery, Self.longestPause)
    var mayBeOpen = true
    repeat {
      do throws(AlertStoreError) {
        mayBeOpen = try await look(mayBeOpen: mayBeOpen)
      } catch {
        shift.logger.error("\(error)")
      }
    } while await !end.wait(atMost: pause) && !Task.isCancelled
  }

  /// One comparison.
  ///
  /// - Parameter mayBeOpen: whether there may be an alert that is not over.
  /// - Returns: whether there is now.
  private func look(mayBeOpen: Bool) async throws(AlertStoreError) -> Bool {
    let now = shift.clock()
    let failures = unreachable()
    if failures.isEmpty, !mayBeOpen { return false }
    let open = try await shift.centre.openFindings(of: "", .servers)
    let silenced = try await shift.alerts.silences(at: now).filter { $0.holds(at: now) && $0.matcher.account != nil }
    var findings: [Finding] = []
    for (server, failed) in failures {
      let failed = failed.filter { account, _ in
        let finding = Finding(kind: .serverUnreachable, severity: .critical, account: account, subject: "server")
        return !silenced.contains { $0.matcher.matches(finding) }
      }
      guard let finding = Self.finding(server, failed, of: shared[server]?.count ?? 0) else { continue }
      // Until every account has been tried, it is not known how many it concerns.
      let isWhole = failed.count == shared[server]?.count
      let isLong = finding.since.map { now.since($0) >= shift.settings.watch.lookEvery } ?? true
      if isWhole || isLong || open.contains(where: { $0.id == finding.id }) { findings.append(finding) }
    }
    if findings.isEmpty, open.isEmpty { return false }
    let unreachable = Set(failures.keys.map(\.description))
    let watched = Set(shared.keys.map(\.description))
    let endings = Dictionary(
      open.map { finding in
        let ending: FindingEnding =
          if unreachable.contains(finding.subject) { .silenced } else if watched.contains(finding.subject) {
            .reachedAgain
          } else { .unwatched }
        return (finding.id, ending)
      }, uniquingKeysWith: { first, _ in first })
    var look = AlertLook(account: "", at: now, findings: findings, endings: endings)
    look.source = .servers
    // After a start nothing is over before each account has been tried.
    look.isComplete = shared.values.joined().allSatisfy { shift.tally.picture(of: $0).state != nil }
    _ = try await shift.centre.take(look)
    return true
  }

  /// The accounts of shared servers that could not be reached at their last look.
  private func unreachable() -> [ServerAddress: [(account: String, failure: InboxState.Failure)]] {
    shared.compactMapValues { accounts in
      let failed = accounts.compactMap { account in
        shift.tally.picture(of: account).state?.failure.flatMap { failure in
          failure.kind == .serverUnreachable ? (account, failure) : nil
        }
      }
      return failed.isEmpty ? nil : failed
    }
  }

  private static func finding(
    _ server: ServerAddress, _ failed: [(account: String, failure: InboxState.Failure)], of count: Int
  ) -> Finding? {
    guard let first = failed.min(by: { $0.failure.since < $1.failure.since }) else { return nil }
    let names = failed.prefix(mostNamed).map(\.account).joined(separator: ", ")
    let rest = max(0, failed.count - mostNamed)
    let cause = first.failure.localized
    return Finding(
      kind: .serverUnreachable, severity: .critical, account: "", subject: server.description,
      since: first.failure.since, rule: nil,
      detail: LocalizedText(
        da: "\(failed.count) af \(count) konti på \(server) kan ikke nås: \(names)"
          + (rest > 0 ? " og \(rest) til, som statussiden viser" : "") + ". \(cause.da)",
        en: "\(failed.count) of \(count) accounts at \(server) cannot be reached: \(names)"
          + (rest > 0 ? " and \(rest) more, which the status page shows" : "") + ". \(cause.en)"))
  }
}

extension FindingEnding {
  fileprivate static let reachedAgain = Self(
    why: LocalizedText(
      da: "Alle konti på serveren kunne nås igen.", en: "all accounts at the server could be reached again"))
  fileprivate static let silenced = Self(
    isMended: false,
    why: LocalizedText(
      da: "De konti, der stadig ikke kan nås, er gjort tavse.",
      en: "the accounts that still cannot be reached are silenced"))
}
