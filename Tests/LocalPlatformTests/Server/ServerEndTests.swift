import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

/// A server and its sessions end with the process that started it, however that ends.
///
/// One at a time: waiting for an exit test takes a thread of Swift's pool, and two of them may be all there are. For
/// the same reason nothing here happens beside such a wait: the process that is to die logs on by itself.
@Suite(.serialized, .timeLimit(.minutes(25))) struct ServerEndTests {
  @Test("stopping ends listener and open sessions")
  func stoppingEndsListenerAndOpenSessions() async throws {
    try await withScratchFolder { scratch in
      let server = try await SSHServer.start(in: scratch.appending("server"))
      let user = try await server.addUser("fagsystem")
      let client = try OpenSSHClient(server, user: user, scratch: scratch)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<2 { group.addTask { try await client.stayLoggedOn() } }
        let processes = try await sessionsOpen(on: server, count: 2)
        try await server.stop()
        #expect(processes.allSatisfy { !isRunning($0) })
        try await group.waitForAll()
      }
    }
  }

  @Test("SIGKILL of our process leaves no server or session")
  func killNineOfUsLeavesNothing() async throws {
    try await withScratchFolder { scratch in
      let folder = scratch.string
      await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
        try await runUntilKilled(in: FilePath(folder))
      }
      try await expectNothingLeft(in: scratch)
    }
  }

  @Test(
    "SIGKILL of an ordinary user's process leaves no server or session",
    .enabled("only root can become somebody else") { getuid() == 0 })
  func killNineOfAnOrdinaryUserLeavesNothing() async throws {
    try await withScratchFolder { scratch in
      let folder = scratch.string
      try #require(chown(folder, 65_534, 65_534) == 0)
      await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
        guard setgroups(0, nil) == 0, setgid(65_534) == 0, setuid(65_534) == 0 else { exit(1) }
        try await runUntilKilled(in: FilePath(folder))
      }
      try await expectNothingLeft(in: scratch)
    }
  }

  @Test("a supervisor that is killed takes the listener along")
  func aSupervisorThatIsKilledTakesTheListenerAlong() async throws {
    try await withScratchFolder { scratch in
      let server = try await SSHServer.start(in: scratch.appending("server"))
      let processes = server.processes
      let shell = try #require(processes.min())
      kill(shell, SIGKILL)
      #expect(try await eventually { processes.allSatisfy { !isRunning($0) } })
      #expect(!server.isRunning)
      try await server.stop()
    }
  }
}

/// The other process: a server, two logged on clients, and then its sudden death.
private func runUntilKilled(in scratch: FilePath) async throws {
  let server = try await SSHServer.start(
    in: scratch.appending("server"), SSHServer.Options(hostKeys: [.ed25519, .ecdsa]))
  let user = try await server.addUser("fagsystem")
  let client = try OpenSSHClient(server, user: user, scratch: scratch)
  for _ in 0..<2 { Task { try await client.stayLoggedOn() } }
  let processes = try await sessionsOpen(on: server, count: 2)
  try processes.map { "\($0)" }.joined(separator: "\n")
    .write(toFile: processList(in: scratch).string, atomically: false, encoding: .utf8)
  kill(getpid(), SIGKILL)
}

/// Waits for the end of all that the other process had running when it died.
private func expectNothingLeft(in scratch: FilePath) async throws {
  let list = try String(contentsOfFile: processList(in: scratch).string, encoding: .utf8)
  let processes = list.split(separator: "\n").compactMap { pid_t($0) }
  // The shell, the listener and at least one process per session.
  #expect(processes.count >= 4)
  #expect(try await eventually { processes.allSatisfy { !isRunning($0) } })
}

private func processList(in scratch: FilePath) -> FilePath { scratch.appending("processes") }

/// The server's processes once so many clients have logged on and got as far as SFTP.
private func sessionsOpen(on server: SSHServer, count: Int) async throws -> Set<pid_t> {
  let isOpen = try await eventually {
    let log = try String(contentsOfFile: server.log.string, encoding: .utf8)
    return log.ranges(of: "forced-command (config) 'internal-sftp").count >= count
  }
  try #require(isOpen, "no \(count) sessions within the time")
  return server.processes
}
