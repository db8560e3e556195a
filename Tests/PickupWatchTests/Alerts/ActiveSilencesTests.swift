import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Alerts held back by silences and maintenance windows, and the time at which they are sent after all.
@Suite struct ActiveSilencesTests {
  private let settings = AlertSettings(repeatEvery: .seconds(3600))

  @Test(
    "a silence holds its alerts until it ends",
    arguments: [
      Silence.Matcher(account: "fagsystem"), Silence.Matcher(infRef: InfRef(unchecked: "SortimentOverfør_1")),
      Silence.Matcher(infRef: .sf7002), Silence.Matcher(kind: "pick-up-late"),
      Silence.Matcher(findingID: "pick-up-late/fagsystem/a"),
      Silence.Matcher(account: "fagsystem", infRef: .sf7002, kind: "pick-up-late"),
    ])
  func aSilenceHoldsItsAlertsUntilItEnds(matcher: Silence.Matcher) {
    var machine = AlertStateMachine(settings: settings)
    let silence = [Given.silence(matcher, until: 30)]
    let late = Given.finding("a")
    for minute in 0..<30 { #expect(machine.notifications(Given.look(minute, [late]), silences: silence) == []) }
    #expect(machine.state(of: "a") == .firing)
    #expect(machine.notifications(Given.look(30, [late]), silences: silence) == ["a fired"])
  }

  @Test(
    "a silence holds back matching alerts alone",
    arguments: [
      Silence.Matcher(account: "lis"), Silence.Matcher(infRef: InfRef(unchecked: "SortimentOverfør_2")),
      Silence.Matcher(infRef: InfRef(unchecked: "SortimentOverfo\u{308}r_1")),
      Silence.Matcher(kind: "data-without-metadata"),
      Silence.Matcher(findingID: "pick-up-late/fagsystem/b"),
      Silence.Matcher(account: "lis", infRef: .sf7002),
    ])
  func aSilenceHoldsNothingElse(matcher: Silence.Matcher) {
    var machine = AlertStateMachine(settings: settings)
    #expect(
      machine.notifications(Given.look(1, [Given.finding("a")]), silences: [Given.silence(matcher)]) == ["a fired"])
  }

  @Test("if the firing was sent, the resolution is sent too")
  func theEndIsSentWhereTheBeginningWasSent() {
    var machine = AlertStateMachine(settings: settings)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, [Given.finding("a")])) }
    let silence = [Given.silence(Silence.Matcher(account: "fagsystem"), from: 2)]
    #expect(machine.notifications(Given.look(200, [Given.finding("a"), Given.finding("b")]), silences: silence) == [])
    #expect(machine.notifications(Given.look(201, [Given.finding("a"), Given.finding("b")]), silences: silence) == [])
    // No notification of b was sent.
    #expect(machine.notifications(Given.look(202, []), silences: silence) == ["a resolved"])
  }

  /// Monday 2026-11-23, 10:00 to 10:30 in Denmark, is 09:00 to 09:30 in UTC.
  @Test("maintenance windows follow Danish time unless the settings name another zone")
  func maintenanceIsByTheClockInDenmarkUnlessSaidOtherwise() throws {
    let hours = try #require(WeeklyHours("mon 10:00-10:30"))
    var machine = AlertStateMachine(settings: AlertSettings(maintenance: [hours]))
    for minute in 0..<30 { #expect(machine.notifications(Given.look(minute, [Given.finding("a")])) == []) }
    #expect(machine.notifications(Given.look(30, [Given.finding("a")])) == ["a fired"])
  }

  @Test("alerts that still fire when a maintenance window ends are sent then")
  func whatHappensInAMaintenanceWindowIsReportedAfterItWhereItIsStillSo() throws {
    var machine = AlertStateMachine(
      settings: AlertSettings(maintenance: [try #require(WeeklyHours("mon 10:10-10:30"))]))
    let (warned, critical) = (Given.finding("w", severity: .warning), Given.finding("w"))
    #expect(machine.notifications(Given.look(9, [warned, Given.finding("b")])) == ["b fired", "w fired"])
    // One becomes critical, one is over (its firing was sent, so its end is), one comes to stay, one comes and goes.
    let before = [critical, Given.finding("stays"), Given.finding("goes", kind: .loginFailed)]
    #expect(machine.notifications(Given.look(10, before)) == ["b resolved"])
    for minute in 11..<30 {
      #expect(machine.notifications(Given.look(minute, [critical, Given.finding("stays")])) == [])
    }
    #expect(
      machine.notifications(Given.look(30, [critical, Given.finding("stays")])) == ["w escalated", "stays fired"])
    #expect(machine.alerts.last?.fired == Given.minute(10))
  }

  @Test("a maintenance window holds back repetitions")
  func aMaintenanceWindowHoldsBackRepetitions() throws {
    let maintenance = [try #require(WeeklyHours("mon 10:50-11:10"))]
    var machine = AlertStateMachine(settings: AlertSettings(repeatEvery: .seconds(3600), maintenance: maintenance))
    _ = machine.notifications(Given.look(0, [Given.finding("a")]))
    for minute in 1..<70 { #expect(machine.notifications(Given.look(minute, [Given.finding("a")])) == []) }
    #expect(machine.notifications(Given.look(70, [Given.finding("a")])) == ["a repeated"])
  }

  @Test("many alerts in a maintenance window are one alert after it")
  func groupAfterMaintenance() throws {
    let maintenance = [try #require(WeeklyHours("mon 10:00-10:30"))]
    var machine = AlertStateMachine(settings: AlertSettings(groupAbove: 3, maintenance: maintenance))
    let files = (0..<20).map { Given.finding("f\($0)", since: $0) }
    for minute in 0..<30 { #expect(machine.notifications(Given.look(minute, Array(files.prefix(minute)))) == []) }
    #expect(machine.notifications(Given.look(30, files)) == ["group fired"])
  }

  /// 10:00 in Denmark is 04:00 in New York on the same Monday.
  @Test("maintenance is by the time zone of the settings")
  func maintenanceIsByTheTimeZoneOfTheSettings() throws {
    var watch = WatchSettings(database: "watch.sqlite", timeZone: "America/New_York")
    watch.alerts.maintenance = [try #require(WeeklyHours("mon 04:00-04:30"))]
    var machine = AlertStateMachine(settings: watch.alerts)
    for minute in 0..<30 { #expect(machine.notifications(Given.look(minute, [Given.finding("a")])) == []) }
    #expect(machine.notifications(Given.look(30, [Given.finding("a")])) == ["a fired"])
  }
}
