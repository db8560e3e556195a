import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage

/// A program of others that the watcher works with: Debian's, as Scripts/prepare unpacked it or as it is installed.
struct Neighbour: Sendable {
  let program: FilePath
  /// The folder that it runs in: Scripts/prepare makes programs look there for what Debian puts into /usr/share.
  private let folder: FilePath
  /// The variables by which it finds the libraries that were unpacked with it.
  let environment: [String: String]

  /// The program of a package; `nil` where it is not there.
  init?(_ name: String, of package: String) {
    let root = Self.folder(of: package)
    let unpacked = root.appending("usr/bin/\(name)")
    let installed = FilePath("/usr/bin/\(name)")
    guard let program = [unpacked, installed].first(where: { access($0.string, X_OK) == 0 }) else { return nil }
    self.program = program
    folder = program == unpacked ? root : "/"
    // Debian keeps libraries in a folder that is named after the machine.
    let libraries = FileManager.default.subpaths(atPath: root.appending("usr/lib").string) ?? []
    let folders = Set(
      libraries.filter { $0.contains(".so") }.map { root.appending("usr/lib/\($0)").removingLastComponent() })
    environment =
      program == installed || folders.isEmpty
      ? [:] : ["LD_LIBRARY_PATH": folders.map(\.string).sorted().joined(separator: ":")]
  }

  /// The folder for an unpacked package, even if it is missing.
  static func folder(of package: String) -> FilePath {
    var root = FilePath(#filePath)
    while root.lastComponent != "Tests", root.removeLastComponent() {}
    return root.removingLastComponent().appending(".build/neighbours/\(package)")
  }

  /// Runs it to its end.
  func run(_ arguments: [String], input: String = "") async -> ProgramReport {
    await Program(
      arguments: [program.string] + arguments, environment: environment, input: Array(input.utf8),
      timeout: .seconds(120)
    ).run()
  }

  /// Runs it as a server at a free port of loopback until `body` is done.
  ///
  /// - Parameters:
  ///   - arguments: what it is run with at a port.
  ///   - isReady: whether the server at a port answers.
  func serve(
    _ arguments: (UInt16) -> [String], isReady: (UInt16) async -> Bool, _ body: (UInt16) async throws -> Void
  ) async throws {
    let port = try Self.freePort()
    // It ends by itself in ten minutes, should this process be killed.
    let limited = ["timeout", "--signal=KILL", "600", program.string] + arguments(port)
    let server = Program(
      arguments: ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder.string] + limited, environment: environment,
      timeout: .seconds(600))
    let end = Locked<ProgramReport?>(nil)
    let running = Task {
      let report = await server.run()
      end.withLock { $0 = report }
    }
    let outcome: Result<Void, any Error>
    do {
      try await eventually("an answer of \(program)") {
        if let report = end.withLock({ $0 }) { throw Ended(program: program.string, summary: report.summary) }
        return await isReady(port)
      }
      outcome = .success(try await body(port))
    } catch {
      outcome = .failure(error)
    }
    running.cancel()
    await running.value
    try outcome.get()
  }

  private struct Ended: Error {
    let program: String
    let summary: String
  }

  /// A port that was free a moment ago.
  private static func freePort() throws -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
      }
    }
    guard isBound else { throw RawClient.Trouble(call: "bind", number: errno) }
    return UInt16(bigEndian: address.sin_port)
  }
}

/// Asks a server on loopback, without a body that comes in pieces: HTTP/1.0 has none.
func ask(_ port: UInt16, _ path: String) async -> Answer? {
  await RawClient.ask(port, "GET \(path) HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
}

/// Waits until another program has done something.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(120)
  while try await !condition() {
    guard ContinuousClock.now < end else { throw NeverCame(what: what) }
    try await Task.sleep(for: .milliseconds(100))
  }
}

struct NeverCame: Error {
  let what: String
}
