import ExchangeSettings
import FilsluseSFTP
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A server that takes no renames: the trigger is written in place, in one write.
@Suite(.timeLimit(.minutes(8))) struct RenamelessServerTests {
  private func withServer(
    refusing: String = "rename,posix-rename", _ body: @Sendable (TestExchange, SSHUser) async throws -> Void
  ) async throws {
    try await withScratchFolder("server") { folder in
      let server = try await SSHServer.start(
        in: folder, .init(extraLines: ["ForceCommand internal-sftp -d %d -P \(refusing)"]))
      let user = try await server.addUser("renameless")
      for name in ["IN", "OUT"] {
        try FileManager.default.createDirectory(
          atPath: user.folder.appending(name).string, withIntermediateDirectories: true)
      }
      let outcome = await Result { () async throws(CaughtError) in
        do {
          try await TestExchange.with { settings in
            settings.accounts[0].port = server.port
            settings.accounts[0].user = user.name
            settings.accounts[0].key = user.keyFile
            settings.accounts[0].hostKeys = .pinned([server.fingerprint])
          } _: { test in
            try await body(test, user)
          }
        } catch {
          throw CaughtError(cause: error)
        }
      }
      try await server.stop()
      if case .failure(let caught) = outcome { throw caught.cause }
    }
  }

  private struct CaughtError: Error { let cause: any Error }

  @Test func theTriggerIsWrittenInPlaceAndNoTemporaryOneStays() async throws {
    try await withServer { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(
        await test.exchange.deliver([order], options: .init(waitForReceipts: nil)).first)
      #expect(report.delivery?.state == .triggered)
      #expect(try test.names(in: user.folder.appending("OUT")) == ["a.csv", "a.csv.trigger"])
      let states = try await test.journal.entries().map(\.state)
      #expect(states == ["staged", "uploading", "armed", "triggering", "triggered"])
    }
  }

  /// While the journal says `armed`, a temporary trigger that is gone means that it was renamed; so nothing else may
  /// take it away before the journal says otherwise.
  @Test func theTemporaryTriggerStaysUntilTheJournalSaysThatItIsNotRenamed() async throws {
    try await withServer { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let delivery = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
      let account = test.exchange.settings.accounts[0]
      let client = try await test.exchange.connect(to: account)
      let outbox = Outbox(of: delivery, account: account, client: client)
      try await outbox.arm()
      guard case .cannotRename = try await outbox.fire() else {
        Issue.record("it was renamed")
        return
      }
      #expect(try await outbox.sight().temporary == .whole)
      await client.close()
    }
  }

  @Test("A server that takes neither renames nor removals gets its trigger")
  func noRemovalIsNeeded() async throws {
    try await withServer(refusing: "rename,posix-rename,remove") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(await test.exchange.deliver([order], options: .init(waitForReceipts: nil)).first)
      let delivery = try #require(report.delivery)
      #expect(delivery.state == .triggered, "\(report.error?.description ?? "")")
      #expect(
        try test.names(in: user.folder.appending("OUT")).sorted()
          == ["a.csv", "a.csv.trigger", delivery.temporaryTriggerName].sorted())
    }
  }
}
