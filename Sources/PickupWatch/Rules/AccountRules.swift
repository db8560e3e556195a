internal import ExchangeSettings
internal import TriggerFiles

/// The settings that an account is judged by, collected once, because an inbox is judged each minute, file by file.
struct AccountRules: Sendable {
  /// The rules about files, in the order of the settings.
  let infRefRules: [InfRefRule]
  /// The rule about the account.
  let account: AccountRule
  /// The arrivals that the account expects.
  let arrivals: [ArrivalRoute]
  /// The account as the settings describe it.
  let settings: Account?
  /// The endings of the contract's files.
  let suffixes: WireSuffixes

  init(_ name: String, _ settings: ExchangeSettings) {
    infRefRules = settings.watch.infRefRules(for: name)
    account = settings.watch.accountRule(for: name)
    arrivals = settings.arrivals.filter { $0.account == name }
    self.settings = settings.account(named: name)
    suffixes = self.settings?.suffixes ?? .default
  }
}
