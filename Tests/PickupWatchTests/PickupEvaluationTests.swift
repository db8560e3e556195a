import ExchangeSettings
import FilsluseSystem
import PickupWatch
import Testing

@Suite struct PickupEvaluationTests {
  private static let now = Timestamp(secondsSince1970: 1_800_000_000)
  private static let extract = "FagsystemdefineredeDataRefGDPR1203_1"

  private static func ago(_ seconds: Int64) -> Timestamp { Timestamp(secondsSince1970: 1_800_000_000 - seconds) }

  /// An inbox with one whole pair.
  private static func pair(
    _ name: String, infRef: String?, modified: Timestamp?, size: UInt64 = 10, described: UInt64 = 10
  ) -> InboxObservation {
    InboxObservation(
      account: "a",
      data: [.init(name: Array(name.utf8), size: size, modified: modified)],
      metadata: [
        .init(
          name: Array("\(name).metadata".utf8), dataName: Array(name.utf8), modified: modified,
          content: .read(.init(infRef: infRef, sender: "s", size: described, fileTransferUUID: "u")))
      ])
  }

  private static func findings(
    _ inbox: InboxObservation, _ rules: [PickupRule] = [rule(Self.extract, 3600)]
  ) -> [PickupFinding] {
    PickupEvaluation(rules: rules).findings(in: inbox, now: now)
  }

  private static func rule(_ infRef: String, _ seconds: Int, account: String = "a", line: Int? = nil) -> PickupRule {
    PickupRule(account: account, infRef: infRef, pickUpWithin: .seconds(seconds), line: line)
  }

  @Test func leavesAloneWhatLiesNoLongerThanItsPeriod() {
    for seconds in [-5, 0, 10, 3599, 3600] as [Int64] {
      #expect(Self.findings(Self.pair("f", infRef: Self.extract, modified: Self.ago(seconds))).isEmpty)
    }
  }

  @Test func findsWhatLiesLonger() throws {
    let inbox = Self.pair("udtræk_010190-1234.csv", infRef: Self.extract, modified: Self.ago(3601))
    let finding = try #require(Self.findings(inbox, [Self.rule(Self.extract, 3600, line: 17)]).first)
    #expect(
      finding
        == PickupFinding(
          kind: .overdue, account: "a", fileName: "udtræk_******-****.csv", since: Self.ago(3601),
          waited: .seconds(3601),
          infRef: Self.extract, sender: "s", size: 10, period: .seconds(3600), ruleLine: 17))
  }

  @Test func readsSF7002AsBothVersionsOfSortimentOverfør() {
    let rules = [Self.rule("SF7002", 60)]
    for (name, expected) in [
      ("SortimentOverfør_1", 1), ("SortimentOverfør_2", 1), ("SortimentOverfo\u{308}r_1", 0), (Self.extract, 0),
      ("SF7002", 0),
    ] {
      #expect(Self.findings(Self.pair("f", infRef: name, modified: Self.ago(61)), rules).count == expected, "\(name)")
    }
  }

  @Test func followsTheStrictestRuleOfTheAccount() {
    let rules = [Self.rule(Self.extract, 7200), Self.rule(Self.extract, 60), Self.rule(Self.extract, 1, account: "b")]
    let findings = Self.findings(Self.pair("f", infRef: Self.extract, modified: Self.ago(100)), rules)
    #expect(findings.map(\.period) == [.seconds(60)])
    #expect(Self.findings(Self.pair("f", infRef: Self.extract, modified: Self.ago(50)), rules).isEmpty)
  }

  @Test func watchesNothingThatNoRuleIsAbout() {
    #expect(Self.findings(Self.pair("f", infRef: nil, modified: Self.ago(100_000))).isEmpty)
    #expect(Self.findings(Self.pair("f", infRef: Self.extract, modified: Self.ago(100_000)), []).isEmpty)
  }

  @Test func saysWhenTheServerTellsNoTime() {
    let findings = Self.findings(Self.pair("f", infRef: Self.extract, modified: nil))
    #expect(findings.map(\.kind) == [.ageUnknown])
    #expect(findings.first?.waited == nil)
  }

  @Test func reportsHalfPairsOnceTheyHaveSettled() {
    let whole = Self.pair("f", infRef: Self.extract, modified: Self.ago(61))
    var dataOnly = whole
    dataOnly.metadata = []
    #expect(Self.findings(dataOnly).map(\.kind) == [.dataWithoutMetadata])
    var metadataOnly = whole
    metadataOnly.data = []
    #expect(Self.findings(metadataOnly).map(\.kind) == [.metadataWithoutData])
    #expect(Self.findings(metadataOnly).map(\.fileName) == ["f.metadata"])

    let fresh = Self.pair("f", infRef: Self.extract, modified: Self.ago(59))
    dataOnly.data = fresh.data
    metadataOnly.metadata = fresh.metadata
    #expect(Self.findings(dataOnly).isEmpty)
    #expect(Self.findings(metadataOnly).isEmpty)
  }

  @Test func reportsUnreadableMetadataAtOnce() {
    var inbox = Self.pair("f", infRef: nil, modified: Self.ago(1))
    inbox.metadata[0].content = .unreadable("1:1: error: not XML")
    let findings = Self.findings(inbox)
    #expect(findings.map(\.kind) == [.metadataUnreadable])
    #expect(findings.first?.detail == "1:1: error: not XML")
    #expect(findings.first?.size == 10)
  }

  @Test func reportsDataOfAnotherSizeThanItsMetadataSays() {
    let findings = Self.findings(Self.pair("f", infRef: Self.extract, modified: Self.ago(61), size: 9))
    #expect(findings.map(\.kind) == [.sizeDiffers])
    #expect(findings.first?.detail == "9 bytes lie there, the metadata says 10")
    #expect(Self.findings(Self.pair("f", infRef: Self.extract, modified: Self.ago(5), size: 9)).isEmpty)
  }

  @Test func listsWhatHasLainLongestFirst() {
    var inbox = InboxObservation(account: "a", data: [], metadata: [])
    for (name, age) in [("young", 4000), ("old", 9000), ("unknown", nil), ("middle", 5000)] as [(String, Int64?)] {
      let pair = Self.pair(name, infRef: Self.extract, modified: age.map(Self.ago))
      inbox.data += pair.data
      inbox.metadata += pair.metadata
    }
    #expect(Self.findings(inbox).map(\.fileName) == ["old", "middle", "young", "unknown"])
  }

  @Test func survivesNamesThatAreNotUTF8() {
    var inbox = Self.pair("f", infRef: Self.extract, modified: Self.ago(4000))
    inbox.data[0].name = [0x66, 0xF8]
    inbox.metadata[0].dataName = [0x66, 0xF8]
    #expect(Self.findings(inbox).map(\.fileName) == ["f\u{FFFD}"])
  }
}
