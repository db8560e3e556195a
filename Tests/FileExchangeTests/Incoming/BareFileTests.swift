import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Files without trigger or metadata that the account names (contract section 1, bare files).
@Suite("Bare files", .timeLimit(.minutes(25))) struct BareFileTests {
  private static let patterns = ["SF2900_*"].compactMap { try? FileNamePattern($0) }

  @Test("bare files stay in IN and are not reported as data without metadata")
  func left() async throws {
    try await TestExchange.with({ $0.accounts[0].bareFiles = Self.patterns }) { test in
      try test.write(Data("sag".utf8), to: test.incoming.appending("SF2900_1.xml"))
      try test.write(Data("alene".utf8), to: test.incoming.appending("alene.xml"))
      try test.arrive("a.csv")
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["a.csv"])
      #expect(report.problems.map(\.path) == ["alene.xml"])
      #expect(report.problems.first?.remedy.description.contains("bare-files:") == true)
      #expect(try test.names(in: test.incoming) == ["SF2900_1.xml", "alene.xml"])
    }
  }

  @Test("a name with metadata beside it is never bare, and metadata alone is still half a pair")
  func neverBare() async throws {
    try await TestExchange.with({ $0.accounts[0].bareFiles = Self.patterns }) { test in
      try test.arrive("SF2900_par.xml")
      try test.write(
        Data(try test.metadata("SF2900_2.xml", size: 3).xml()), to: test.incoming.appending("SF2900_2.xml.metadata"))
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["SF2900_par.xml"])
      #expect(report.problems.map(\.code) == [.notWhole])
      #expect(try test.names(in: test.incoming) == ["SF2900_2.xml.metadata"])
    }
  }
}
