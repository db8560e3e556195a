import LocalPlatform

/// The platforms that the matrix is gone through on: the ordinary one, and those that others have met.
struct BadServer: Sendable {
  let name: String
  let options: LocalPlatform.Options
  /// True if senders and receivers have several connections for large files.
  var hasBulk = false

  static let ordinary = BadServer(name: "ordinary server", options: LocalPlatform.Options(pause: .milliseconds(5)))

  /// The ordinary one, where large files go over several connections each way.
  static let bulk = BadServer(name: "several connections", options: ordinary.options, hasBulk: true)

  /// Servers on which every file must arrive in spite of their behaviour.
  static let all = [
    // A trigger written in place may be cut. The platform gives its sender time to come back, on a busy machine too.
    BadServer(
      name: "no rename",
      options: options(server: ["ForceCommand internal-sftp -d %d -P rename,posix-rename"], settle: .seconds(20))),
    BadServer(name: "no fsync", options: options(server: ["ForceCommand internal-sftp -d %d -P fsync"])),
    BadServer(name: "takes data at once", options: options(PlatformBehaviour(takesDataFirst: true))),
    BadServer(name: "answers late", options: options(PlatformBehaviour(receiptDelay: .seconds(2)))),
    BadServer(name: "answers twice", options: options(PlatformBehaviour(receipts: .twice))),
  ]

  private static func options(
    _ habits: PlatformBehaviour = PlatformBehaviour(), server lines: [String] = [], settle: Duration = .seconds(2)
  ) -> LocalPlatform.Options {
    LocalPlatform.Options(pause: .milliseconds(1), settle: settle, habits: habits, serverLines: lines)
  }
}
