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

  /// Notes how a login ended.
  mutating func note(_ error: SFTPError?, at cut: LoginCut, wasCut: Bool, connections: Int) {
    guard wasCut else {
      notCut += 1
      if let error { refuse(error, cut) }
      return
    }
    cuts += 1
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
    refused.append("\(cut.direction) after \(cut.bytes) bytes\(cut.isPaused ? " and a pause" : ""): \(error)")
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
  }

  /// True if every cut counted as a lost connection.
  var isSound: Bool { refused.isEmpty && stopping == 0 && cuts > 0 }

  /// The counts, and each login with another result.
  var text: String {
    let kinds = codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return """
      logins cut \(cuts), of them lost \(lost), tried again within the login \(triedAgain), \
      over before the cut \(cuts - codes.values.reduce(0, +) - triedAgain); not reached by a cut \(notCut)
      errors: \(kinds.isEmpty ? "none" : kinds)
      refused \(refused.count), accounts stopped \(stopping)\(refused.map { "\n  " + $0 }.joined())
      """
  }
}
