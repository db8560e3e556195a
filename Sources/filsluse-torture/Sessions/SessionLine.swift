import FilsluseSFTP
import Glibc
import LocalPlatform
import SystemPackage

/// A server of its own and a line to it that disturbs one session after the other.
struct SessionLine: Sendable {
  /// The deadlines are short: a stall is found within seconds.
  static let deadlines = Deadlines(
    connect: .seconds(5), login: .seconds(5), reply: .seconds(2), noProgress: .seconds(2), idlePing: .seconds(1))
  /// The longest that a session may take until it ends: its work, and each deadline once.
  static let limit = Duration.seconds(20)
  /// The duration of a stall, far beyond the deadlines.
  private static let stall = Duration.seconds(60)

  let proxy: TCPProxy
  private let server: SSHServer
  /// The server's processes without a session.
  private let resting: Set<pid_t>
  private let course: SessionCourse

  init(in folder: FilePath, lines: [String] = [], size: Int) async throws {
    server = try await SSHServer.start(in: folder, SSHServer.Options(extraLines: lines))
    resting = server.processes
    let user = try await server.addUser("session")
    proxy = try TCPProxy(to: server.port)
    course = SessionCourse(
      folder: user.folder,
      endpoint: SFTPEndpoint(
        host: server.host, port: proxy.port, user: user.name,
        hostKeys: .pinned([server.fingerprint]), identity: .keyFile(user.keyFile),
        deadlines: Self.deadlines),
      size: size)
    try course.prepare()
  }

  func stop() async throws { try await server.stop() }

  /// Returns the number of bytes of an undisturbed session in each direction.
  func measure() async throws -> [TCPProxy.Direction: Int] {
    let before = TCPProxy.Direction.allCases.map { ($0, proxy.carried($0)) }
    let wrong = try await course.run()
    guard wrong.isEmpty else { throw Trouble("an undisturbed session is wrong: \(wrong)") }
    return Dictionary(uniqueKeysWithValues: before.map { ($0.0, proxy.carried($0.0) - $0.1) })
  }

  /// Goes through a session that is disturbed, and then through one that is not, as a client that tries again does.
  func run(_ fault: SessionFault, _ tally: inout SessionTally) async throws {
    var killer: Task<Void, any Error>?
    switch fault {
    case .cut(let direction, let bytes, let ending): proxy.cut(direction, after: bytes, ending)
    case .stall(let direction, let bytes): proxy.cut(direction, after: bytes, .reset, pause: Self.stall)
    case .serverKilled(let bytes):
      let goal = proxy.carried(.toClient) + bytes
      killer = Task { [proxy, server, resting] in
        while proxy.carried(.toClient) < goal { try await Task.sleep(for: .milliseconds(1)) }
        for process in server.processes.subtracting(resting) { kill(process, SIGKILL) }
      }
    case .disturbedBefore, .unlike: break
    }
    try await note(fault, &tally) {
      killer?.cancel()
      proxy.forgetCut()
      proxy.cutAll()
    }
    try await note(.disturbedBefore("\(fault)"), &tally)
  }

  /// Goes through a session and notes its end; then `restore` undoes the disturbance, and what is left is taken away.
  private func note(_ fault: SessionFault, _ tally: inout SessionTally, restore: () -> Void = {}) async throws {
    let start = ContinuousClock.now
    let outcome = await course.outcome()
    tally.note(fault, outcome, took: .now - start, limit: Self.limit)
    restore()
    try course.clear()
  }
}
