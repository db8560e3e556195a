import FilsluseBase
import LocalPlatform
import PlatformFixture
import Testing

@testable import FilsluseSFTP

/// The beginning of an SFTP session, and the end of one by the server's own program.
@Suite(.timeLimit(.minutes(8))) struct SessionStartTests {
  /// A process under load may come to the server's introduction after several pings would have been due. OpenSSH's
  /// server ends a session that does not begin with the client's introduction.
  @Test("a session begins, however late its task comes to it")
  func aLateTask() async throws {
    try await withTestServer { server in
      let endpoint = try server.endpoint(deadlines: Deadlines(idlePing: .milliseconds(50)))
      let wakeUp = try EventFD()
      let engine = RequestEngine(wakeUp: wakeUp)
      let connection = try await SSHConnection.open(
        try await endpoint.target(logger: quiet), user: engine, wakeUp: wakeUp, logger: quiet)
      try await Task.sleep(for: .milliseconds(500))
      let hello = try await engine.serverHello()
      #expect(hello.version == 3)
      connection.stop()
      await connection.waitUntilGone()
    }
  }

  @Test(
    "tells how the server's SFTP program ended, and what it said",
    arguments: [
      (
        "echo 'ingen plads' >&2; echo 'på disken' >&2; exit 3", "ended with status 3 and said “ingen plads / på disken”"
      ),
      ("kill -KILL $$", "was ended by the signal KILL"),
      ("printf '\\033[31mrødt' >&2; exit 1", "ended with status 1 and said “\\x1b[31mrødt”"),
      ("exit 0", "ended the SFTP session"),
    ])
  func endedProgram(program: String, words: String) async throws {
    let error = try await failure(of: program)
    #expect(error?.code == .connectionLost && error?.isRetriable == true, "\(error as Any)")
    #expect(error?.description.contains(words) == true, "\(error as Any)")
  }

  @Test("says that a server has no SFTP where its shell does not find the program")
  func missingProgram() async throws {
    let error = try await failure(of: "exec /usr/lib/findes-ikke")
    #expect(error?.code == .noSFTP && error?.isRetriable == false, "\(error as Any)")
    #expect(error?.description.contains("status 127") == true)
    #expect(error?.description.contains("findes-ikke: not found") == true, "\(error as Any)")
  }

  /// More than the channel's window: what is not read would close it.
  @Test("goes on with a program that writes a lot on its standard error, and quotes its beginning alone")
  func talkativeProgram() async throws {
    let noise = "echo begyndt >&2; head -c 9000000 /dev/zero | tr '\\0' x >&2"
    try await withOwnServer([Self.command("\(noise); exec /usr/lib/openssh/sftp-server")]) { _, endpoint in
      try await withSFTPClient(endpoint, logger: quiet) { client in
        let bytes = Noise.bytes(300_000)
        try await client.write(bytes, to: "a")
        #expect(try await client.read("a", limit: bytes.count) == bytes)
      }
    }
    let error = try await failure(of: "\(noise); exit 4")
    #expect(error?.code == .connectionLost)
    #expect(error?.description.contains("status 4 and said “begyndt / xxx") == true, "\(error as Any)")
    #expect((error?.description.count ?? 0) < 600)
  }

  /// The error of connecting to a server whose SFTP program is this one.
  private func failure(of program: String) async throws -> SFTPError? {
    try await withOwnServer([Self.command(program)]) { _, endpoint in
      await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
    }
  }

  private static func command(_ program: String) -> String { "ForceCommand exec /bin/sh -c \"\(program)\"" }
}
