import ExchangeSettings
import FileExchange
import FilsluseBase
import Testing
import TriggerFiles

@testable import PickupWatch

/// The rules by themselves, about files that are to come: what came is made up, and the moment, too.
@Suite struct ExpectedFilesTests {
  private static func file(_ transfer: String, _ came: Timestamp, name: String = "f", authority: String? = nil)
    -> ArrivedFile
  {
    ArrivedFile(
      transfer: transfer, infRef: InfRef(unchecked: MadeUp.extract), name: Array(name.utf8),
      recipientAuthority: authority, came: came)
  }

  private static func missing(
    _ evaluator: RuleEvaluator, _ files: [ArrivedFile], _ now: Timestamp, _ state: InboxState? = nil
  ) -> [String] {
    evaluator.missing(among: files, in: state ?? MadeUp.state(now), at: now).map {
      "\($0.kind.rawValue) \($0.severity) \($0.subject)"
    }
  }

  @Test("reports a missing file at the minute")
  func whatDoesNotComeIsMissedAtTheMinute() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract),
      expected: ExpectedFiles(rhythm: try #require(Rhythm("daily by 06:00")), files: 2, grace: .seconds(600)))
    let evaluator = try MadeUp.evaluator([rule])
    let subject = "\(MadeUp.extract)/2026-03-29T06:00"
    let yesterday = [
      Self.file("1", try MadeUp.at("2026-03-28 05:00")), Self.file("2", try MadeUp.at("2026-03-28 05:00")),
    ]
    #expect(Self.missing(evaluator, yesterday, try MadeUp.at("2026-03-29 06:09")).isEmpty)
    #expect(
      Self.missing(evaluator, yesterday, try MadeUp.at("2026-03-29 06:10")) == ["expected-missing critical \(subject)"])
    // One of two, the same one twice, then both.
    let one = yesterday + [Self.file("3", try MadeUp.at("2026-03-29 05:30"))]
    let now = try MadeUp.at("2026-03-29 09:00")
    #expect(Self.missing(evaluator, one + one, now) == ["too-few-files critical \(subject)"])
    let late = one + [Self.file("4", try MadeUp.at("2026-03-29 08:00"))]
    #expect(Self.missing(evaluator, late, now).isEmpty)
    // What came late counts for the day that it was late for, and not for the next.
    #expect(
      Self.missing(evaluator, late, try MadeUp.at("2026-03-30 06:10")) == [
        "expected-missing critical \(MadeUp.extract)/2026-03-30T06:00"
      ])
    // What comes on the evening before counts for the next morning.
    let evening = [
      Self.file("5", try MadeUp.at("2026-03-29 19:00")), Self.file("6", try MadeUp.at("2026-03-29 23:00")),
    ]
    #expect(Self.missing(evaluator, evening, try MadeUp.at("2026-03-30 06:10")).isEmpty)
  }

  @Test("makes no claim about monitoring gaps")
  func nothingIsClaimedOfTimesThatNobodyWatched() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract),
      expected: ExpectedFiles(rhythm: try #require(Rhythm("daily by 06:00"))))
    let evaluator = try MadeUp.evaluator([rule])
    let now = try MadeUp.at("2026-03-29 07:00")
    var state = MadeUp.state(now)
    state.watchedSince = try MadeUp.at("2026-03-29 06:30")
    #expect(Self.missing(evaluator, [], now, state).isEmpty)
    state.watchedSince = nil
    #expect(Self.missing(evaluator, [], now, state).isEmpty)
    state.watchedSince = try MadeUp.at("2026-03-01 00:00")
    state.gaps = [try MadeUp.at("2026-03-29 03:30")..<(try MadeUp.at("2026-03-29 04:30"))]
    let found = evaluator.missing(among: [], in: state, at: now)
    #expect(found.map(\.severity) == [.warning])
    #expect(
      found.first?.detail?.en
        == "no file has come; nobody looked from 2026-03-29 03:30 to 2026-03-29 04:30: it may have come and gone"
    )
    // A gap is itself a finding for an hour.
    let ended = state.gaps[0].upperBound
    #expect(evaluator.findings(about: state, at: ended.later(by: .seconds(3599))).map(\.kind) == [.watchGap])
    #expect(evaluator.findings(about: state, at: ended.later(by: .seconds(3600))).isEmpty)
  }

  @Test("each municipality is looked for by its code or number")
  func eachMunicipalityIsLookedForByItsCodeOrNumber() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract),
      expected: ExpectedFiles(
        rhythm: try #require(Rhythm("weekdays by 06:00")),
        municipalities: [.code("0101"), .code("0147"), .cvr("12345678"), .cvr("87654321")]))
    let evaluator = try MadeUp.evaluator([rule])
    let now = try MadeUp.at("2026-04-01 06:00")
    let files = [
      Self.file("1", try MadeUp.at("2026-04-01 05:00"), name: "udtræk_0101.csv"),
      // Four digits of a longer number are no code.
      Self.file("2", try MadeUp.at("2026-04-01 05:00"), name: "20260401470147.csv", authority: "12345678"),
    ]
    #expect(
      Self.missing(evaluator, files, now) == [
        "municipality-missing critical \(MadeUp.extract)/2026-04-01T06:00/0147",
        "municipality-missing critical \(MadeUp.extract)/2026-04-01T06:00/87654321",
      ])
    // Nothing at all is one finding, not four. And on Maundy Thursday nothing is expected: Wednesday's finding remains.
    #expect(Self.missing(evaluator, [], now) == ["expected-missing critical \(MadeUp.extract)/2026-04-01T06:00"])
    #expect(
      Self.missing(evaluator, [], try MadeUp.at("2026-04-06 12:00")) == [
        "expected-missing critical \(MadeUp.extract)/2026-04-01T06:00"
      ])
  }

  /// 0147 is Frederiksberg, and 01:47 is when many files are made.
  @Test(
    "a time of day is no municipality",
    arguments: [
      ("udtræk_0101_2026-04-01_0147.csv", ["0147"]), ("udtræk_0101_20260401-0147.csv", ["0147"]),
      ("20260401_0147.csv", ["0101"]), ("udtræk_2026_0101_0147.csv", []), ("0101_2026-04-01T0147_0147.csv", []),
      ("udtræk_101_2026-04-01_0147.csv", ["0147"]), ("101_147.csv", []), ("København_147.csv", []),
      ("KOEBENHAVNS KOMMUNE_20260401_0147.csv", ["0147"]), ("a101.csv", ["0101", "0147"]),
    ])
  func aTimeOfDayIsNoMunicipality(name: String, missing: [String]) throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract),
      expected: ExpectedFiles(
        rhythm: try #require(Rhythm("weekdays by 06:00")), municipalities: [.code("0101"), .code("0147")]))
    let file = Self.file("1", try MadeUp.at("2026-04-01 05:00"), name: name)
    let found = Self.missing(try MadeUp.evaluator([rule]), [file], try MadeUp.at("2026-04-01 06:00"))
    #expect(found == missing.map { "municipality-missing critical \(MadeUp.extract)/2026-04-01T06:00/\($0)" })
  }

  @Test(
    "a code of three digits, and a name, are the municipality's file", arguments: ["751", "0751", "Århus", "AARHUS"])
  func aFileForAarhusIsNotMissed(text: String) throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract),
      expected: ExpectedFiles(rhythm: try #require(Rhythm("weekdays by 06:00")), municipalities: [.code("0751")]))
    let file = Self.file("1", try MadeUp.at("2026-04-01 05:00"), name: "udtræk_\(text)_20260401.csv")
    #expect(Self.missing(try MadeUp.evaluator([rule]), [file], try MadeUp.at("2026-04-01 06:00")).isEmpty)
  }

  @Test("reports a name with another municipality than the recipient's for a week")
  func aNameOfAnotherMunicipalityIsReported() throws {
    let route = ArrivalRoute(
      name: "extracts", account: "a", infRef: InfRef(unchecked: MadeUp.extract),
      municipalities: [try CVRNumber("29189420"): "0751", try CVRNumber("99000101"): "0101"])
    let evaluator = try MadeUp.evaluator(arrivals: [route])
    let came = try MadeUp.at("2026-04-01 05:00")
    let files = [
      Self.file("1", came, name: "udtræk_0751.csv", authority: "29189420"),
      Self.file("2", came, name: "udtræk_492_20260401_0147.csv", authority: "29189420"),
      Self.file("2", came, name: "udtræk_492_20260401_0147.csv", authority: "29189420"),
      Self.file("3", came, name: "udtræk_20260401_0147.csv", authority: "29189420"),
      Self.file("4", came, name: "udtræk_0492.csv", authority: "12345678"),
      Self.file("5", came, name: "udtræk_0492.csv"), Self.file("6", came, name: "udtræk.csv", authority: "29189420"),
      Self.file("7", came, name: "Århus_0101.csv", authority: "99000101"),
    ]
    func told(_ now: Timestamp) -> [Finding] {
      evaluator.otherMunicipalities(among: files, in: MadeUp.state(now), at: now)
    }
    let found = told(try MadeUp.at("2026-04-01 06:00"))
    #expect(
      found.map { "\($0.kind.rawValue) \($0.severity) \($0.subject)" } == [
        "other-municipality warning 2", "other-municipality warning 7",
      ])
    #expect(
      found.first?.detail?.en.contains("0492 Ærø") == true
        && found.first?.detail?.en.contains("0751 Aarhus") == true)
    #expect(found.last?.authority == "99000101")
    #expect(told(try MadeUp.at("2026-04-08 04:59")).count == 2)
    #expect(told(try MadeUp.at("2026-04-08 05:00")).isEmpty)
  }
}
