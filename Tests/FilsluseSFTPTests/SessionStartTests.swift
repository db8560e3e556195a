import FilsluseBase
import LocalPlatform
import PlatformFixture
import Testing

@testable import FilsluseSFTP

/// The beginning of an SFTP session, and the end of one by the server's own program.
@Suite(.timeLimit(.minutes(25))) struct SessionStartTests {
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
    "tells how the server's SFTP program ended",
    arguments: [
      ("exit 3", "; its SFTP program ended with status 3"),
      ("kill -KILL $$", "ended the SFTP session"),
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
    #expect(error?.description.contains("status 127") == true, "\(error as Any)")
  }

  /// OpenSSH's server keeps the standard error of a subsystem to itself; others pass it on.
  @Test("quotes what the server's SFTP program said in one visible line, shortened")
  func standardError() {
    func end(_ text: String) -> ServerProgramEnd {
      ServerProgramEnd(status: 3, complaints: Array(text.utf8))
    }
    #expect(
      end("ingen plads\r\npå disken\n").quoted
        == "; its SFTP program ended with status 3 and said “ingen plads / på disken”")
    #expect(end("\u{1B}[31mrødt").complaint == "\\x1b[31mrødt")
    #expect(end(String(repeating: "x", count: 1024)).complaint?.unicodeScalars.count == 301)
    #expect(end("").quoted == "; its SFTP program ended with status 3")
    #expect(ServerProgramEnd(status: 0, complaints: []).quoted.isEmpty)
  }

  /// The error of connecting to a server whose SFTP program is this one.
  private func failure(of program: String) async throws -> SFTPError? {
    try await withOwnServer([Self.command(program)]) { _, endpoint in
      await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
    }
  }

  private static func command(_ program: String) -> String { "ForceCommand exec /bin/sh -c \"\(program)\"" }
}
