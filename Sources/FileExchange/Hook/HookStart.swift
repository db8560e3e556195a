/// What came of starting a receiver's program: told each time, whether it could be started or not.
struct HookStart: Sendable {
  /// The account whose arrival it was for.
  let account: String
  /// The route that names the program.
  let route: String
  /// Why it could not be started; `nil` where it was.
  let failure: ExchangeError?
}
