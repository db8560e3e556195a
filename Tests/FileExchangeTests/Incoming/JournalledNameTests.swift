import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Names in IN that the journal cannot hold as they are.
@Suite(.timeLimit(.minutes(25))) struct JournalledNameTests {
  private func write(_ bytes: [UInt8], named name: [UInt8], in folder: FilePath) throws {
    let path = Array(folder.string.utf8) + [0x2F] + name + [0]
    let file = path.withUnsafeBytes { path in
      path.bindMemory(to: CChar.self).baseAddress.map { open($0, O_WRONLY | O_CREAT, 0o644) } ?? -1
    }
    try #require(file >= 0)
    #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
    close(file)
  }

  @Test("A pair whose name is not UTF-8 is quarantined once, and is not reported as gone at every look")
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

  @Test("Names that hold å in two forms are two names")
  func twoForms() {
    let (one, other) = (JournalledName(listed: [0xC3, 0xA5]), JournalledName(listed: [0x61, 0xCC, 0x8A]))
    #expect(one != other && other < one && Set([one, other]).count == 2 && one.string == other.string)
  }

  @Test(
    "A name is kept without what a database or UTF-8 cannot hold",
    arguments: [
      ("a.csv", Array("a.csv".utf8)), ("udtræk.csv", Array("udtræk.csv".utf8)), ("a\u{FFFD}b", [0x61, 0, 0x62]),
      ("a\u{FFFD}", [0x61, 0xE6]), ("\u{FFFD}\u{FFFD}", [0, 0xFF]),
    ] as [(String, [UInt8])], JournalDatabase.here)
  func whatIsKeptOfAName(_ names: (String, [UInt8]), on database: JournalDatabase) async throws {
    let (kept, name) = names
    #expect(JournalledName(listed: name).bytes == Array(kept.utf8))
    try await database.withJournal { journal in
      _ = try await journal.see(
        NewArrival(
          account: "account", fileTransferUUID: "u", wireName: JournalledName(listed: name), size: 1, infRef: nil,
          sender: "s", metadata: []))
      #expect(try await journal.arrivals().map(\.wireName.bytes) == [Array(kept.utf8)])
    }
  }
}
