/// The known outcome of a case on a server that cannot do all of it.
struct ExpectedOutcome: Sendable {
  /// The outcome, in the matrix's words.
  let word: String
  /// The reason why the server is at fault and not the client.
  let reason: String

  /// The expected outcome of a case; `nil` where it is to succeed.
  ///
  /// Each entry is written by hand after looking at what the server does. A better outcome fails the suite as a worse
  /// one does, so that no entry outlives its reason.
  static func of(_ subject: ConformanceCase, on server: ServerKind) -> ExpectedOutcome? {
    switch (server, subject) {
    case (.openSSHReadOnly, .watch): nil
    case (.openSSHReadOnly, .inPlace): ExpectedOutcome(word: "permission-denied", reason: readOnly)
    case (.openSSHReadOnly, _): ExpectedOutcome(word: "Permission denied", reason: readOnly)
    case (.asyncSSH, .resumeSend), (.rclone, .resumeSend):
      ExpectedOutcome(
        word: fromFirstByte,
        reason: "The server refuses writes that do not follow the last one, so the file is sent again with truncation.")
    case (.rcloneCached, .resumeSend):
      ExpectedOutcome(
        word: "damaged",
        reason: """
          rclone's cache of writes: when a file that is not written back yet is opened again without truncation, \
          everything before the new writes becomes zeros, although the server has acknowledged it and states the full \
          size. Use rclone without the cache.
          """)
    case (.conch, .danish):
      ExpectedOutcome(
        word: "sent: open failed; collected: stat/lstat failed",
        reason: "Twisted conch 22.4 cannot open or look at a file whose name is not ASCII.")
    default: nil
    }
  }

  private static let fromFirstByte = "ok, from the first byte"
  private static let readOnly = "The server permits no change: nothing is written to OUT or removed from IN."
}
