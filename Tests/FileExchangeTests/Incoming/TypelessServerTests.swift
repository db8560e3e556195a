import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// At a server whose attributes do not distinguish folders from files, a folder in IN is recognised as one, and half a
/// pair is still reported.
@Suite(.timeLimit(.minutes(25))) struct TypelessServerTests {
  @Test(
    "collecting passes over a folder, by its line in the listing or because it opens as one", arguments: [true, false])
  func aFolderInIN(showsLines: Bool) async throws {
    var capricious = CapriciousServer()
    capricious.isTypeless = true
    capricious.showsLines = showsLines
    try await withTestServer { [capricious] shared in
      try await withScratchFolder { folder in
        let line = try capricious.configuration(in: folder, root: shared.folder)
        let server = try await SSHServer.start(in: folder.appending("server"), SSHServer.Options(extraLines: [line]))
        let user = try await server.addUser("typeless")
        do {
          try await TestExchange.with(shared) { settings in
            settings.accounts[0].port = server.port
            settings.accounts[0].user = user.name
            settings.accounts[0].keys = [.file(user.keyFile)]
            settings.accounts[0].hostKeys = .pinned([server.fingerprint])
          } _: { test in
            try FileManager.default.createDirectory(
              atPath: test.incoming.appending("drwx-arkiv").string, withIntermediateDirectories: true)
            let empty = await test.exchange.collect("account")
            #expect(empty.problems.isEmpty && empty.sawEverything && empty.namesSeen == 0, "\(empty.problems)")
            try test.write(Data("x".utf8), to: test.incoming.appending("drwxrwxrwxhalv.csv"))
            let half = await test.exchange.collect("account")
            #expect(half.problems.map(\.code) == [.notWhole] && half.namesSeen == 1, "\(half.problems)")
          }
          try await server.stop()
        } catch {
          try await server.stop()
          throw error
        }
      }
    }
  }
}
