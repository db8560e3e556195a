/// The result of starting a receiver's program, reported each time.
struct HookStart: Sendable {
  /// The account whose arrival it was for.
  let account: String
  /// The route that names the program.
  let route: String
  /// The reason why it could not be started; `nil` where it was.
  let failure: ExchangeError?
}
