import ExchangeSettings
import FilsluseSFTP
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A server that takes no renames: the trigger is written in place, in one write.
@Suite(.timeLimit(.minutes(25))) struct RenamelessServerTests {
  @Test("the trigger is written in place and no temporary one stays")
  func theTriggerIsWrittenInPlaceAndNoTemporaryOneStays() async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(
        await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first)
      #expect(report.delivery?.state == .triggered)
      #expect(try test.names(in: user.folder.appending("OUT")) == ["a.csv", "a.csv.trigger"])
      let states = try await test.journal.entries().map(\.state)
      #expect(states == ["staged", "uploading", "armed", "triggering", "triggered"])
    }
  }

  /// While the journal says `armed`, a temporary trigger that is gone means that it was renamed; so nothing else may
  /// take it away before the journal says otherwise.
  @Test("the temporary trigger stays until the journal says that it is not renamed")
  func theTemporaryTriggerStaysUntilTheJournalSaysThatItIsNotRenamed() async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let delivery = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
      let account = test.exchange.settings.accounts[0]
      let client = try await test.exchange.connect(to: account)
      let outbox = OutFolder(of: delivery, account: account, client: client)
      try await outbox.arm()
      guard case .cannotRename = try await outbox.fire() else {
        Issue.record("it was renamed")
        return
      }
      #expect(try await outbox.content().temporary == .whole)
      await client.close()
    }
  }

  @Test("A server that takes neither renames nor removals gets its trigger")
  func noRemovalIsNeeded() async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename,remove") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(
        await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first)
      let delivery = try #require(report.delivery)
      #expect(delivery.state == .triggered, "\(report.error?.description ?? "")")
      #expect(
        try test.names(in: user.folder.appending("OUT")).sorted()
          == ["a.csv", "a.csv.trigger", delivery.temporaryTriggerName].sorted())
    }
  }
}
