import ExchangeSettings
import FilsluseSFTP
import FilsluseSystem
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Arrivals that are told wrongly, again and again.
@Suite(.timeLimit(.minutes(2))) struct UnquietArrivalTests {
  private func write(_ bytes: [UInt8], named name: [UInt8], in folder: FilePath) throws {
    let path = Array(folder.string.utf8) + [0x2F] + name + [0]
    let file = path.withUnsafeBytes { path in
      path.bindMemory(to: CChar.self).baseAddress.map { open($0, O_WRONLY | O_CREAT, 0o644) } ?? -1
    }
    try #require(file >= 0)
    #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
    close(file)
  }

  @Test("A pair whose name is not UTF-8 is quarantined once, and is not said to be gone with every look")
  func aNameInLatin1() async throws {
    try await TestExchange.with { test in
      let name: [UInt8] = Array("udtr".utf8) + [0xE6] + Array("k.csv".utf8)
      try write([0x78], named: name, in: test.incoming)
      try write(
        test.metadata("udtræk.csv", size: 1).xml(), named: name + Array(".metadata".utf8), in: test.incoming)
      #expect(await test.exchange.collect("account").quarantined.count == 1)
      let before = try await test.journal.entries().count
      for _ in 0..<3 {
        let report = await test.exchange.collect("account")
        #expect(report.quarantined.count == 1 && report.vanished.isEmpty)
      }
      #expect(try await test.journal.entries().count == before)
    }
  }

  @Test("What another process has quarantined or set aside meanwhile is not reported as collected")
  func notCollected() async throws {
    try await TestExchange.with { test in
      for state in [ArrivalState.quarantined, .setAside, .vanished] {
        let metadata = try test.arrive("\(state.rawValue).csv")
        let seen = try await test.journal.see(
          NewArrival(
            account: "account", fileTransferUUID: metadata.fileTransferUUID, wireName: "\(state.rawValue).csv",
            size: metadata.fileDescriptor.sizeInBytes, infRef: TestExchange.infRef, sender: "fagsystem",
            route: "extracts", metadata: metadata.xml()))
        var other = seen
        other.state = state
        _ = try await test.journal.record(other)
        let account = test.exchange.settings.accounts[0]
        let client = try await test.exchange.connect(to: account)
        let look = try await InboxLook(
          test.exchange, into: account, over: client, options: .init(), ledger: CollectionLedger(account: "account"))
        if case .collected = try await look.finish(seen) { Issue.record("\(state) is reported as collected") }
        await client.close()
      }
    }
  }
}
