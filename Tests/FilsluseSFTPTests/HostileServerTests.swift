import FilsluseSFTP
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

/// Real logins to servers whose SFTP program is broken or means harm: scripts that print whatever they like.
@Suite struct HostileServerTests {
  private static let version = "\\0\\0\\0\\05\\02\\0\\0\\0\\03"

  /// Runs `body` with a client of a server whose SFTP program is this script; the connection's error, if it fails.
  ///
  /// A script stays by `cat`, which ends with the connection.
  private func error(
    script: String, deadlines: Deadlines = Deadlines(),
    _ body: @Sendable (SFTPClient) async throws -> Void = { _ in }
  ) async throws -> SFTPError? {
    try await withScratchFolder { folder in
      let program = folder.appending("hostile")
      try "#!/bin/sh\n\(script)\n".write(toFile: program.string, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.string)
      return try await withOwnServer(["ForceCommand \(program)"]) { _, endpoint in
        var endpoint = endpoint
        endpoint.deadlines = deadlines
        let hostile = endpoint
        return await sftpError { try await withSFTPClient(hostile, logger: quiet, body) }
      }
    }
  }

  @Test("reports text that a login script prints")
  func aLoginScriptThatPrintsTextIsReported() async throws {
    let error = try #require(try await error(script: "echo Velkommen til serveren; exec cat >/dev/null"))
    #expect(error.code == .protocolViolation)
    #expect(error.description.contains("Velkommen til serveren"))
  }

  @Test("a silent server ends by its deadline")
  func aServerThatSaysNothingEndsByItsDeadline() async throws {
    #expect(try await error(script: "exec cat >/dev/null", deadlines: Deadlines(reply: .seconds(1)))?.code == .timedOut)
  }

  @Test("a server that ends at once")
  func aServerThatEndsAtOnce() async throws {
    #expect(try await error(script: "exit 1")?.code == .connectionLost)
  }

  @Test("refuses a server of another version of SFTP")
  func anotherVersion() async throws {
    let error = try #require(try await error(script: "printf '\\0\\0\\0\\05\\02\\0\\0\\0\\02'; exec cat >/dev/null"))
    #expect(error.code == .protocolViolation)
    #expect(error.description.contains("version 2"))
  }

  @Test(
    "a malformed answer ends the connection",
    arguments: [
      "\\0\\377\\377\\377\\151", "\\0\\0\\0\\0\\0", "\\0\\0\\0\\011\\145\\0\\0\\0\\143\\0\\0\\0\\0",
      "\\0\\0\\0\\05\\150\\0\\0\\0\\01", "\\0\\0\\0\\011\\146\\0\\0\\0\\01\\377\\377\\377\\377",
    ])
  func aMalformedAnswerEndsTheConnection(answer: String) async throws {
    // The answer comes once the first request is there: INIT takes 9 bytes, OPENDIR 14.
    let script = "printf '\(Self.version)'; head -c 23 >/dev/null; printf '\(answer)'; exec cat >/dev/null"
    let error = try #require(try await error(script: script) { client in _ = try await client.list(".") })
    #expect(error.code == .protocolViolation, "\(error)")
  }

  @Test("an answer that comes only in half ends by its deadline")
  func anAnswerOfWhichHalfComesEndsByItsDeadline() async throws {
    let script = "printf '\(Self.version)'; head -c 23 >/dev/null; printf '\\0\\0\\0\\012\\146'; exec cat >/dev/null"
    let deadlines = Deadlines(reply: .seconds(2))
    let error = try #require(
      try await error(script: script, deadlines: deadlines) { client in _ = try await client.list(".") })
    #expect(error.code == .timedOut)
  }

  @Test("impossible names are set apart")
  func impossibleNamesAreSetApart() async throws {
    // HANDLE "h"; then NAME with three names: "../x", "ok", ".."; then STATUS end of file.
    // Three READDIRs are in flight, 14 bytes each.
    let none = "\\0\\0\\0\\0"
    let names =
      "\\0\\0\\0\\04../x\(none)\(none)" + "\\0\\0\\0\\02ok\(none)\(none)" + "\\0\\0\\0\\02..\(none)\(none)"
    let script = """
      printf '\(Self.version)'; head -c 23 >/dev/null
      printf '\\0\\0\\0\\012\\146\\0\\0\\0\\01\\0\\0\\0\\01h'; head -c 42 >/dev/null
      printf '\\0\\0\\0\\065\\150\\0\\0\\0\\02\\0\\0\\0\\03\(names)'
      for id in 3 4; do printf "\\\\0\\\\0\\\\0\\\\011\\\\145\\\\0\\\\0\\\\0\\\\0$id\\\\0\\\\0\\\\0\\\\01"; done
      exec cat >/dev/null
      """
    let error = try await error(script: script) { client in
      let listing = try await client.listing(of: ".")
      #expect(listing.entries.map(\.text) == ["ok"])
      #expect(listing.rejected == [Array("../x".utf8)])
    }
    #expect(error == nil, "\(error as Any)")
  }
}
