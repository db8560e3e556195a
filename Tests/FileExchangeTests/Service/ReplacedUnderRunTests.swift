import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A running exchange whose journal is taken away.
@Suite(.timeLimit(.minutes(25))) struct ReplacedUnderRunTests {
  @Test(
    "a run whose journal is replaced stops by itself, alerts, and does nothing more",
    arguments: ["", ".claims", "-wal"])
  func itStopsAndTells(suffix: String) async throws {
    await #expect {
      try await RunningExchange.with({ settings in
        let told = settings.source.removingLastComponent().appending("told")
        settings.alert = AlertCommand(command: ["/bin/sh", "-c", "cat >> \"$0\"", told.string])
      }) { running in
        let platform = Task { await running.test.acceptEverything() }
        defer { platform.cancel() }
        try running.put("a.csv")
        try await eventually { running.names(running.sent) == ["a.csv"] }
        guard unlink(running.test.exchange.settings.journal.string + suffix) == 0 else { throw Errno(rawValue: errno) }
        try await eventually { running.attentions.contains { $0.kind == .journalReplaced } }
        let told = running.test.folder.appending("told")
        // Another problem of the same moment may have an alert of its own.
        try await eventually { !running.alerts(of: .journalReplaced, in: told).isEmpty }
        let alerts = running.alerts(of: .journalReplaced, in: told)
        let alert = try #require(alerts.first)
        #expect(alerts.count == 1)
        #expect((alert["message"] as? String)?.contains("restore it from") == true)
        try running.put("b.csv")
        try running.test.arrive("c.csv")
        try await Task.sleep(for: .seconds(1))
        #expect(try running.test.names(in: running.test.outbox) == [])
        #expect(running.names(running.folder).contains("b.csv"))
        #expect(!running.names(running.test.inbox).contains("c.csv"))
      }
    } throws: { error in
      (error as? ExchangeError)?.code == .journalReplaced && "\(error)".contains("while this process had it open")
    }
  }
}
