import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// True if this machine's loopback has an IPv6 address.
private let hasIPv6 =
  (try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8))?
  .contains("00000000000000000000000000000001 ") == true

/// The beginning of an SFTP session, and the end of one by the server's own program.
@Suite(.timeLimit(.minutes(25))) struct SessionStartTests {
  /// A process under load may come to the server's introduction after several pings would have been due. OpenSSH's
  /// server ends a session that does not begin with the client's introduction.
  @Test("a session begins even when its task runs late")
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

  @Test("connects to the next of a name's addresses where one does not answer, IPv6 among them")
  func severalAddresses() async throws {
    try await withTestServer { server in
      // Nobody listens at these two; where the machine has no IPv6, that address fails in another way.
      let refusing = [try Self.address("127.0.0.1", 1), try Self.address("::1", 1)]
      let last = try Self.address("127.0.0.1", server.port)
      #expect(try await Self.connect(to: refusing + [last], of: server, within: .seconds(60)) == "127.0.0.1")
      await expectError(.connectionRefused) {
        _ = try await Self.connect(to: [refusing[0]], of: server, within: .seconds(60))
      }
    }
  }

  @Test(
    "tries a name's address of IPv4 beside one of IPv6 that stays silent",
    .enabled(if: hasIPv6, "this machine has no ::1"))
  func silentAddress() async throws {
    let silent = try FullListener(on: "::1")
    try await withTestServer { server in
      let addresses = [try Self.address("::1", silent.port), try Self.address("127.0.0.1", server.port)]
      #expect(try await Self.connect(to: addresses, of: server, within: .seconds(60)) == "127.0.0.1")
      let error = await sftpError {
        _ = try await Self.connect(to: [addresses[0]], of: server, within: .milliseconds(500))
      }
      #expect(error?.code == .connectTimedOut)
    }
    silent.close()
  }

  @Test(
    "a whole session runs over IPv6, by an address that stands in brackets in known_hosts",
    .enabled(if: hasIPv6, "this machine has no ::1"))
  func overIPv6() async throws {
    let port = try await Loopback.freePort()
    try await withOwnServer(["ListenAddress [::1]:\(port)"]) { server, own in
      try await withScratchFolder { folder in
        let known = folder.appending("known_hosts")
        let lines = server.hostKeys.map { "[::1]:\(port) \($0.line)\n" }.joined()
        try lines.write(toFile: known.string, atomically: true, encoding: .utf8)
        var endpoint = own
        (endpoint.host, endpoint.port, endpoint.hostKeys) = ("::1", port, .knownHosts(known))
        let record = ConnectionRecord()
        let client = try await SFTPClient.connect(endpoint, record: record, logger: quiet)
        #expect(record.facts.address == "::1" && client.server == "[::1]:\(port)")
        let bytes = Noise.bytes(300_000)
        try await client.makeDirectory("OUT")
        try await client.write(bytes, to: "OUT/æøå.part")
        try await client.rename("OUT/æøå.part", to: "OUT/æøå.csv")
        #expect(try await client.list("OUT").map(\.text) == ["æøå.csv"])
        #expect(try await client.read("OUT/æøå.csv", limit: bytes.count) == bytes)
        try await client.remove("OUT/æøå.csv")
        #expect(try await client.list("OUT").isEmpty)
        await client.close()
      }
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

  @Test(
    "says that a server has no SFTP where its shell does not find the program, or may not run it",
    arguments: [("exec /usr/lib/findes-ikke", 127), ("exec /etc/passwd", 126)])
  func missingProgram(program: String, status: Int) async throws {
    let error = try await failure(of: program)
    #expect(error?.code == .noSFTP && error?.isRetriable == false, "\(error as Any)")
    #expect(error?.description.contains("status \(status)") == true, "\(error as Any)")
  }

  /// A program may also end with 127 because a program of its own was not found.
  @Test("takes a session that has begun for lost, whatever status its program ends with")
  func programThatEndsLater() async throws {
    try await withOwnServer([Self.command("/usr/lib/openssh/sftp-server; exit 127")]) { server, endpoint in
      let before = server.processes
      try await withSFTPClient(endpoint, logger: quiet) { client in
        _ = try await client.list(".")
        let session = server.processes.subtracting(before)
        let servers = session.filter {
          (try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) == "sftp-server\n"
        }
        #expect(servers.count == 1)
        for process in servers { kill(process, SIGKILL) }
        await expectError(.connectionLost) {
          for _ in 0..<100 { _ = try await client.list(".") }
        }
      }
    }
  }

  /// OpenSSH's server keeps the standard error of a subsystem to itself; dropbear passes it on.
  @Test(
    "quotes the standard error of the server's SFTP program, and distinguishes a missing one from one that failed",
    .enabled(if: DropbearServer.isAvailable, "no dropbear here: Scripts/prepare fetches Debian's package"),
    arguments: [
      ("echo ingen plads på disken >&2; exit 3", .connectionLost, "status 3 and said “ingen plads på disken”"),
      ("exec /usr/lib/findes-ikke", .noSFTP, "status 127 and said “"),
      ("exec /usr/lib/findes-ikke", .noSFTP, "not found"),
      ("exec /etc/passwd", .noSFTP, "status 126 and said “"),
    ] as [(String, SFTPError.Code, String)])
  func standardErrorOfAServer(program: String, code: SFTPError.Code, words: String) async throws {
    let error = try await withDropbear(program) { endpoint in
      await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
    }
    #expect(error?.code == code && error?.isRetriable == (code == .connectionLost), "\(error as Any)")
    #expect(error?.description.contains(words) == true, "\(error as Any)")
  }

  @Test(
    "a session begins behind much that the server's SFTP program writes on its standard error",
    .enabled(if: DropbearServer.isAvailable, "no dropbear here: Scripts/prepare fetches Debian's package"))
  func muchStandardError() async throws {
    let program = "head -c 300000 /dev/zero | tr '\\0' x >&2; exec /usr/lib/openssh/sftp-server"
    try await withDropbear(program) { endpoint in
      try await withSFTPClient(endpoint, logger: quiet) { client in
        let bytes = Noise.bytes(300_000)
        try await client.write(bytes, to: "a")
        #expect(try await client.read("a", limit: bytes.count) == bytes)
      }
    }
  }

  @Test("quotes what the server's SFTP program said in one visible line, shortened")
  func standardError() {
    func end(_ text: String) -> ServerProgramEnd {
      ServerProgramEnd(status: 3, complaints: Array(text.utf8))
    }
    #expect(
      end("ingen plads\r\npå disken\n").quoted
        == MessageText(
          "; its SFTP program ended with status 3 and said “ingen plads / på disken”",
          "; dens SFTP-program sluttede med status 3 og sagde „ingen plads / på disken“"))
    #expect(end("\u{1B}[31mrødt").complaint == "\\x1b[31mrødt")
    #expect(end(String(repeating: "x", count: 1024)).complaint?.unicodeScalars.count == 301)
    #expect(end("").quoted.en == "; its SFTP program ended with status 3")
    #expect(ServerProgramEnd(status: 0, complaints: []).quoted == .empty)
  }

  /// The error of connecting to a server whose SFTP program is this one.
  private func failure(of program: String) async throws -> SFTPError? {
    try await withOwnServer([Self.command(program)]) { _, endpoint in
      await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
    }
  }

  /// Runs `body` with the address of a dropbear whose SFTP program is this one.
  private func withDropbear<Result: Sendable>(
    _ program: String, _ body: @Sendable (SFTPEndpoint) async throws -> Result
  ) async throws -> Result {
    // The slot of a shared server's test also bounds how many servers of their own run at a time.
    try await withTestServer { _ in
      try await withScratchFolder("dropbear") { folder in
        try await DropbearServer.run(program, in: folder) { server in
          try await body(
            SFTPEndpoint(
              host: "127.0.0.1", port: server.port, user: DropbearServer.user,
              hostKeys: .pinned([server.fingerprint]), identity: .keyFile(server.keyFile)))
        }
      }
    }
  }

  private static func address(_ host: String, _ port: UInt16) throws -> SocketAddress {
    try #require(try SocketAddress.lookUp(host, port: port, onlyNumeric: true).get().first)
  }

  /// Connects to the first of these addresses that answers, and returns it; the connection ends at once.
  private static func connect(
    to addresses: [SocketAddress], of server: TestServer, within limit: Duration
  ) async throws -> String? {
    let target = try await server.endpoint().target(logger: quiet)
    return try await BlockingThreads.shared.run {
      let wakeUp = try EventFD()
      let thread = ConnectionThread(
        target: target, user: RequestEngine(wakeUp: wakeUp), control: ConnectionControl(wakeUp: wakeUp), logger: quiet)
      let deadline = Deadline(limit, waitingFor: MessageText("the server", "serveren"), code: .connectTimedOut)
      let socket = try SSHDialler(thread: thread).connect(to: addresses, deadline)
      close(socket.fileDescriptor)
      return target.record.facts.address
    }
  }

  private static func command(_ program: String) -> String { "ForceCommand exec /bin/sh -c \"\(program)\"" }
}
