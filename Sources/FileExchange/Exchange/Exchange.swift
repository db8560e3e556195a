public import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
public import Logging
internal import TriggerFiles

/// Sends and receives files for the accounts of one `filsluse.yaml`, with every step in its journal.
///
/// ```swift
/// let exchange = try await Exchange.open(settings)
/// let delivery = try await exchange.deliver(file: "udtræk_0101.csv", route: "flis-0101")
/// let report = await exchange.collect(from: "fagsystem") { arrival in try await store(arrival.path) }
/// ```
public struct Exchange: Sendable {
  /// Accounts, routes, and the places of journal and inbox.
  public private(set) var settings: ExchangeSettings
  /// The record of all work. To read it, open ``Journal`` with the settings' path: any number of processes may have it
  /// open.
  let journal: Journal
  /// The limits and intervals of waiting.
  public var patience = Patience()
  let logger: Logger
  /// Messages that are logged once and not with every look.
  let remarks: LogThrottle
  /// Receipts of others that were read before and are sound.
  let unclaimedReceipts = UnclaimedReceipts()
  /// Suspected causes of lost connections.
  let suspects: SuspectFiles
  /// The arrivals, by account, that other machines have left in IN and that these settings do not expect either.
  private(set) var unexpected = Locked<[String: Set<Int64>]>([:])
  /// The inboxes that were opened.
  let inboxes = OpenedInboxes()
  /// The rate limiters of accounts, by name.
  private(set) var paces: [String: BandwidthLimiter]
  /// The connections that accounts have for large files.
  private var bulkConnections: [String: BulkConnections]
  /// The connections that a long run keeps; `nil`: each call makes its own.
  var connections: SharedConnections?
  /// The environment variables that hold passphrases: no started program gets them. Names are only added, because a
  /// former passphrase may still be in its variable.
  let withheld: Locked<Set<String>>
  /// The caller's closure that takes over arrivals in place of the routes' programs; `nil` where there is none.
  var closure: ClosureReceiver?
  /// Called for each start of a receiver's program.
  var onProgramStart: @Sendable (ProgramStart) -> Void = { _ in }
  /// Called with each delivery when this process has recorded its receipt.
  var onReceipt: @Sendable (Delivery) -> Void = { _ in }
  /// Called with each arrival that could not be collected for a reason of its own, in the journal's new state: it is
  /// retried, or set aside.
  var onFailedTry: @Sendable (Arrival) -> Void = { _ in }

  /// Opens the journal that the settings name.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` or `local-file`.
  public static func open(
    _ settings: ExchangeSettings, logger: Logger = Logger(label: "filsluse")
  ) async throws(ExchangeError) -> Exchange {
    let journal = try await Journal.open(of: settings)
    if let notice = journal.noticeOfMark { logger.say(.warning, notice) }
    return Exchange(settings: settings, journal: journal, logger: logger)
  }

  /// Closes the journal, after writing its high-water mark; the exchange cannot be used after that.
  ///
  /// A process that is killed before leaves a mark that is a moment behind, which does no harm.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal was removed or replaced while it was open, or is
  ///   still being used, `local-file` when its high-water mark cannot be written.
  public func close() async throws(ExchangeError) { try await journal.close() }

  init(settings: ExchangeSettings, journal: Journal, logger: Logger) {
    self.settings = settings
    self.journal = journal
    self.logger = logger
    remarks = LogThrottle(logger)
    suspects = SuspectFiles(journal: journal, logger: logger)
    let paced = settings.accounts.compactMap { account in BandwidthLimiter(account).map { (account.name, $0) } }
    paces = Dictionary(paced, uniquingKeysWith: { first, _ in first })
    let bulk = settings.accounts.compactMap { account in
      BulkConnections(account, logger: logger).map { (account.name, $0) }
    }
    bulkConnections = Dictionary(bulk, uniquingKeysWith: { first, _ in first })
    withheld = Locked(settings.passphraseVariables)
  }

  /// Returns the exchange with other settings of the same journal and inbox. An unchanged account keeps its rate limit
  /// and its connections for large files, shared with work in progress.
  func taking(_ new: ExchangeSettings) -> Exchange {
    var exchange = self
    exchange.settings = new
    exchange.unexpected = Locked([:])
    (exchange.paces, exchange.bulkConnections) = ([:], [:])
    for account in new.accounts {
      let isSame = settings.account(named: account.name) == account
      exchange.paces[account.name] = isSame ? paces[account.name] : BandwidthLimiter(account)
      exchange.bulkConnections[account.name] =
        isSame ? bulkConnections[account.name] : BulkConnections(account, logger: logger)
    }
    withheld.withLock { $0.formUnion(new.passphraseVariables) }
    return exchange
  }

  /// Runs `body` with a connection to the account, and again with a new one while it asks for that after a failure
  /// that may pass. `body` returns whether it is done.
  func withConnections(
    to account: Account, _ body: (SFTPClient) async -> ConnectionUse
  ) async -> ExchangeError? {
    if let kept = connections?[account.name] { return await kept.use(body) }
    let connection = connection(to: account, .tries(patience.connectionAttempts))
    let failure = await connection.use(body)
    await connection.close()
    return failure
  }

  /// Runs `body` with a connection for it alone, and with another one while `body` learns something by losing it. The
  /// connection is kept while further suspected files are due: after an ordinary cut, all files in progress are
  /// suspects.
  func withOwnConnection(
    to account: Account, _ body: (SFTPClient) async -> ConnectionUse
  ) async -> ExchangeError? {
    guard let kept = connections?[account.name] else { return await withConnections(to: account, body) }
    return await kept.useAlone(keepingWhile: { firstDueSuspect(of: account) != nil }, body)
  }

  /// The suspected file to try next; `nil` if there is none, or all are pausing.
  func firstDueSuspect(of account: Account) -> SuspectFile? {
    suspects.all(of: account.name).first { !isPausing($0) }
  }

  /// Returns true while a suspected file waits for its next try.
  func isPausing(_ suspect: SuspectFile) -> Bool {
    patience.retry.isPausing(until: suspect.nextTryAt)
  }

  /// The staging of orders; a remark about a route is logged once.
  var staging: Staging {
    Staging(settings: settings, journal: journal) { [remarks] remark in remarks.once(.warning, remark) }
  }

  /// Returns a connection to the account, which is made when it is first used.
  func connection(to account: Account, _ persistence: SharedConnection.Persistence) -> SharedConnection {
    SharedConnection(account, persistence, policy: patience.retry, logger: logger) {
      await Result { () async throws(ExchangeError) in try await connect(to: account) }
    }
  }

  /// Returns the further connections for one upload or download of the account; `nil` where it has none.
  func bulkTransfer(to account: Account) -> BulkTransfer? {
    bulkConnections[account.name].map { connections in
      // The shared connection transfers the file in any case: nothing waits for a further one.
      BulkTransfer(connections) { () async throws(ExchangeError) in try await connect(to: account, waiting: .zero) }
    }
  }

  /// Connects to an account's server. Where the settings limit the account's connections over all machines, it waits
  /// until this machine may have one more.
  ///
  /// - Parameter waiting: the longest wait for that; ``Patience/freeConnection`` where it is `nil`.
  func connect(to account: Account, waiting: Duration? = nil) async throws(ExchangeError) -> SFTPClient {
    guard let most = account.mostConnections else {
      return try await account.connect(reply: patience.reply, logger: logger)
    }
    let turn = try await journal.takeConnection(
      of: account.name, most: most, waiting: waiting ?? patience.freeConnection)
    let client: SFTPClient
    do throws(ExchangeError) {
      client = try await account.connect(reply: patience.reply, logger: logger)
    } catch {
      await Self.giveBack(turn, to: journal, logger)
      throw error
    }
    client.whenGone { [journal, logger] in await Self.giveBack(turn, to: journal, logger) }
    return client
  }

  private static func giveBack(_ turn: ConnectionTurn, to journal: Journal, _ logger: Logger) async {
    do throws(ExchangeError) {
      try await journal.giveBack(turn)
    } catch {
      logger.say(
        .info,
        LocalizedText(
          "the journal's server still counts a connection of \(turn.account) that is closed: \(error)",
          "journalens server tæller stadig en lukket forbindelse for \(turn.account): \(error.clauseInDanish)"))
    }
  }
}

/// The connections that are kept for the accounts of a long-running exchange, by the accounts' names.
final class SharedConnections: Sendable {
  private let byAccount = Locked<[String: SharedConnection]>([:])

  subscript(account: String) -> SharedConnection? {
    get { byAccount.withLock { $0[account] } }
    set { byAccount.withLock { $0[account] = newValue } }
  }
}
