/// What a case is known to come to on a server that cannot do all of it.
struct ExpectedOutcome: Sendable {
  /// The outcome, in the matrix's words.
  let word: String
  /// Why the server is to be blamed and not the client.
  let reason: String

  /// The expected outcome of a case; `nil` where it is to succeed.
  ///
  /// Each entry is written by hand after looking at what the server does. A better outcome fails the suite as a worse
  /// one does, so that no entry outlives its reason.
  static func of(_ subject: ConformanceCase, on server: ServerKind) -> ExpectedOutcome? {
    switch (server, subject) {
    default: nil
    }
  }
}
