import ExchangeSettings
import FilsluseBase
import Testing

@testable import PickupWatch

/// The course of alerts, look by look.
@Suite struct AlertStateMachineTests {
  private let settings = AlertSettings(repeatEvery: .seconds(3600), groupAbove: 3)

  @Test("an alert is sent at once, then resolved once")
  func anAlertIsReportedAtOnceThenResolvedOnce() {
    var machine = AlertStateMachine(settings: settings)
    let late = Given.finding("a")
    #expect(machine.notifications(Given.look(0, [late])) == ["a fired"])
    #expect(machine.state(of: "a") == .firing)
    #expect(machine.alerts.first?.fired == Given.minute(0))
    for minute in 1..<3 { #expect(machine.notifications(Given.look(minute, [late])) == []) }
    #expect(machine.notifications(Given.look(3, [])) == ["a resolved"])
    #expect(machine.state(of: "a") == .resolved)
    #expect(machine.notifications(Given.look(4, [])) == [])
    #expect(machine.alerts.isEmpty)
  }

  @Test("an alert that ends while pending is never sent")
  func whatIsGoneWhileItIsPendingIsNeverReported() {
    var machine = AlertStateMachine(settings: AlertSettings(fireAfter: .seconds(60)))
    #expect(machine.notifications(Given.look(0, [Given.finding("a")])) == [])
    #expect(machine.state(of: "a") == .pending)
    #expect(machine.notifications(Given.look(1, [])) == [])
    #expect(machine.alerts.isEmpty)
  }

  @Test("fire after is waited for")
  func fireAfterIsWaitedFor() {
    var machine = AlertStateMachine(settings: AlertSettings(fireAfter: .seconds(300)))
    let late = Given.finding("a")
    for minute in 0..<5 { #expect(machine.notifications(Given.look(minute, [late])) == []) }
    #expect(machine.notifications(Given.look(5, [late])) == ["a fired"])
    #expect(machine.alerts.first?.fired == Given.minute(5))
    #expect(machine.alerts.first?.firstSeen == Given.minute(0))
  }

  @Test("a second episode is another alert")
  func aSecondEpisodeIsAnotherAlert() {
    var machine = AlertStateMachine(settings: settings)
    let late = Given.finding("a")
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, [late])) }
    let first = machine.alerts.first?.id
    _ = machine.notifications(Given.look(2, []))
    #expect(machine.notifications(Given.look(3, [late])) == ["a fired"])
    #expect(machine.alerts.first?.id != first)
  }

  @Test("a warning that becomes critical is sent again, but not at each change")
  func aWarningThatBecomesCriticalIsReportedAgainButNotAtEachTurn() {
    var machine = AlertStateMachine(settings: settings)
    let (warning, critical) = (Given.finding("a", severity: .warning), Given.finding("a"))
    #expect(machine.notifications(Given.look(1, [warning])) == ["a fired"])
    #expect(machine.notifications(Given.look(2, [critical])) == ["a escalated"])
    #expect(machine.notifications(Given.look(3, [warning])) == [])
    #expect(machine.notifications(Given.look(4, [critical])) == [])
    #expect(machine.alerts.first?.lastSent?.firstSeverity == .warning)
  }

  @Test("an alert is repeated until it is acknowledged")
  func itIsRepeatedUntilSomebodyKnows() throws {
    var machine = AlertStateMachine(settings: settings)
    let late = Given.finding("a", severity: .warning)
    #expect(machine.notifications(Given.look(1, [late])) == ["a fired"])
    #expect(machine.notifications(Given.look(60, [late])) == [])
    #expect(machine.notifications(Given.look(61, [late])) == ["a repeated"])
    #expect(machine.notifications(Given.look(100, [late])) == [])
    #expect(machine.notifications(Given.look(121, [late])) == ["a repeated"])
    try machine.acknowledge("a", at: Given.minute(122))
    #expect(machine.notifications(Given.look(500, [late])) == [])
    #expect(machine.state(of: "a") == .acknowledged)
    #expect(machine.notifications(Given.look(501, [Given.finding("a")])) == ["a escalated"])
    #expect(machine.state(of: "a") == .firing)
    #expect(machine.alerts.first?.acknowledgement == nil)
    try machine.acknowledge("a", at: Given.minute(502))
    #expect(machine.notifications(Given.look(503, [])) == ["a resolved"])
  }

  @Test("only a firing alert can be acknowledged")
  func onlyWhatFiresCanBeAcknowledged() {
    var machine = AlertStateMachine(settings: AlertSettings(fireAfter: .seconds(60)))
    _ = machine.notifications(Given.look(0, [Given.finding("a")]))
    #expect(throws: AlertRefusal.self) { try machine.acknowledge("a", at: Given.minute(0)) }
    _ = machine.notifications(Given.look(1, [Given.finding("a")]))
    #expect(throws: Never.self) { try machine.acknowledge("a", at: Given.minute(1)) }
    #expect(throws: AlertRefusal.self) { try machine.acknowledge("a", at: Given.minute(2)) }
    #expect(machine.alerts.first?.acknowledgement?.at == Given.minute(1))
    _ = machine.notifications(Given.look(2, []))
    #expect(throws: AlertRefusal.self) { try machine.acknowledge("a", at: Given.minute(3)) }
  }

  @Test("resolves no alert of an account that could not be judged")
  func nothingIsOverWhereTheAccountCouldNotBeJudged() {
    var machine = AlertStateMachine(settings: settings)
    let late = Given.finding("a")
    let gone = Given.finding("net", kind: .serverUnreachable)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, [late, Given.finding("b")])) }
    #expect(machine.notifications(Given.look(2, [gone], isComplete: false)) == ["net fired"])
    #expect(machine.notifications(Given.look(3, [gone], isComplete: false)) == [])
    #expect(machine.state(of: "a") == .firing)
    // It has not been seen to end, and so it is repeated.
    #expect(
      machine.notifications(Given.look(70, [gone], isComplete: false)) == ["a repeated", "b repeated", "net repeated"])
    #expect(machine.notifications(Given.look(71, [late])) == ["b resolved", "net resolved"])
  }

  @Test("another reason for an unseen inbox ends the earlier one")
  func anotherReasonWhyNothingCanBeSeenEndsTheOneBefore() {
    var machine = AlertStateMachine(settings: settings)
    let (net, login) = (Given.finding("c", kind: .serverUnreachable), Given.finding("c", kind: .loginFailed))
    let late = Given.finding("a")
    _ = machine.notifications(Given.look(0, [late]))
    #expect(machine.notifications(Given.look(1, [net], isComplete: false)) == ["c fired"])
    #expect(machine.notifications(Given.look(2, [login], isComplete: false)) == ["c resolved", "c fired"])
    #expect(machine.state(of: "a") == .firing)
    // The server's state is unknown while the watcher's own file cannot be used.
    let unusable = Given.finding("file", kind: .observationsUnusable)
    #expect(machine.notifications(Given.look(3, [unusable], isComplete: false)) == ["file fired"])
    #expect(machine.notifications(Given.look(4, [late])) == ["c resolved", "file resolved"])
  }

  @Test("a clock set back suppresses no alert")
  func aClockSetBackSilencesNothing() {
    var machine = AlertStateMachine(settings: settings)
    let late = Given.finding("a")
    _ = machine.notifications(Given.look(100_000, [late]))
    _ = machine.notifications(Given.look(100_001, [late]))
    #expect(machine.notifications(Given.look(0, [late, Given.finding("b")])) == ["b fired"])
    #expect(machine.notifications(Given.look(59, [late, Given.finding("b")])) == [])
    #expect(machine.notifications(Given.look(60, [late, Given.finding("b")])) == ["a repeated", "b repeated"])
  }

  @Test("a clock set back delays no pending alert")
  func aClockSetBackHoldsUpNothingThatIsPending() {
    var machine = AlertStateMachine(settings: AlertSettings(fireAfter: .seconds(300)))
    _ = machine.notifications(Given.look(100_000, [Given.finding("a")]))
    for minute in 0..<5 { #expect(machine.notifications(Given.look(minute, [Given.finding("a")])) == []) }
    #expect(machine.notifications(Given.look(5, [Given.finding("a")])) == ["a fired"])
  }

  @Test("another account's findings are not taken")
  func anotherAccountsFindingsAreNotTaken() {
    var machine = AlertStateMachine(settings: settings)
    _ = machine.notifications(Given.look(0, [Given.finding("a", account: "lis")]))
    #expect(machine.alerts.isEmpty)
  }

  @Test("the same finding twice in one look counts once, with the worse severity")
  func theSameThingTwiceInOneLookCountsOnceAndAsTheGraver() {
    var machine = AlertStateMachine(settings: settings)
    let both = [Given.finding("a", severity: .critical), Given.finding("a", severity: .warning)]
    #expect(machine.notifications(Given.look(1, both)) == ["a fired"])
    #expect(machine.alerts.map(\.finding.severity) == [.critical])
  }
}

extension AlertStateMachine {
  /// As the store does it: the alert is loaded and acknowledged, and a state machine is made of the result.
  mutating func acknowledge(_ subject: String, at moment: Timestamp) throws {
    var changed = alerts
    for index in changed.indices where changed[index].finding.subject == subject {
      try changed[index].acknowledge(by: "vagten", why: nil, at: moment)
    }
    self = AlertStateMachine(
      settings: AlertSettings(repeatEvery: .seconds(3600), groupAbove: 3), alerts: changed, next: next)
  }
}
