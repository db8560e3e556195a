import ExchangeSettings
import FilsluseSFTP
import FilsluseSystem
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Errors, batches and hashing.
@Suite(.timeLimit(.minutes(2))) struct StuckDeliveryTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  @Test("No error shows a CPR-like number of a name")
  func errorsAreMasked() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("sag 010190-1234.trigger"), route: "flis")
      let report = try #require(await test.exchange.deliver([order], options: notWaiting).first)
      #expect(report.error?.description.contains("010190-1234") == false, "\(report.error?.description ?? "")")
      var xml = String(decoding: try test.metadata("sag.csv", size: 1).xml(), as: UTF8.self)
      xml = xml.replacingOccurrences(of: "<FileName>", with: "010190-1234<FileName>")
      try test.write(Data("x".utf8), to: test.incoming.appending("sag.csv"))
      try test.write(Data(xml.utf8), to: test.incoming.appending("sag.csv.metadata"))
      let problem = try #require(await test.exchange.collect("account").problems.first)
      #expect(!problem.description.contains("010190-1234"), "\(problem)")
    }
  }

  @Test("A folder that fits the pattern is refused with the whole batch")
  func aFolderIsNoFile() async throws {
    try await TestExchange.with { test in
      try test.file("udtræk_0461.csv")
      try FileManager.default.createDirectory(
        atPath: test.folder.appending("mappe_0461.csv").string, withIntermediateDirectories: true)
      #expect(throws: DeliveryBatch.Refusal.self) {
        try DeliveryBatch(
          pattern: test.folder.appending("*_{code}.csv").string, settings: test.exchange.settings)
      }
    }
  }

  @Test("A look into the journal does not stand in line behind all the files that are to be hashed")
  func hashingHoldsUpNobody() async throws {
    try await TestExchange.with { test in
      let files = 60
      for number in 0..<files {
        try test.file("f\(number)", "")
        truncate(test.folder.appending("f\(number)").string, 48 << 20)
      }
      let hashed = Locked(0)
      let seen = try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<files {
          group.addTask {
            _ = try await StagedFile.read(test.folder.appending("f\(number)"))
            hashed.withLock { $0 += 1 }
          }
        }
        while hashed.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        _ = try await test.journal.delivery(0)
        let seen = hashed.withLock { $0 }
        try await group.waitForAll()
        return seen
      }
      #expect(seen < files / 2, "\(seen) of \(files) files were hashed before the journal answered")
    }
  }
}
