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

/// Errors and batches.
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
}
