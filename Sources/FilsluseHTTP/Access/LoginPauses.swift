internal import FilsluseBase

/// The pauses after wrong tokens, in the form that asks for the token or in the headers of programs, where the right
/// token needs no attempt.
///
/// An address has a pause that grows with its wrong tokens in a row, and all addresses together have one once they have
/// given many. During a pause no token is looked at, so that more connections make no guessing faster, and nothing
/// waits on a thread: the answer says when to try again. No pause is longer than a minute. An address that has given
/// the right token before waits for its own wrong tokens alone, so that guesses from elsewhere keep nobody out who was
/// in.
package final class LoginPauses: Sendable {
  /// The result of an attempt.
  package enum Attempt: Sendable, Hashable {
    case right
    case wrong
    /// The token was not looked at; the next attempt may be made after these seconds.
    case paused(seconds: Int)
  }

  /// The wrong tokens of one address.
  private struct WrongTokens {
    var inARow = 0
    var last: ContinuousClock.Instant
    var pausedUntil: ContinuousClock.Instant
  }

  private struct State {
    var wrong: [String: WrongTokens] = [:]
    /// The addresses that have given the right token, with the last time.
    var known: [String: ContinuousClock.Instant] = [:]
    /// The time at which the wrong tokens of all addresses are forgotten; each wrong token moves it by
    /// ``perWrongToken``.
    var forgottenBy: ContinuousClock.Instant?
  }

  private let state = Locked(State())
  private let clock: @Sendable () -> ContinuousClock.Instant

  /// The wrong tokens in a row of one address that cost no pause: people mistype.
  static let free = 3
  /// The longest pause of one address.
  static let longest = 60
  /// The wrong tokens of all addresses that cost no pause, and the time after which there is room for one more.
  static let freeOfAll = 30
  static let perWrongToken = Duration.seconds(2)
  /// The time after which the wrong tokens of an address are forgotten.
  private static let memory = Duration.seconds(900)
  /// The greatest number of addresses remembered, of each sort.
  private static let most = 1000

  /// No pauses yet, by a clock that is never set back.
  package init(clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.clock = clock }

  /// Checks a token, unless the address has a pause.
  ///
  /// - Parameter isRight: checks the token.
  package func attempt(from address: String, isRight: () -> Bool) -> Attempt {
    let now = clock()
    // The check runs under the lock, so simultaneous attempts are counted one after the other.
    return state.withLock { state in
      if let known = state.wrong[address], now - known.last > Self.memory { state.wrong[address] = nil }
      if let rest = Self.pause(of: address, in: state, at: now) {
        return .paused(seconds: Int((rest / .seconds(1)).rounded(.up)))
      }
      if isRight() {
        state.wrong[address] = nil
        Self.makeRoom(in: &state.known) { $0 }
        state.known[address] = now
        return .right
      }
      Self.noteWrong(address, in: &state, at: now)
      return .wrong
    }
  }

  /// The rest of a pause; `nil` where there is none.
  private static func pause(of address: String, in state: State, at now: ContinuousClock.Instant) -> Duration? {
    var until = state.wrong[address]?.pausedUntil ?? now
    if state.known[address] == nil, let forgottenBy = state.forgottenBy {
      until = max(until, forgottenBy - perWrongToken * (freeOfAll - 1))
    }
    return until > now ? until - now : nil
  }

  private static func noteWrong(_ address: String, in state: inout State, at now: ContinuousClock.Instant) {
    if state.wrong[address] == nil { makeRoom(in: &state.wrong) { $0.last } }
    var wrong = state.wrong[address] ?? WrongTokens(last: now, pausedUntil: now)
    wrong.inARow += 1
    wrong.last = now
    if wrong.inARow >= free {
      wrong.pausedUntil = now + .seconds(min(longest, 1 << min(wrong.inARow - free, 10)))
    }
    state.wrong[address] = wrong
    state.forgottenBy = max(state.forgottenBy ?? now, now) + perWrongToken
  }

  /// Forgets the oldest address where there are too many.
  private static func makeRoom<Value>(
    in addresses: inout [String: Value], last: (Value) -> ContinuousClock.Instant
  ) {
    guard addresses.count >= most, let oldest = addresses.min(by: { last($0.value) < last($1.value) }) else { return }
    addresses[oldest.key] = nil
  }
}

extension HTTPRequest {
  /// The client's address: that of the connection, or behind a proxy on this machine the last one that the proxy added.
  package var clientAddress: String {
    guard peer.hasPrefix("127.") || peer == "::1", let forwarded = header("x-forwarded-for"),
      let last = forwarded.split(separator: ",").last?.filter({ $0 != " " }), (1...64).contains(last.utf8.count),
      last.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == "." || $0 == ":") })
    else { return peer }
    return last
  }
}
