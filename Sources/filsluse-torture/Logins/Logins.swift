import ArgumentParser
import FilsluseSFTP
import LocalPlatform
import Logging
import SystemPackage

/// `filsluse-torture logins`: cuts a login at every byte, and counts what the client makes of it.
struct Logins: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut a login at every byte, and count how often that is taken for a refused key or host key.",
    discussion: """
      Every byte that goes either way from the connection's beginning to the SFTP subsystem is cut at, once by closing \
      the connection at once and once by a pause followed by a reset. None of it may be taken for a refusal: the account \
      would be left alone until a person has looked. None may last longer than the client's deadlines for connecting and \
      logging in together.
      """)

  @Option(help: "Cut at every so many bytes.")
  var every = 1

  @Option(help: "Logins under way at a time, each on a line of its own.")
  var workers = 4

  @Option(help: "The user's key: ed25519, ecdsa, rsa, or rsa-256 where the server takes only that kind of signature.")
  var key = LoginKey.ed25519

  @Option(help: ArgumentHelp("The folder to work in; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  func validate() throws {
    guard every >= 1, (1...64).contains(workers) else {
      throw ValidationError("--every is 1 or more, --workers is 1 to 64")
    }
  }

  func run() async throws {
    let tally = try await Scratch.with(directory) { folder in
      let server = try await SSHServer.start(
        in: folder.appending("server"), SSHServer.Options(extraLines: key.serverLines))
      let user = try await server.addUser("cut", key: key.kind)
      let lines = try (0..<workers).map { _ in try LoginLine(to: server, as: user) }
      let points = try await points(on: lines[0])
      Note.write("cutting \(points.count) logins")
      let tally = try await withThrowingTaskGroup(of: LoginTally.self) { group in
        for (worker, line) in lines.enumerated() {
          group.addTask {
            var tally = LoginTally()
            for place in stride(from: worker, to: points.count, by: workers) {
              try await line.run(points[place], &tally)
            }
            return tally
          }
        }
        return try await group.reduce(into: LoginTally()) { $0.add($1) }
      }
      try await server.stop()
      return tally
    }
    print(tally.text)
    if !tally.isSound { throw ExitCode(1) }
  }

  /// Every byte of a login, in each direction, with and without a pause.
  private func points(on line: LoginLine) async throws -> [LoginCut] {
    let length = try await line.measure()
    return TCPProxy.Direction.allCases.flatMap { direction in
      stride(from: 0, to: length[direction] ?? 0, by: every).flatMap { bytes in
        [false, true].map { LoginCut(direction: direction, bytes: bytes, isPaused: $0) }
      }
    }
  }
}

/// The key that a user logs in with.
enum LoginKey: String, CaseIterable, ExpressibleByArgument {
  case ed25519
  case ecdsa
  case rsa
  /// An RSA key at a server that takes only signatures by SHA-256, and refuses the stronger kind first.
  case rsa256 = "rsa-256"

  var kind: KeyKind {
    switch self {
    case .ed25519: .ed25519
    case .ecdsa: .ecdsa
    case .rsa, .rsa256: .rsa
    }
  }

  /// The lines for it in the server's configuration.
  var serverLines: [String] { self == .rsa256 ? ["PubkeyAcceptedAlgorithms rsa-sha2-256"] : [] }
}

/// One place to cut a login at.
struct LoginCut: Sendable, CustomStringConvertible {
  let direction: TCPProxy.Direction
  /// The bytes that go in that direction before the cut.
  let bytes: Int
  /// True if nothing moves for a moment before the connection is reset; else it is closed at once.
  let isPaused: Bool

  var description: String { "\(direction) after \(bytes) bytes\(isPaused ? " and a pause" : "")" }

  /// Long enough for both sides to read what has come and to wait for the rest.
  static let pause = Duration.milliseconds(30)
}
