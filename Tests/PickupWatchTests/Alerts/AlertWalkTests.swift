import ExchangeSettings
import FilsluseBase
import SeededNumbers
import Testing

@testable import PickupWatch

/// Random walks over the machine, checked against rules that hold whatever happens.
@Suite struct AlertWalkTests {
  /// The state of a receiver that knows nothing but its notifications.
  private struct Receiver {
    var open: [Int64: Finding.Severity] = [:]
    var numbers: [Int64: Int] = [:]
    var over: Set<Int64> = []

    mutating func hear(_ event: AlertEvent) {
      let id = event.alert.id
      // Numbered without gaps, nothing after the end, and begun before anything else.
      #expect(event.alert.notificationCount == (numbers[id] ?? 0) + 1)
      numbers[id] = event.alert.notificationCount
      #expect(!over.contains(id))
      switch event.reason {
      case .fired:
        #expect(open[id] == nil)
        open[id] = event.alert.finding.severity
      case .escalated:
        #expect(open[id] == .warning && event.alert.finding.severity == .critical)
        open[id] = .critical
      case .grown: #expect(open[id] != nil && event.alert.group != nil)
      case .repeated: #expect(open[id] != nil)
      case .expired: Issue.record("nothing here is over by its time alone")
      case .resolved:
        #expect(open.removeValue(forKey: id) != nil)
        over.insert(id)
      }
    }
  }

  @Test("the last notification that a receiver gets is the true state", arguments: UInt64(1)...40)
  func whatReceiversHearIsTrueInTheEnd(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let settings = AlertSettings(
      fireAfter: random.pick([.zero, .zero, .seconds(300)]), repeatEvery: .seconds(1800),
      groupAbove: random.pick([1, 4, 100]))
    var machine = AlertStateMachine(settings: settings)
    var receiver = Receiver()
    var truth: [String: Finding] = [:]
    var minute = 0
    for _ in 0..<400 {
      minute += random.chance(90) ? 1 : random.pick([0, -3, 40])
      for number in 0..<12 where random.chance(20) {
        let kind = number < 2 ? Finding.Kind.loginFailed : .pickUpLate
        let finding = Given.finding(
          "f\(number)", kind: kind, severity: random.chance(50) ? .warning : .critical, since: number)
        truth[finding.id] = random.chance(50) ? finding : nil
      }
      let isComplete = random.chance(80)
      let seen = isComplete ? Array(truth.values) : truth.values.filter { $0.kind == .loginFailed }
      let silences = random.chance(15) ? [Given.silence(Silence.Matcher(account: "fagsystem"), from: -9999)] : []
      let wasUnjudged = machine.alerts.filter(\.isOpen)
      for event in machine.take(Given.look(minute, seen, isComplete: isComplete), silences: silences) {
        receiver.hear(event)
      }
      if !isComplete {
        let groups = Set(wasUnjudged.filter { $0.group != nil }.map(\.id))
        let over = machine.alerts.filter { !$0.isOpen && !groups.contains($0.id) }
        #expect(over.isEmpty)
      }
      if random.chance(10) {
        var alerts = machine.alerts.filter(\.isOpen)
        for index in alerts.indices where alerts[index].state == .firing && random.chance(50) {
          #expect(throws: Never.self) {
            try alerts[index].acknowledge(by: "vagten", why: nil, at: Given.minute(minute))
          }
        }
        machine = AlertStateMachine(settings: settings, alerts: alerts, next: machine.next)
      }
      let open = machine.alerts.filter { $0.isOpen && $0.group == nil }
      #expect(Set(open.map(\.finding.id)).count == open.count)
      if isComplete { #expect(Set(open.map(\.finding.id)) == Set(truth.keys)) }
    }
    // When nothing is silenced and enough time has passed, the receiver has all open findings, and no other.
    for step in 0..<3 {
      for event in machine.take(Given.look(minute + 10_000 + 10 * step, Array(truth.values)), silences: []) {
        receiver.hear(event)
      }
    }
    for alert in machine.alerts where alert.isOpen && alert.state == .firing {
      #expect(receiver.open[alert.groupedInto ?? alert.id] != nil)
    }
    for event in machine.take(Given.look(minute + 20_000, []), silences: []) { receiver.hear(event) }
    #expect(receiver.open.isEmpty)
  }
}
