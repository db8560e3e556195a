import PickupWatch
import PlatformFixture
import Testing
import TriggerFiles

/// A server that ends the session, or answers nonsense, at one metadata file.
@Suite(.timeLimit(.minutes(25))) struct LosingSidecarTests {
  @Test(
    "reads the other files and reports the one at which the session ends, until the server hands it out",
    arguments: [
      (PoisonServer.Request.read, PoisonServer.Ending.drop), (.open, .drop), (.read, .nonsense),
    ])
  func oneFile(request: PoisonServer.Request, ending: PoisonServer.Ending) async throws {
    try await PoisonServer.with { server in
      try await withScratchFolder("watch") { state in
        let watched = WatchedServer(server.test, state: state)
        for name in ["a.xml", "gift.xml", "z.xml"] { try watched.put(name, infRef: WatchedServer.extract) }
        try server.poison(request, of: ["gift.xml.metadata"], by: ending)
        for _ in 1...2 {
          let report = try #require(try await watched.look().first)
          #expect(report.failure == nil && report.state?.files == 3, "\(report)")
          #expect(report.findings.map(\.kind) == [.metadataUnreadable], "\(report.findings)")
          #expect(
            report.findings.first?.detail?.en.contains("gift.xml.metadata") == true,
            "\(report.findings)")
        }
        try server.heal()
        #expect(try await watched.look().flatMap(\.findings).isEmpty)
      }
    }
  }

  @Test("distinguishes several such files in one look")
  func many() async throws {
    try await PoisonServer.with { server in
      try await withScratchFolder("watch") { state in
        let watched = WatchedServer(server.test, state: state)
        let names = (1...3).map { "\($0).xml" }
        for name in names { try watched.put(name, infRef: WatchedServer.extract) }
        try server.poison(.read, of: names.map { "\($0).metadata" })
        let report = try #require(try await watched.look().first)
        #expect(report.failure == nil, "\(report)")
        #expect(report.findings.map(\.kind) == names.map { _ in .metadataUnreadable }, "\(report.findings)")
      }
    }
  }
}
