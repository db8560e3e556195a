import FileExchange
import FilsluseSFTP
import Testing

@testable import filsluse

/// The meaning of each error code, written by hand: its category, and everything that derives from that.
@Suite struct ErrorTableTests {
  /// The codes of a connection, their category, whether the connection is over, and the command's exit status.
  private static let connection = """
    connection-refused      passing  ended  69
    unreachable             passing  ended  69
    name-not-resolved       passing  ended  69
    connect-timed-out       passing  ended  69
    timed-out               passing  ended  75
    connection-lost         passing  ended  75
    connection-closed       passing  ended  75
    resources-exhausted     local    ended  74
    no-common-algorithm     account  ended  78
    host-key-mismatch       account  ended  77
    host-key-unknown        account  ended  77
    host-key-revoked        account  ended  77
    fingerprint-malformed   account  ended  78
    known-hosts-unreadable  local    ended  78
    authentication-failed   account  ended  77
    no-sftp                 account  ended  77
    second-factor-required  account  ended  77
    agent-unavailable       local    ended  74
    key-unreadable          account  ended  77
    key-unavailable         local    ended  74
    no-such-file            file     open   75
    permission-denied       file     open   77
    failure                 file     open   75
    resume-refused          file     open   75
    unsupported             file     open   69
    protocol-violation      passing  ended  69
    cancelled               passing  open   75
    size-mismatch           file     open   75
    too-large               file     open   75
    listing-too-long        file     open   75
    local                   local    open   74
    """

  /// The codes of an exchange, their category and the command's exit status.
  private static let exchange = """
    file-missing        file     66
    local-file          local    74
    file-unreadable     file     74
    not-plain           local    74
    second-name         passing  75
    folder-gone         local    74
    file-changed        passing  75
    disk-full           local    74
    journal             local    74
    journal-full        local    74
    journal-damaged     local    74
    journal-outdated    local    74
    journal-replaced    request  74
    journal-schema      local    74
    unknown-route       request  78
    invalid-settings    request  78
    unknown-delivery    request  65
    committed           request  65
    invalid-delivery    file     65
    wrong-municipality  file     65
    route-not-cleared   file     65
    invalid-document    file     65
    not-whole           passing  75
    size-mismatch       file     75
    name-taken          passing  75
    passphrase-missing  account  78
    claimed-elsewhere   passing  75
    remote-differs      file     65
    account-stopped     account  77
    hook-failed         passing  75
    hook-not-started    local    74
    vanished            file     65
    unknown-arrival     request  65
    watch-database      local    74
    watch-schema        local    74
    cancelled           passing  75
    transfer            passing  75
    """

  /// The reaction to a failure of each category: whether the same call may succeed later, and what an unattended run
  /// does after the first failure and after the fifth in a row.
  private static let reactions: [FailureCategory: (isRetriable: Bool, first: Reaction, fifth: Reaction)] = [
    .passing: (true, .tryAgain, .tryAgain),
    .account: (false, .stopAccount, .stopAccount),
    .file: (false, .tryAgain, .setAside),
    .local: (true, .tryAgain, .tryAgain),
    .request: (false, .giveUp, .giveUp),
  ]

  private enum Reaction {
    case tryAgain, stopAccount, setAside, giveUp

    init(to error: ExchangeError, failures: Int) {
      self =
        switch RetryPolicy().verdict(on: error, failures: failures) {
        case .tryAgain: .tryAgain
        case .stopAccount: .stopAccount
        case .setAside: .setAside
        case .giveUp: .giveUp
        }
    }
  }

  private static func rows(_ table: String) -> [[String]] {
    table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  private static func error(_ code: ExchangeError.Code, _ transfer: SFTPError? = nil) -> ExchangeError {
    ExchangeError(code, operation: "o", message: "m", remedy: "r", transfer: transfer)
  }

  @Test("every code of a connection has the category, the end of the connection and the exit status of the table")
  func connectionCodes() {
    let codes = SFTPError.Code.allCases
    let rows = codes.map { code in
      [code.rawValue, code.category.rawValue, code.endsConnection ? "ended" : "open", "\(ExitStatus(code).rawValue)"]
    }
    #expect(rows == Self.rows(Self.connection))
  }

  @Test("every code of an exchange has the category and the exit status of the table")
  func exchangeCodes() {
    let rows = ExchangeError.Code.allCases.map { code in
      [code.rawValue, code.category.rawValue, "\(Self.error(code).exitStatus.rawValue)"]
    }
    #expect(rows == Self.rows(Self.exchange))
  }

  @Test("the category of every code decides whether it is retried, and after how many failures it is set aside")
  func reactions() throws {
    for code in ExchangeError.Code.allCases {
      let error = Self.error(code)
      let expected = try #require(Self.reactions[error.category])
      #expect(error.isRetriable == expected.isRetriable, "\(code)")
      // No wait changes the name of a file or its route.
      let isLasting = code == .wrongMunicipality || code == .routeNotCleared
      let first = isLasting ? Reaction.setAside : expected.first
      #expect(Reaction(to: error, failures: 1) == first, "\(code)")
      #expect(Reaction(to: error, failures: 5) == expected.fifth, "\(code)")
    }
    #expect(Set(Self.reactions.keys) == Set(FailureCategory.allCases))
  }

  @Test("a command's JSON says to try again wherever its exit status says that it is not done yet")
  func tryAgain() {
    for code in ExchangeError.Code.allCases {
      let error = Self.error(code)
      let isExpected = error.isRetriable || code == .sizeMismatch
      #expect(ReportedError(error).tryAgain == isExpected, "\(code)")
      #expect(error.exitStatus != .notDoneYet || isExpected, "\(code)")
    }
  }

  @Test("a failed transfer has the category, the retry and the exit status of its connection's failure")
  func transfers() async throws {
    // The library makes these errors alone: a malformed fingerprint and a name that no server has.
    let malformed = #expect(throws: SFTPError.self) { try HostKeyFingerprint("MD5:aa") }
    let failure = ExchangeError(try #require(malformed), while: "connect")
    #expect(failure.code == .transfer && failure.category == .account && !failure.isRetriable)
    #expect(failure.exitStatus == .configuration)
  }
}
