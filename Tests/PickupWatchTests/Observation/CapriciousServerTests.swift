import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing

/// Servers that are unlike OpenSSH's are no reason for a wrong finding.
@Suite("Servers with caprices", .timeLimit(.minutes(25))) struct CapriciousServerTests {
  private func with(
    _ server: CapriciousServer, _ body: @escaping @Sendable (WatchedServer) async throws -> Void
  ) async throws {
    try await withScratchFolder("capricious") { folder in
      let root = folder.appending("root")
      for name in ["IN", "OUT"] {
        try FileManager.default.createDirectory(
          atPath: root.appending(name).string, withIntermediateDirectories: true)
      }
      let running = try await SSHServer.start(
        in: folder.appending("server"), .init(extraLines: [try server.configuration(in: folder, root: root)]))
      let outcome: Result<Void, any Error>
      do {
        let user = try await running.addUser("watched")
        let watched = WatchedServer(
          host: running.host, port: running.port, user: user.name, key: user.keyFile,
          fingerprint: running.fingerprint, folder: root, state: folder.appending("state"))
        outcome = .success(try await body(watched))
      } catch {
        outcome = .failure(error)
      }
      try await running.stop()
      try outcome.get()
    }
  }

  @Test("a folder that cannot be distinguished from a file is no data without metadata, and half pairs are found")
  func typeless() async throws {
    var server = CapriciousServer()
    server.isTypeless = true
    try await with(server) { watched in
      var watched = watched
      for folder in [watched.inbox.appending("arkiv"), watched.outbox.appending("sendt")] {
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
      }
      try watched.put("hel.xml", infRef: "SortimentOverfør_1")
      try WatchedServer.write([1], to: watched.inbox.appending("halv.xml"))
      for ahead in [0, 60, 1200] as [Int64] {
        watched.ahead = .seconds(ahead)
        let report = try #require(try await watched.look().first)
        #expect(report.failure == nil && report.state?.files == 2, "\(report)")
        #expect(
          report.findings.map { "\($0.kind.rawValue) \($0.fileName ?? "")" }
            == (ahead == 1200 ? ["data-without-metadata halv.xml"] : []))
      }
    }
  }

  @Test(
    "metadata that goes between the listing and its reading is not unreadable, whatever the server answers",
    arguments: [3, 4, 5, 8])
  func missingFile(status: Int) async throws {
    var server = CapriciousServer()
    server.missingStatus = status
    server.vanishingSuffix = "væk.xml.metadata"
    try await with(server) { watched in
      try watched.put("væk.xml", infRef: "SortimentOverfør_1")
      try watched.put("bliver.xml", infRef: "SortimentOverfør_1")
      let report = try #require(try await watched.look().first)
      #expect(report.failure == nil && report.findings.isEmpty, "\(report)")
    }
  }

  @Test("scans a folder on a server that gives no attributes")
  func withoutAttributes() async throws {
    var server = CapriciousServer()
    server.lacksAttributes = true
    try await with(server) { watched in
      var watched = watched
      try watched.put("hel.xml", infRef: "SortimentOverfør_1")
      let report = try #require(try await watched.look().first)
      #expect(report.failure == nil && report.findings.isEmpty, "\(report)")
      watched.ahead = .seconds(4000)
      #expect(try await watched.look().flatMap(\.findings).map(\.kind) == [.pickUpLate])
    }
  }

  @Test("replaces a connection that ends after so many requests, and the look goes on to its end")
  func endsAfterRequests() async throws {
    var server = CapriciousServer()
    server.mostRequests = 40
    try await with(server) { watched in
      for number in 0..<30 { try watched.put("fil-\(number).xml", infRef: "SortimentOverfør_1") }
      let report = try #require(try await watched.look().first)
      #expect(report.failure == nil && report.findings.isEmpty && report.state?.files == 30, "\(report)")
      let store = try await WatchDatabase.open(watched.settings.watch.database)
      let read = try await store.observations(of: "a").filter { $0.facts != nil }
      #expect(read.count == 30)
      try await store.close()
    }
  }

  @Test("reports a connection that ends before a folder is listed as such")
  func endsTooEarly() async throws {
    var server = CapriciousServer()
    server.mostRequests = 2
    try await with(server) { watched in
      let findings = try await watched.look().flatMap(\.findings)
      #expect(findings.map(\.kind) == [.serverUnreachable])
    }
  }
}
