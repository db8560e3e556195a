import FilsluseSFTP
import FoundationEssentials
import LocalPlatform
import SystemPackage

/// Connects and disconnects many times: neither open files nor memory grow.
struct ManyConnects: Sendable {
  let count: Int
  private static let atATime = 8
  /// The growth in bytes between the first tenth and the end that allocators and logs explain.
  private static let allowedGrowth = 8 << 20

  func run(in folder: FilePath, _ tally: inout SessionTally) async throws {
    let server = try await SSHServer.start(in: folder.appending("connects"))
    let user = try await server.addUser("session")
    let endpoint = SFTPEndpoint(
      host: server.host, port: server.port, user: user.name,
      hostKeys: .pinned([server.fingerprint]), identity: .keyFile(user.keyFile))
    try await connect(endpoint, times: count / 10)
    let (files, memory) = (Self.openFiles, Self.residentBytes)
    try await connect(endpoint, times: count - count / 10)
    // A closed connection's thread ends a moment later.
    let deadline = ContinuousClock.now + .seconds(10)
    while Self.openFiles > files, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    let growth = (files: Self.openFiles - files, memory: Self.residentBytes - memory)
    Note.write("\(count) connects: \(growth.files) more open files, \(growth.memory >> 10) KiB more memory")
    if growth.files > 0 { tally.note(wrong: "\(growth.files) more open files after \(count) connects") }
    if growth.memory > Self.allowedGrowth {
      tally.note(wrong: "\(growth.memory >> 10) KiB more memory after \(count) connects")
    }
    try await server.stop()
  }

  private func connect(_ endpoint: SFTPEndpoint, times: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<Self.atATime {
        group.addTask {
          for _ in stride(from: worker, to: times, by: Self.atATime) {
            let client = try await SFTPClient.connect(endpoint, logger: SessionCourse.logger)
            await client.close()
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private static var openFiles: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }

  private static var residentBytes: Int {
    let sizes = FileManager.default.contents(atPath: "/proc/self/statm").map { String(decoding: $0, as: UTF8.self) }
    return (sizes?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
