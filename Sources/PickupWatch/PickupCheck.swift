public import ExchangeSettings
internal import FileExchange
internal import FilsluseSFTP
public import FilsluseSystem
public import Logging

/// Looks into the inboxes that rules are about, and tells what lies there longer than it should.
///
/// A file's age is the time from its metadata's last writing, by the server's clock, to the watcher's own clock. Nothing
/// is written on the server, and no data is read.
public struct PickupCheck: Sendable {
  /// Accounts and rules.
  public var settings: ExchangeSettings
  /// How long half a pair may lie before it is reported.
  public var settle: Duration = .seconds(60)
  /// How long after the first look half a pair is looked at again.
  public var confirmation: Duration = .seconds(2)
  /// The watcher's clock.
  public var clock: @Sendable () -> Timestamp
  private let logger: Logger

  /// Prepares a check.
  public init(
    settings: ExchangeSettings, clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger
  ) {
    self.settings = settings
    self.clock = clock
    self.logger = logger
  }

  /// The accounts that a rule is about, in the order of the settings.
  public var watchedAccounts: [Account] {
    let names = Set(settings.pickupRules.map(\.account))
    return settings.accounts.filter { names.contains($0.name) }
  }

  /// Looks into every watched inbox, all at the same time; an inbox that cannot be looked into holds up no other.
  ///
  /// - Returns: a report for each account, in the order of the settings.
  public func run() async -> [InboxReport] {
    await withTaskGroup(of: (Int, InboxReport).self) { group in
      for (index, account) in watchedAccounts.enumerated() {
        group.addTask { (index, await check(account)) }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func check(_ account: Account) async -> InboxReport {
    do throws(ExchangeError) {
      let inbox = try await observe(account)
      let now = clock()
      let findings = PickupEvaluation(rules: settings.pickupRules, settle: settle).findings(in: inbox, now: now)
      return InboxReport(account: account.name, checked: now, waiting: inbox.metadata.count, findings: findings)
    } catch {
      return InboxReport(account: account.name, checked: clock(), failure: error)
    }
  }

  private func observe(_ account: Account) async throws(ExchangeError) -> InboxObservation {
    let endpoint = try await account.endpoint()
    do throws(SFTPError) {
      let client = try await SFTPClient.connect(endpoint, logger: logger)
      let outcome: Result<InboxObservation, SFTPError>
      do throws(SFTPError) {
        outcome = .success(try await InboxLook(client: client, account: account).observe(confirmingAfter: confirmation))
      } catch {
        outcome = .failure(error)
      }
      await client.close()
      return try outcome.get()
    } catch {
      throw ExchangeError(error, while: "look into \(account.folders.in) of \(account.name)")
    }
  }
}
