import ExchangeSettings
import FilsluseSFTP
import PlatformFixture
import Testing
import TriggerFiles

@testable import FileExchange

/// The report about an arrival that another process has quarantined, set aside or found gone during the same run.
@Suite(.timeLimit(.minutes(25))) struct CollectionOutcomeTests {
  @Test("An arrival that another process has quarantined or set aside is not reported as collected")
  func notCollected() async throws {
    try await TestExchange.with { test in
      for state in [ArrivalState.quarantined, .setAside, .vanished] {
        let metadata = try test.arrive("\(state.rawValue).csv")
        let seen = try await test.journal.see(
          NewArrival(
            account: "account", fileTransferUUID: metadata.fileTransferUUID, wireName: "\(state.rawValue).csv",
            size: metadata.fileDescriptor.sizeInBytes, infRef: InfRef(unchecked: TestExchange.infRef),
            sender: "fagsystem",
            route: "extracts", metadata: metadata.xml()))
        var other = seen
        other.state = state
        _ = try await test.journal.record(other)
        let account = test.exchange.settings.accounts[0]
        let client = try await test.exchange.connect(to: account)
        let look = try await CollectionRun(
          test.exchange, into: account, over: client, options: .init(),
          recorder: CollectionRecorder(account: "account"))
        if case .collected = try await look.finish(seen) { Issue.record("\(state) is reported as collected") }
        await client.close()
      }
    }
  }
}
