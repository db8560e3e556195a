import Subprocess
import SystemPackage
import Testing

/// `Scripts/torture` in small: some points of every kind. The numbers it prints are its own verdict.
@Suite(.timeLimit(.minutes(8))) struct ShortTortureTests {
  @Test(
    "takes a login that is cut at any byte for a lost connection, never for a refusal, whatever the key",
    arguments: [("ed25519", 16), ("ecdsa", 48), ("rsa", 48), ("rsa-256", 32)])
  func aLoginCutAtAnyByteIsLost(key: String, every: Int) async throws {
    let torture = try BuiltCommand.binary().removingLastComponent().appending("filsluse-torture")
    let result = try await Subprocess.run(
      .name("timeout"),
      arguments: [
        "--kill-after=2", "\(BuiltCommand.patience)", torture.string, "logins", "--every", "\(every)",
        "--key", key,
      ],
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)\n\(result.standardError)")
    #expect(result.standardOutput.contains("\nrefused 0, accounts stopped 0"), "\(result.standardOutput)")
  }

  @Test("loses, doubles and conceals nothing while files, folders, journal, key, hook and settings change under it")
  func nothingIsLostOrConcealedUnderAChange() async throws {
    let torture = try BuiltCommand.binary().removingLastComponent().appending("filsluse-torture")
    let result = try await Subprocess.run(
      .name("timeout"),
      arguments: [
        "--kill-after=2", "\(BuiltCommand.patience)", torture.string, "changes", "--points", "33", "--lanes", "11",
        "--standing", "1.5",
      ], output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)\n\(result.standardError)")
    #expect(result.standardOutput.contains("\nlost 0, doubled 0, damaged 0, "), "\(result.standardOutput)")
  }

  @Test("nothing is lost or doubled at any point")
  func nothingIsLostOrDoubledAtAnyPoint() async throws {
    let torture = try BuiltCommand.binary().removingLastComponent().appending("filsluse-torture")
    let result = try await Subprocess.run(
      .name("timeout"),
      arguments: [
        "--kill-after=2", "\(BuiltCommand.patience)", torture.string, "--kills", "10", "--power-losses", "4", "--cuts",
        "4", "--full-disks",
        "4", "--clock-jumps",
        "2", "--unattended-kills", "3", "--bad-server-kills", "0", "--lanes", "3",
      ], output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)\n\(result.standardError)")
    #expect(result.standardOutput.contains("\nlost 0, doubled 0, damaged 0, "), "\(result.standardOutput)")
    #expect(result.standardOutput.contains(", false refusals of a journal 0,"), "\(result.standardOutput)")
  }
}
