import FileExchange
import FilsluseSFTP
import Testing

@testable import filsluse

/// The meaning of each error code, written by hand: its category, and everything that derives from that.
@Suite struct ErrorTableTests {
  /// The codes of a connection, their category, whether the same may succeed at the next run, whether the connection is
  /// over, and the command's exit status.
  private static let connection = """
    connection-refused      passing  again  ended  69
    unreachable             passing  again  ended  69
    name-not-resolved       passing  again  ended  69
    connect-timed-out       passing  again  ended  69
    timed-out               passing  again  ended  75
    connection-lost         passing  again  ended  75
    connection-closed       passing  again  ended  75
    resources-exhausted     local    again  ended  74
    no-common-algorithm     account  final  ended  78
    host-key-mismatch       account  final  ended  77
    host-key-unknown        account  final  ended  77
    host-key-revoked        account  final  ended  77
    fingerprint-malformed   account  final  ended  78
    known-hosts-unreadable  local    again  ended  78
    authentication-failed   account  final  ended  77
    no-sftp                 account  final  ended  77
    second-factor-required  account  final  ended  77
    agent-unavailable       local    again  ended  74
    key-unreadable          account  final  ended  77
    key-unavailable         local    again  ended  74
    no-such-file            file     again  open   75
    permission-denied       file     final  open   77
    failure                 file     again  open   75
    resume-refused          file     again  open   75
    unsupported             file     final  open   69
    protocol-violation      passing  again  ended  69
    cancelled               passing  again  open   75
    size-mismatch           file     again  open   75
    too-large               file     again  open   75
    listing-too-long        file     again  open   75
    local                   local    again  open   74
    """

  /// The codes of an exchange, their category, whether the same may succeed at the next run, and the command's exit
  /// status.
  private static let exchange = """
    file-missing        file     final  66
    local-file          local    again  74
    file-unreadable     file     final  74
    not-plain           local    again  74
    second-name         passing  again  75
    folder-gone         local    again  74
    file-changed        passing  again  75
    disk-full           local    again  74
    journal             local    again  74
    journal-full        local    again  74
    journal-damaged     local    again  74
    journal-outdated    local    again  74
    journal-replaced    request  final  74
    journal-schema      local    again  74
    unknown-route       request  final  78
    invalid-settings    request  final  78
    unknown-delivery    request  final  65
    committed           request  final  65
    invalid-delivery    file     final  65
    wrong-municipality  file     final  65
    route-not-cleared   file     final  65
    invalid-document    file     final  65
    not-whole           passing  again  75
    size-mismatch       file     again  75
    name-taken          passing  again  75
    passphrase-missing  account  final  78
    claimed-elsewhere   passing  again  75
    remote-differs      file     final  65
    account-stopped     account  final  77
    hook-failed         passing  again  75
    hook-not-started    local    again  74
    vanished            file     final  65
    unknown-arrival     request  final  65
    watch-database      local    again  74
    watch-schema        local    again  74
    act-not-shared      local    again  74
    cancelled           passing  again  75
    transfer            passing  again  75
    """

  /// The reaction of an unattended run to a failure of each category: after the first, and after the fifth in a row.
  private static let reactions: [FailureCategory: (first: Reaction, fifth: Reaction)] = [
    .passing: (.tryAgain, .tryAgain),
    .account: (.stopAccount, .stopAccount),
    .file: (.tryAgain, .setAside),
    .local: (.tryAgain, .tryAgain),
    .request: (.giveUp, .giveUp),
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

  @Test("every code of a connection has the category, the retry, the end and the exit status of the table")
  func connectionCodes() {
    let codes = SFTPError.Code.allCases
    let rows = codes.map { code in
      [
        code.rawValue, code.category.rawValue, code.isRetriable ? "again" : "final",
        code.endsConnection ? "ended" : "open", "\(ExitStatus(code).rawValue)",
      ]
    }
    #expect(rows == Self.rows(Self.connection))
  }

  @Test("every code of an exchange has the category, the retry and the exit status of the table")
  func exchangeCodes() {
    let rows = ExchangeError.Code.allCases.map { code in
      [
        code.rawValue, code.category.rawValue, Self.error(code).isRetriable ? "again" : "final",
        "\(Self.error(code).exitStatus.rawValue)",
      ]
    }
    #expect(rows == Self.rows(Self.exchange))
  }

  @Test("the category of every code decides after how many failures it is set aside")
  func reactions() throws {
    for code in ExchangeError.Code.allCases {
      let error = Self.error(code)
      let expected = try #require(Self.reactions[error.category])
      // No wait changes the name of a file or its route.
      let isLasting = code == .wrongMunicipality || code == .routeNotCleared
      let first = isLasting ? Reaction.setAside : expected.first
      #expect(Reaction(to: error, failures: 1) == first, "\(code)")
      #expect(Reaction(to: error, failures: 5) == expected.fifth, "\(code)")
    }
    #expect(Set(Self.reactions.keys) == Set(FailureCategory.allCases))
  }

  @Test("the library, a command's JSON and its exit status agree on whether the same call may succeed at the next run")
  func tryAgain() {
    for code in ExchangeError.Code.allCases {
      let error = Self.error(code)
      #expect(ReportedError(error).tryAgain == error.isRetriable, "\(code)")
      #expect(error.exitStatus != .notDoneYet || error.isRetriable, "\(code)")
    }
    for code in SFTPError.Code.allCases {
      #expect(ExitStatus(code) != .notDoneYet || code.isRetriable, "\(code)")
      // No status says more exactly that the same may succeed later.
      #expect(code.category != .file || (ExitStatus(code) == .notDoneYet) == code.isRetriable, "\(code)")
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
