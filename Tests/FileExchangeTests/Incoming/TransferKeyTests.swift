import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// FileTransferUUID is any text to the schema: whatever it is, it harms neither journal, folders nor programs.
@Suite("Hostile FileTransferUUIDs", .timeLimit(.minutes(25))) struct TransferKeyTests {
  @Test("quarantines a longer one than the account takes, and takes it once the settings do")
  func tooLong() async throws {
    try await TestExchange.with { test in
      let fits = String(repeating: "å", count: 127) + "x"
      let long = fits + "y"
      try test.arrive("fits.csv", "1", uuid: fits)
      try test.arrive("long.csv", "2", uuid: long)
      try test.arrive("huge.csv", "3", uuid: String(repeating: "z", count: 900_000))
      for _ in 0..<2 {
        let report = await test.exchange.collect("account")
        #expect(report.problems.isEmpty)
        #expect(Set(report.quarantined.map(\.wireName)) == ["long.csv", "huge.csv"])
        for arrival in report.quarantined {
          #expect(arrival.fileTransferUUID.utf8.count == 71 && arrival.fileTransferUUID.hasPrefix("sha256:"))
          #expect(arrival.reason?.description.contains("longest-transfer-id") == true)
          #expect((arrival.reason?.description ?? "").utf8.count < 300)
        }
      }
      #expect(try await test.journal.arrivals().map(\.state).filter { $0 == .removed }.count == 1)
      #expect(try test.names(in: test.incoming).count == 4)
      let permitted = try await test.reopened { $0.accounts[0].longestTransferID = 256 }
      let report = await permitted.exchange.collect("account")
      #expect(report.collected.map(\.fileTransferUUID) == [long])
      #expect(report.quarantined.map(\.wireName) == ["huge.csv"])
    }
  }

  @Test(
    "is safe as a key, a file's name and a variable, whatever characters it has",
    arguments: [
      "a\nb", "../../etc/passwd", "a\tb\r", "$(touch x);`id`", "\u{7F}\u{85}\u{202E}gnp", "'; DROP TABLE arrival; --",
      "sha256:0", "æøå", " ", ".",
    ])
  func hostile(uuid: String) async throws {
    try await TestExchange.withProgram("printf '%s' \"$FILSLUSE_FILE_TRANSFER_UUID\" > \"$1/uuid\"") { test in
      for name in ["a.csv", "b.csv"] {
        // The first is in the inbox already, so that the second needs another name.
        try FileManager.default.createDirectory(atPath: test.inbox.string, withIntermediateDirectories: true)
        try test.write(Data("her".utf8), to: test.inbox.appending(name))
      }
      let metadata = try test.metadata("a.csv", size: 1, uuid: "x")
      let text = String(decoding: metadata.xml(), as: UTF8.self)
        .replacingOccurrences(of: "<FileTransferUUID>x<", with: "<FileTransferUUID>\(escaped(uuid))<")
      try test.write(Data("1".utf8), to: test.incoming.appending("a.csv"))
      try test.write(Data(text.utf8), to: test.incoming.appending("a.csv.metadata"))
      let report = await test.exchange.collect("account")
      if uuid == " " {
        // Nothing but white space is no value: it cannot be read, and stays.
        #expect(report.problems.map(\.code) == [.invalidDocument])
        #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
        return
      }
      #expect(report.problems.isEmpty, "\(report.problems)")
      #expect(report.collected.map { Array($0.fileTransferUUID.utf8) } == [Array(uuid.utf8)])
      #expect(String(decoding: try test.read(test.folder.appending("uuid")), as: UTF8.self) == uuid)
      #expect(try test.names(in: test.inbox).filter { $0.hasPrefix("a~") && $0.hasSuffix(".csv") }.count == 1)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  private func escaped(_ text: String) -> String {
    text.unicodeScalars.map { $0.value < 0x20 || ["<", "&", ">"].contains($0) ? "&#\($0.value);" : String($0) }.joined()
  }
}
