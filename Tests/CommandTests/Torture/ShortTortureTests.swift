import PlatformFixture
import Testing

/// `Scripts/torture` in small: some points of every kind of kill and cut, and a change of every kind. The numbers it
/// prints are its own verdict.
@Suite(.timeLimit(.minutes(25))) struct ShortTortureTests {
  @Test(
    "reports a login that is cut at any byte as a lost connection, never as a refusal, with every key",
    arguments: [("ed25519", 16), ("ecdsa", 48), ("rsa", 48), ("rsa-256", 32)])
  func aLoginCutAtAnyByteIsLost(key: String, every: Int) async throws {
    let outcome = try await BuiltCommand.run(
      ["logins", "--every", "\(every)", "--key", key], program: "filsluse-torture")
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    #expect(outcome.output.contains("\nrefused 0, accounts stopped 0"), "\(outcome.output)")
    #expect(outcome.output.contains("login of 40000 ms together: 0\n"), "\(outcome.output)")
  }

  @Test("loses and doubles no file at any point")
  func nothingIsLostOrDoubledAtAnyPoint() async throws {
    let outcome = try await BuiltCommand.run(
      [
        "--kills", "6", "--power-losses", "2", "--cuts", "3", "--full-disks", "2", "--clock-jumps", "2",
        "--unattended-kills", "2", "--bulk-kills", "3", "--bad-server-kills", "0", "--workers", "2",
      ], program: "filsluse-torture")
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    #expect(outcome.output.contains("\nlost 0, doubled 0, damaged 0, "), "\(outcome.output)")
    #expect(outcome.output.contains(", false refusals of a journal 0,"), "\(outcome.output)")
  }

  @Test(
    "loses and doubles no file when machines that share a journal, or its server, fail",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"),
    arguments: [
      ["--points", "30"], ["--points", "30", "--standby", "--no-promotions", "--real-grace", "2"],
    ])
  func nothingIsLostBetweenMachines(use: [String]) async throws {
    let outcome = try await BuiltCommand.run(["machines", "--stall", "2"] + use, program: "filsluse-torture")
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    #expect(outcome.output.contains("\nlost 0, doubled 0, damaged 0, removed unread 0"), "\(outcome.output)")
  }

  /// The limits of time are those of a machine that runs all tests at once; `Scripts/torture changes` has the real
  /// ones.
  @Test("loses, doubles and leaves unreported no file when files, folders, keys or settings change under a process")
  func nothingIsLostOrConcealedByChanges() async throws {
    let outcome = try await BuiltCommand.run(
      [
        "changes", "--points", "33", "--workers", "3", "--standing", "1.5", "--stop-limit", "120", "--time-to-report",
        "120",
      ], program: "filsluse-torture")
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    #expect(outcome.output.contains("\nlost 0, doubled 0, damaged 0, misdirected 0, removed unread 0, "))
  }
}
