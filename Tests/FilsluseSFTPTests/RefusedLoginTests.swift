import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// The error of a failed login, and the server's words in it.
@Suite(.timeLimit(.minutes(25))) struct RefusedLoginTests {
  /// A connection that says nothing: to the server a login under way.
  private func holdConnection(to port: UInt16) throws -> Int32 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(code == 0)
    // The server has counted it once it has sent its version.
    var byte: UInt8 = 0
    try #require(recv(socket, &byte, 1, 0) == 1)
    return socket
  }

  @Test("quotes what the server says when it has too many logins under way, and tries again before")
  func tooManyLoginsUnderWay() async throws {
    try await withOwnServer(["MaxStartups 1:100:1"]) { server, endpoint in
      let proxy = try TCPProxy(to: server.port)
      var lined = endpoint
      lined.port = proxy.port
      let tried = lined
      let held = try holdConnection(to: server.port)
      let error = await sftpError { try await withSFTPClient(tried, logger: quiet) { _ in } }
      #expect(error?.code == .connectionLost, "\(error as Any)")
      #expect(error?.isRetriable == true)
      #expect(proxy.connectionsMade > 1)
      // Without the line between, which a reset may overtake.
      let direct = await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
      #expect(direct?.description.contains("Exceeded MaxStartups") == true, "\(direct as Any)")

      // The one that held it up ends while the client pauses.
      async let again: SFTPError? = sftpError { try await withSFTPClient(tried, logger: quiet) { _ in } }
      let before = proxy.connectionsMade
      while proxy.connectionsMade == before { try await Task.sleep(for: .milliseconds(5)) }
      close(held)
      let failure = await again
      #expect(failure == nil, "\(failure as Any)")
    }
  }

  @Test("takes a disconnection after too many failed keys for a refusal, and quotes it")
  func aRefusalByDisconnecting() async throws {
    try await withOwnServer(["MaxAuthTries 1"]) { server, endpoint in
      let other = try await server.addUser("other")
      var endpoint = endpoint
      endpoint.identity = .keyFile(other.keyFile)
      let wrong = endpoint
      let error = await sftpError { try await withSFTPClient(wrong, logger: quiet) { _ in } }
      #expect(error?.code == .authenticationFailed, "\(error as Any)")
      #expect(error?.description.contains("Too many authentication failures") == true, "\(error as Any)")
      #expect(error?.inDanish.contains("sagde „Too many authentication failures") == true, "\(error?.inDanish ?? "")")
    }
  }

  @Test("escapes and shortens the server's words")
  func wordsAreSafeToShow() {
    let greeting = Array("Hej \u{1B}[31mverden\r\næøå\r\nSSH-2.0-x\r\n\u{0}\u{1}".utf8)
    let words = ServerWords(opening: greeting, reason: 11, goodbye: [UInt8](repeating: 0x61, count: 5000))
    #expect(words.greeting == "Hej \\x1b[31mverden / æøå")
    #expect(words.goodbye?.unicodeScalars.count == 301)
    #expect(words.quoted.en.contains("(reason 11)") && words.quoted.da.contains("„Hej \\x1b[31mverden / æøå“"))
    #expect(ServerWords(opening: Array("SSH-2.0-x\r\n".utf8), reason: 0, goodbye: []).quoted == .empty)
  }

  @Test(
    "counts a disconnection as a refusal of the user only if its reason is the login",
    arguments: [
      (2, "Too many authentication failures for per", true), (14, "No supported methods", true), (15, "", true),
      (12, "Too many connections", false), (11, "Server is shutting down", false), (0, "", false),
    ] as [(Int32, String, Bool)])
  func disconnections(reason: Int32, text: String, isRefusal: Bool) {
    #expect(ServerWords(opening: [], reason: reason, goodbye: Array(text.utf8)).refusesUser == isRefusal)
  }

  @Test("ends a greeting that never comes to the server's version")
  func anEndlessGreeting() async throws {
    try await withEndlessGreeting { port in
      try await withTestServer { server in
        var endpoint = try server.endpoint()
        endpoint.port = port
        let endless = endpoint
        let error = await sftpError { try await withSFTPClient(endless, logger: quiet) { _ in } }
        #expect(error?.code == .protocolViolation, "\(error as Any)")
        #expect(error?.description.contains("velkommen") == true)
        #expect((error?.description.count ?? 0) < 1000)
      }
    }
  }

  /// A program that listens and greets without end.
  private func withEndlessGreeting(_ body: (UInt16) async throws -> Void) async throws {
    let program = Process()
    program.executableURL = URL(filePath: "/usr/bin/env")
    program.arguments = [
      "python3", "-c",
      """
      import os, socket, sys, threading
      # It ends with the test, however that ends.
      threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
      s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)
      s.settimeout(120)
      while True:
        c, _ = s.accept()
        try:
          while True: c.sendall(b'velkommen\\r\\n' * 1000)
        except OSError: pass
      """,
    ]
    let (input, output) = (Pipe(), Pipe())
    program.standardInput = input
    program.standardOutput = output
    try program.run()
    // Tests start programs with SIGTERM blocked.
    defer {
      kill(program.processIdentifier, SIGKILL)
      program.waitUntilExit()
    }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    try await body(port)
  }

  @Test("distinguishes a key file that is away, empty or cut off from one that holds no key")
  func keyFilesThatAreAboutToBeReplaced() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        var endpoint = try server.endpoint()
        let copy = folder.appending("key")
        endpoint.identity = .keyFile(copy)
        let whole = try Data(contentsOf: URL(filePath: server.user.keyFile.string))
        for count in [0, 5, 40, whole.count / 2, whole.count - 30] {
          try whole.prefix(count).write(to: URL(filePath: copy.string))
          try #require(chmod(copy.string, 0o600) == 0)
          let cut = endpoint
          let error = await sftpError { try await withSFTPClient(cut, logger: quiet) { _ in } }
          #expect(error?.code == .keyUnavailable && error?.isRetriable == true, "\(count): \(error as Any)")
        }
        try whole.write(to: URL(filePath: copy.string))
        let mended = endpoint
        let failure = await sftpError { try await withSFTPClient(mended, logger: quiet) { _ in } }
        #expect(failure == nil, "\(failure as Any)")
      }
    }
    #expect(PrivateKey.failure("key", EMFILE).code == .resourcesExhausted)
    #expect(PrivateKey.failure("key", ENFILE).code == .resourcesExhausted)
    #expect(PrivateKey.failure("key", EACCES).code == .keyUnavailable)
    #expect(PrivateKey.failure("key", ESTALE).code == .keyUnavailable)
  }
}
