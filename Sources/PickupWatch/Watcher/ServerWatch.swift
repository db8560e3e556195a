internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// A server's address; accounts are grouped by it.
struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
  let host: String
  let port: UInt16

  init(of account: Account) { (host, port) = (account.host, account.port) }

  var description: String {
    if port == 22 { return host }
    return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// The loop that alerts people to a shared server that cannot be reached, refuses all its accounts or shows another
/// host key: one alert that names the server and the accounts, not one for each account.
struct ServerWatch: Sendable {
  /// A server and the reason why folders on it cannot be seen.
  private struct Trouble: Hashable {
    let server: ServerAddress
    let kind: Finding.Kind
  }

  /// An account and its failure.
  private typealias Failed = (account: String, failure: InboxState.Failure)

  private let session: WatchSession

  /// The reasons that may concern all accounts of a server.
  static let kinds: [Finding.Kind] = [.serverUnreachable, .loginFailed, .hostKeyChanged]
  /// The longest pause between two comparisons.
  private static let longestPause = Duration.seconds(5)
  /// The number of accounts that the alert names.
  private static let mostNamed = 100

  init(of session: WatchSession) { self.session = session }

  private var shared: [ServerAddress: [String]] { session.sharedServers }

  /// The servers that more than one watched account has, with the names of those accounts.
  static func shared(_ settings: ExchangeSettings) -> [ServerAddress: [String]] {
    Dictionary(grouping: settings.watchedAccounts, by: ServerAddress.init).filter { $0.value.count > 1 }
      .mapValues { $0.map(\.name) }
  }

  func run(until end: GracefulStop) async {
    let pause = min(session.settings.watch.lookEvery, Self.longestPause)
    var mayBeOpen = true
    repeat {
      do throws(ExchangeError) {
        mayBeOpen = try await look(mayBeOpen: mayBeOpen)
      } catch {
        session.logger.error("\(error)")
      }
    } while await !end.wait(atMost: pause) && !Task.isCancelled
  }

  /// One comparison.
  ///
  /// - Parameter mayBeOpen: whether there may be an alert that is not over.
  /// - Returns: whether there is now.
  private func look(mayBeOpen: Bool) async throws(ExchangeError) -> Bool {
    // Another machine alerts people, and there may be alerts of its.
    guard session.lead.mayAlert else { return true }
    let now = session.clock()
    let troubles = troubles()
    if troubles.isEmpty, !mayBeOpen { return false }
    let open = try await session.database.openFindings(of: "", .servers)
    let silenced = try await session.database.silences(at: now).filter {
      $0.holds(at: now) && $0.matcher.account != nil
    }
    var findings: [Finding] = []
    for (trouble, failed) in troubles {
      let failed = failed.filter { account, _ in
        let finding = Finding(kind: trouble.kind, severity: .critical, account: account, subject: "server")
        return !silenced.contains { $0.matcher.matches(finding) }
      }
      let count = shared[trouble.server]?.count ?? 0
      guard let finding = Self.finding(trouble, failed, of: count) else { continue }
      // Until every account has been tried, the number of affected accounts is unknown.
      let isLong = finding.since.map { now.since($0) >= session.settings.watch.lookEvery } ?? true
      // A single refused account has an alert of its own.
      let isShared = failed.count > 1 || trouble.kind == .serverUnreachable
      if isShared && (failed.count == count || isLong) || open.contains(where: { $0.id == finding.id }) {
        findings.append(finding)
      }
    }
    if findings.isEmpty, open.isEmpty { return false }
    let troubled = Set(troubles.keys.map { "\($0.kind.rawValue) \($0.server)" })
    let watched = Set(shared.keys.map(\.description))
    let endings = Dictionary(
      open.map { finding in
        let isTroubled = troubled.contains("\(finding.kind.rawValue) \(finding.subject)")
        let over = watched.contains(finding.subject) ? FindingEnding.mended(finding.kind) : .unwatched
        return (finding.id, isTroubled ? .silenced(finding.kind) : over)
      }, uniquingKeysWith: { first, _ in first })
    var look = AlertLook(account: "", at: now, findings: findings, endings: endings)
    look.source = .servers
    // After a start nothing is over before each account has been tried.
    look.isComplete = shared.values.joined().allSatisfy {
      session.statistics.snapshot(of: $0).state != nil
    }
    try await session.dispatcher.take(look)
    return true
  }

  /// Returns the accounts of shared servers whose folders could not be listed at their last look, without those that
  /// have an alert of their own.
  private func troubles() -> [Trouble: [Failed]] {
    var troubles: [Trouble: [Failed]] = [:]
    for (server, accounts) in shared {
      for account in accounts {
        guard let failure = session.statistics.snapshot(of: account).state?.failure, Self.kinds.contains(failure.kind),
          session.statistics.hasSharedFailure(account, failure.kind)
        else { continue }
        troubles[Trouble(server: server, kind: failure.kind), default: []].append((account, failure))
      }
    }
    return troubles
  }

  private static func finding(_ trouble: Trouble, _ failed: [Failed], of count: Int) -> Finding? {
    guard let first = failed.min(by: { $0.failure.since < $1.failure.since }) else { return nil }
    let names = failed.prefix(mostNamed).map(\.account).joined(separator: ", ")
    let rest = max(0, failed.count - mostNamed)
    let cause = first.failure.text
    let what = trouble.kind.ofAccounts
    return Finding(
      kind: trouble.kind, severity: .critical, account: "", subject: trouble.server.description,
      since: first.failure.since,
      detail: LocalizedText(
        da: "\(failed.count) af \(count) konti på \(trouble.server) \(what.da): \(names)"
          + (rest > 0 ? " og \(rest) til, som statussiden viser" : "") + ". \(cause.da)",
        en: "\(failed.count) of \(count) accounts at \(trouble.server) \(what.en): \(names)"
          + (rest > 0 ? " and \(rest) more, which the status page shows" : "") + ". \(cause.en)"))
  }
}

extension Finding.Kind {
  /// The trouble of several accounts at a server.
  fileprivate var ofAccounts: LocalizedText {
    switch self {
    case .loginFailed: LocalizedText(da: "lukkes ikke ind", en: "are not let in")
    case .hostKeyChanged:
      LocalizedText(
        da: "får vist en anden værtsnøgle end den kendte", en: "are shown another host key than the known one")
    default: LocalizedText(da: "kan ikke nås", en: "cannot be reached")
    }
  }
}

extension FindingEnding {
  fileprivate static func mended(_ kind: Finding.Kind) -> Self {
    switch kind {
    case .loginFailed:
      Self(
        da: "Ingen af kontiene afvises længere af serveren.",
        en: "the server refuses none of the accounts any more")
    case .hostKeyChanged:
      Self(
        da: "Ingen af kontiene får længere vist en anden værtsnøgle.",
        en: "none of the accounts is shown another host key any more")
    default:
      Self(
        da: "Alle konti på serveren kunne nås igen.",
        en: "all accounts at the server could be reached again")
    }
  }

  fileprivate static func silenced(_ kind: Finding.Kind) -> Self {
    let what = kind.ofAccounts
    return Self(
      isMended: false, da: "De konti, der stadig \(what.da), er gjort tavse.",
      en: "the accounts that still \(what.en) are silenced")
  }
}
