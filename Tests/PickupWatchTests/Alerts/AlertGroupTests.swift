import ExchangeSettings
import FilsluseBase
import Testing

@testable import PickupWatch

/// Many new alerts of one inbox at once.
@Suite struct AlertGroupTests {
  private let settings = AlertSettings(repeatEvery: .seconds(3600), groupAbove: 3)

  private func files(_ range: Range<Int>, severity: Finding.Severity = .warning) -> [Finding] {
    range.map { Given.finding("f\($0)", severity: severity, since: $0) }
  }

  @Test("alerts up to the limit are sent one by one")
  func asManyAsAreAllowedAreReportedOneByOne() {
    var machine = AlertStateMachine(settings: settings)
    #expect(machine.notifications(Given.look(1, files(0..<3))) == ["f0 fired", "f1 fired", "f2 fired"])
  }

  @Test("more alerts are grouped into one that names the oldest")
  func moreAreFoldedIntoOneThatNamesTheOldest() throws {
    var machine = AlertStateMachine(settings: settings)
    let events = machine.take(Given.look(1, files(0..<20)), silences: [])
    #expect(events.map(\.reason) == [.fired])
    let group = try #require(events.first?.alert.group)
    #expect(group.count == 20)
    #expect(group.critical == 0)
    #expect(group.kinds == [.pickUpLate: 20])
    #expect(group.oldest.map(\.subject) == (0..<10).map { "f\($0)" })
    #expect(events.first?.alert.finding.since == Given.minute(0))
    #expect(events.first?.alert.finding.infRef == "SortimentOverfør_1")
    #expect(machine.alerts.count { $0.state == .firing } == 21)
  }

  @Test("it is over when the last of them is")
  func itIsOverWhenTheLastOfThemIs() {
    var machine = AlertStateMachine(settings: settings)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, files(0..<20))) }
    #expect(machine.notifications(Given.look(2, files(19..<20))) == [])
    #expect(machine.notifications(Given.look(62, files(19..<20))) == ["group repeated"])
    #expect(machine.notifications(Given.look(63, [])) == ["group resolved"])
    #expect(machine.notifications(Given.look(64, [])) == [])
    #expect(machine.alerts.isEmpty)
  }

  @Test("a group is sent again when it has doubled or got worse")
  func itIsSentAgainWhenItHasDoubledOrGotWorse() {
    var machine = AlertStateMachine(settings: settings)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, files(0..<10))) }
    #expect(machine.notifications(Given.look(3, files(0..<19))) == [])
    #expect(machine.notifications(Given.look(5, files(0..<30))) == ["group grown"])
    #expect(
      machine.notifications(Given.look(6, files(0..<29) + files(29..<30, severity: .critical))) == ["group escalated"])
    #expect(machine.notifications(Given.look(7, files(0..<30, severity: .critical))) == [])
  }

  @Test("an acknowledged group is sent again when it has doubled")
  func anAcknowledgedFoldIsReportedWhenItHasDoubled() throws {
    var machine = AlertStateMachine(settings: settings)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, files(0..<10))) }
    try machine.acknowledge("group", at: Given.minute(2))
    #expect(machine.notifications(Given.look(200, files(0..<10))) == [])
    #expect(machine.notifications(Given.look(203, files(0..<20))) == ["group grown"])
    #expect(machine.state(of: "group") == .firing)
  }

  /// The acknowledgement covers the hundred; of the fifty that join them later no other notification is sent.
  @Test("an acknowledged group is sent again when new alerts join it")
  func anAcknowledgedFoldIsReportedWhenNewOnesJoinIt() throws {
    var machine = AlertStateMachine(settings: settings)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, files(0..<100))) }
    try machine.acknowledge("group", at: Given.minute(2))
    #expect(machine.notifications(Given.look(200, files(0..<100))) == [])
    #expect(machine.notifications(Given.look(201, files(0..<150))) == ["group repeated"])
    #expect(machine.state(of: "group") == .firing)
    // Not at each look at which more come, but at the next repetition, even though none come then.
    try machine.acknowledge("group", at: Given.minute(202))
    for minute in 203..<261 { #expect(machine.notifications(Given.look(minute, files(0..<155))) == [], "\(minute)") }
    #expect(machine.notifications(Given.look(261, files(0..<155))) == ["group repeated"])
    try machine.acknowledge("group", at: Given.minute(262))
    #expect(machine.notifications(Given.look(1000, files(0..<155))) == [])
  }

  @Test("a finding about the whole account is sent by itself")
  func whatIsWrongWithTheAccountIsReportedByItself() {
    var machine = AlertStateMachine(settings: settings)
    let login = Given.finding("login", kind: .loginFailed, infRef: nil)
    #expect(machine.notifications(Given.look(1, files(0..<10) + [login])) == ["login fired", "group fired"])
  }

  @Test("an alert that was sent before stays outside the group")
  func whatWasReportedBeforeStaysAnAlertOfItsOwn() {
    var machine = AlertStateMachine(settings: settings)
    for minute in 0..<2 { _ = machine.notifications(Given.look(minute, files(0..<1))) }
    #expect(machine.notifications(Given.look(3, files(0..<10))) == ["group fired"])
    #expect(machine.notifications(Given.look(4, files(1..<10))) == ["f0 resolved"])
  }

  @Test("it is quiet while all that it stands for is silenced")
  func itIsQuietWhileAllThatItStandsForIsSilenced() {
    var machine = AlertStateMachine(settings: settings)
    _ = machine.notifications(Given.look(0, files(0..<10)))
    let silence = [Given.silence(Silence.Matcher(kind: "pick-up-late"))]
    #expect(machine.notifications(Given.look(100, files(0..<10)), silences: silence) == [])
    let half = files(0..<9) + [Given.finding("h", kind: .dataWithoutMetadata, severity: .warning)]
    #expect(machine.notifications(Given.look(101, half), silences: silence) == ["h fired"])
    #expect(machine.notifications(Given.look(102, half)) == ["group repeated"])
  }

  /// A look lists the first thousand of a kind: as they are picked up, others are listed that were there before.
  @Test("a finding beyond the listed ones is not new when it gets listed")
  func whatLayThereUnlistedIsNoNews() {
    var machine = AlertStateMachine(settings: AlertSettings(repeatEvery: .seconds(86_400), groupAbove: 3))
    func look(_ minute: Int, _ range: Range<Int>) -> AlertLook {
      var listed = FindingCollection(account: "fagsystem")
      listed.add(files(range))
      return Given.look(minute, listed.sorted())
    }
    #expect(machine.notifications(look(0, 0..<1504)) == ["group fired"])
    for minute in 1..<255 { #expect(machine.notifications(look(minute, minute * 2..<1504)) == [], "\(minute)") }
    // What comes when all are listed is news again.
    #expect(machine.notifications(look(255, 510..<1505)) == ["f1504 fired"])
    #expect(machine.notifications(look(256, 1504..<1505)) == ["group resolved"])
    #expect(machine.notifications(look(257, 1505..<1505)) == ["f1504 resolved"])
  }

  @Test("the silenced ones are not counted")
  func theSilencedOnesAreNotCounted() {
    var machine = AlertStateMachine(settings: settings)
    let silence = [Given.silence(Silence.Matcher(kind: "data-without-metadata"))]
    let all = files(0..<3) + (10..<20).map { Given.finding("h\($0)", kind: .dataWithoutMetadata, since: $0) }
    #expect(machine.notifications(Given.look(1, all), silences: silence) == ["f0 fired", "f1 fired", "f2 fired"])
  }
}
