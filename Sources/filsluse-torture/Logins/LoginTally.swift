import FileExchange
import FilsluseSFTP

/// The results of the cut logins.
struct LoginTally: Sendable {
  private var cuts = 0
  private var lost = 0
  private var triedAgain = 0
  private var notCut = 0
  private var refused: [String] = []
  private var stopping = 0
  private var codes: [String: Int] = [:]
  private var tooLong = 0
  private var longest = Duration.zero
  private var longestCut: LoginCut?

  /// The deadlines of the client's settings, which are their defaults here as in every account.
  private static let deadlines = Deadlines()
  /// The longest time that a login may take, from its beginning to the SFTP subsystem.
  private static let limit = deadlines.connect + deadlines.login

  /// Notes how a login ended.
  mutating func note(_ error: SFTPError?, at cut: LoginCut, wasCut: Bool, connections: Int, took time: Duration) {
    guard wasCut else {
      notCut += 1
      if let error { refuse(error, cut) }
      return
    }
    cuts += 1
    if time > Self.limit { tooLong += 1 }
    if time > longest { (longest, longestCut) = (time, cut) }
    guard let error else {
      // The last bytes of a login may be cut when the client has all that it waits for.
      triedAgain += connections > 1 ? 1 : 0
      return
    }
    codes[error.code.rawValue, default: 0] += 1
    if error.code == .connectionLost { lost += 1 } else { refuse(error, cut) }
    let failure = ExchangeError(error, while: "log in")
    if case .stopAccount = RetryPolicy().verdict(on: failure, failures: 1) { stopping += 1 }
  }

  private mutating func refuse(_ error: SFTPError, _ cut: LoginCut) {
    refused.append("\(cut): \(error)")
  }

  /// Adds what another line has noted.
  mutating func add(_ other: LoginTally) {
    cuts += other.cuts
    lost += other.lost
    triedAgain += other.triedAgain
    notCut += other.notCut
    refused += other.refused
    stopping += other.stopping
    codes.merge(other.codes, uniquingKeysWith: +)
    tooLong += other.tooLong
    if other.longest > longest { (longest, longestCut) = (other.longest, other.longestCut) }
  }

  /// True if every cut counted as a lost connection, and none kept a login waiting beyond its deadlines.
  var isSound: Bool { refused.isEmpty && stopping == 0 && tooLong == 0 && cuts > 0 }

  /// The counts, and each login with another result.
  var text: String {
    let kinds = codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return """
      logins cut \(cuts), of them lost \(lost), tried again within the login \(triedAgain), \
      over before the cut \(cuts - codes.values.reduce(0, +) - triedAgain); not reached by a cut \(notCut)
      errors: \(kinds.isEmpty ? "none" : kinds)
      longest login \(Self.milliseconds(longest)) ms (\(longestCut.map { "\($0)" } ?? "none")); longer than the deadlines \
      connect and login of \(Self.milliseconds(Self.limit)) ms together: \(tooLong)
      refused \(refused.count), accounts stopped \(stopping)\(refused.map { "\n  " + $0 }.joined())
      """
  }

  private static func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }
}
