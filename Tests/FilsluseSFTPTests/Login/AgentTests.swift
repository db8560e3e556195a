import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// Logins by a real ssh-agent, and by programs at its socket that fail in its place.
@Suite(.timeLimit(.minutes(25))) struct AgentTests {
  /// Runs `body` with OpenSSH's agent and a folder for keys.
  private func withAgent(_ body: @Sendable (SSHAgent, FilePath) async throws -> Void) async throws {
    try await withScratchFolder { folder in try await SSHAgent.run(in: folder) { try await body($0, folder) } }
  }

  @Test(
    "logs in with a key that ssh-agent holds, chosen by its public half or its fingerprint",
    arguments: [["-t", "ed25519"], ["-t", "ecdsa", "-b", "521"], ["-t", "rsa", "-b", "2048"]])
  func keysOfTheAgent(options: [String]) async throws {
    try await withTestServer { server in
      try await withAgent { agent, folder in
        let (key, other) = (folder.appending("key"), folder.appending("other"))
        try await makeKey(key, options)
        try await makeKey(other)
        try server.letIn([try publicLine(of: key)])
        try await agent.add(other)
        try await agent.add(key)
        try FileManager.default.removeItem(atPath: key.string)
        let publicFile = FilePath(key.string + ".pub")
        for choice in [.publicKey(publicFile), .fingerprint(try await fingerprint(of: key))]
          as [SFTPEndpoint.AgentKeyChoice]
        {
          var endpoint = try server.endpoint()
          endpoint.identity = .agent(choice, socket: agent.socket)
          let error = await loginError(endpoint)
          #expect(error == nil, "\(error as Any)")
        }
      }
    }
  }

  @Test("logs in with an RSA key of the agent at a server that takes rsa-sha2-256 alone")
  func rsa256() async throws {
    try await withOwnServer(["PubkeyAcceptedAlgorithms rsa-sha2-256"]) { server, endpoint in
      let user = try await server.addUser("rsa", key: .rsa)
      try await withAgent { agent, _ in
        try await agent.add(user.keyFile)
        var endpoint = endpoint
        endpoint.user = user.name
        endpoint.identity = .agent(.publicKey(FilePath(user.keyFile.string + ".pub")), socket: agent.socket)
        let error = await loginError(endpoint)
        #expect(error == nil, "\(error as Any)")
      }
    }
  }

  @Test("logs in with an encrypted RSA key in OpenSSH's own form, once the agent has opened it")
  func encryptedRSA() async throws {
    try await withTestServer { server in
      try await withAgent { agent, folder in
        let key = folder.appending("key")
        try await makeKey(key, ["-t", "rsa", "-b", "2048"], passphrase: "sesam")
        try server.letIn([try publicLine(of: key)])
        let ask = folder.appending("ask")
        try "#!/bin/sh\necho sesam\n".write(toFile: ask.string, atomically: true, encoding: .utf8)
        try #require(chmod(ask.string, 0o700) == 0)
        try await agent.add(key, askPass: ask)
        var endpoint = try server.endpoint()
        endpoint.identity = .agent(.publicKey(FilePath(key.string + ".pub")), socket: agent.socket)
        let error = await loginError(endpoint)
        #expect(error == nil, "\(error as Any)")
      }
    }
  }

  @Test("distinguishes an agent without the key, a locked one and a missing one, and goes on with the next key")
  func agentsWithoutTheKey() async throws {
    try await withTestServer { server in
      try await withAgent { agent, folder in
        let key = folder.appending("key")
        try await makeKey(key)
        let publicFile = FilePath(key.string + ".pub")
        var endpoint = try server.endpoint()
        func expect(
          _ words: String, _ danish: String, at socket: FilePath, _ place: SourceLocation = #_sourceLocation
        ) async throws {
          endpoint.identity = .agent(.publicKey(publicFile), socket: socket)
          let error = try #require(await loginError(endpoint), sourceLocation: place)
          #expect(error.code == .agentUnavailable && error.isRetriable, "\(error)", sourceLocation: place)
          #expect(error.description.contains(words), "\(error)", sourceLocation: place)
          #expect(
            error.inDanish.contains("ssh-agent på \(socket) \(danish)"), "\(error.inDanish)", sourceLocation: place)
          endpoint.identity = .inOrder([.agent(.publicKey(publicFile), socket: socket), .keyFile(server.user.keyFile)])
          #expect(await loginError(endpoint) == nil, sourceLocation: place)
        }
        try await expect("holds no key", "har ingen nøgle", at: agent.socket)
        try await agent.add(server.user.keyFile)
        try await expect("holds 1 key", "har 1 nøgle og ikke den med SHA256:", at: agent.socket)
        try await expect("No such file", "kan ikke nås: filen findes ikke", at: folder.appending("nowhere"))
        try await expect(
          "cannot be reached", "kan ikke nås: stien", at: folder.appending(String(repeating: "a", count: 120)))
        endpoint.identity = .agent(.publicKey(key), socket: agent.socket)
        let wrong = try #require(await loginError(endpoint))
        #expect(wrong.code == .keyUnreadable && wrong.description.contains("holds no public key"), "\(wrong)")
      }
    }
  }

  @Test(
    "gives an agent up that hangs, hangs up or answers nonsense",
    arguments: [
      ("c.recv(9); time.sleep(60)", "does not answer"), ("c.close()", "hangs up"),
      ("c.recv(9); c.sendall(b'\\0\\0\\0\\x05\\x0c'); time.sleep(60)", "does not answer"),
      ("c.recv(9); c.sendall(b'\\xff\\xff\\xff\\xff')", "answers with 4294967295 bytes"),
      ("c.recv(9); c.sendall(b'\\0\\0\\0\\0')", "answers with 0 bytes"),
      ("c.recv(9); c.sendall(b'\\0\\0\\0\\x05\\x0c\\xff\\xff\\xff\\xff')", "not its protocol"),
      ("c.recv(9); c.sendall(b'\\0\\0\\0\\x01\\x05')", "no list of keys"),
    ])
  func failingAgents(answer: String, words: String) async throws {
    try await withFakeAgent(answer) { socket in
      let error = await Self.error(of: socket, within: .milliseconds(500))
      #expect(error?.code == .agentUnavailable && error?.description.contains(words) == true, "\(error as Any)")
    }
  }

  @Test("a login by an agent that hangs ends when it is cancelled")
  func cancelledLogin() async throws {
    try await withTestServer { server in
      try await withFakeAgent("c.recv(9); print('asked', flush=True); time.sleep(60)") { socket in
        var endpoint = try server.endpoint()
        endpoint.identity = .agent(.fingerprint(KeyFingerprint(of: [])), socket: socket)
        let tried = endpoint
        let start = ContinuousClock.now
        let login = Task { await loginError(tried) }
        try await Task.sleep(for: .seconds(1))
        login.cancel()
        #expect(await login.value?.code == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(9))
      }
    }
  }

  @Test("an agent whose queue of connections is full is asked again until the deadline")
  func fullQueue() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("agent")
      let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      defer { close(listener) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.string.utf8) }
      let code = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(code == 0 && listen(listener, 0) == 0)
      for _ in 0..<3 {
        let error = await Self.error(of: path, within: .milliseconds(300))
        #expect(error?.description.contains("does not answer") == true, "\(error as Any)")
      }
    }
  }

  /// The error of a request to an agent.
  private static func error(of socket: FilePath, within limit: Duration) async -> SFTPError? {
    await BlockingThreads.shared.run { () -> SFTPError? in
      let agent = AgentClient(
        socket: socket, deadline: Deadline(limit, waitingFor: MessageText("an answer", "et svar"))
      ) {
        descriptor, toSend, moment throws(SFTPError) in
        var waited = pollfd(fd: descriptor, events: Int16(toSend ? POLLOUT : POLLIN), revents: 0)
        poll(&waited, 1, Int32(max(0, (moment - .now) / .milliseconds(1)).rounded(.up)))
      }
      do throws(SFTPError) {
        _ = try agent.identities()
        return nil
      } catch {
        return error
      }
    }
  }

  /// A program at an agent's socket that does one thing with each connection `c`.
  private func withFakeAgent(_ answer: String, _ body: @Sendable (FilePath) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let socket = folder.appending("agent")
      let program = Process()
      program.executableURL = URL(filePath: "/usr/bin/env")
      program.arguments = [
        "python3", "-c",
        """
        import os, socket, sys, threading, time
        # It ends with the test, however that ends.
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1] + '.new'); s.listen(8)
        os.rename(sys.argv[1] + '.new', sys.argv[1])
        while True:
          c, _ = s.accept()
          try:
            \(answer)
          except OSError: pass
        """, socket.string,
      ]
      program.standardInput = Pipe()
      program.standardOutput = FileHandle.nullDevice
      try program.run()
      // Tests start programs with SIGTERM blocked.
      defer {
        kill(program.processIdentifier, SIGKILL)
        program.waitUntilExit()
      }
      while !FileManager.default.fileExists(atPath: socket.string) { try await Task.sleep(for: .milliseconds(5)) }
      try await body(socket)
    }
  }
}
