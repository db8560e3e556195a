internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSFTP
internal import Glibc
internal import Logging
internal import SystemPackage

// The parts that a single check and a session are set up with.

extension ExchangeSettings {
  /// The accounts that a rule is about, in the order of the settings.
  var watchedAccounts: [Account] {
    let names = watch.accounts
    return accounts.filter { names.contains($0.name) }
  }

  /// Returns the journal if it exists: the exchange creates it, not the watcher. A journal that the watcher must not
  /// read counts as existing: opening it gives the reason.
  func journalIfThere() async throws(ExchangeError) -> Journal? {
    // A journal that was there and is gone is opened too: the error then says so.
    if journalServer == nil, access(journal.string, F_OK) != 0, errno == ENOENT, !Journal.wasMade(at: journal) {
      return nil
    }
    return try await Journal.open(of: self)
  }
}

extension RuleEvaluator {
  /// - Throws: `ExchangeError` with code `invalidSettings` where the settings name a time zone that there is not.
  init(checking settings: ExchangeSettings) throws(ExchangeError) {
    guard let evaluator = RuleEvaluator(settings) else {
      throw ExchangeError(
        .invalidSettings, operation: "read the rules", message: "there is no time zone \(settings.watch.timeZone)",
        remedy: "name another under watch: time-zone:")
    }
    self = evaluator
  }
}

extension SharedConnection {
  /// A connection to look into an account's folders: each look makes one attempt where there is none.
  static func forLooks(into account: Account, logger: Logger) -> SharedConnection {
    SharedConnection(account, .tries(1), logger: logger) {
      await Result { () async throws(ExchangeError) in
        try await account.connect(while: "look into \(account.name)", logger: logger)
      }
    }
  }
}
