internal import FilsluseBase
internal import FilsluseHTTP

/// The alerts: what is wrong, what to do, whom to ask, and a button to say that one knows.
struct AlertSection {
  let alerts: [Alert]
  let voice: PageVoice
  let forms: FormKeys

  /// The number of alerts of each state that are shown, and their bytes; the JSON has them all.
  private static let room: [Alert.State: (count: Int, bytes: Int)] = [
    .firing: (40, 45_000), .acknowledged: (20, 10_000), .pending: (10, 5_000), .resolved: (10, 5_000),
  ]

  func html() -> Markup {
    let firing = sorted(.firing)
    return """
      <section aria-labelledby="alerts"><h2 id="alerts">\(voice.say("Alarmer", "Alerts"))</h2>
      \(firing.isEmpty ? none : list(firing, .firing))
      \(folded(.acknowledged, voice.say("Kvitteret", "Acknowledged")))\
      \(folded(.pending, voice.say("På vej", "Pending")))\
      \(folded(.resolved, voice.say("Overstået for nylig", "Over lately")))
      </section>
      """
  }

  private var none: Markup {
    "<p class=\"quiet\">\(voice.say("Ingen alarmer venter på nogen.", "No alert waits for anybody."))</p>"
  }

  /// The critical ones first, then what has been so for longest; what is over, the latest first.
  private func sorted(_ state: Alert.State) -> [Alert] {
    alerts.filter { $0.state == state }.sorted { one, other in
      if state == .resolved { return (one.resolved ?? voice.now, one.id) > (other.resolved ?? voice.now, other.id) }
      let (one, other) = ((one.finding, one.id), (other.finding, other.id))
      if one.0.severity != other.0.severity { return one.0.severity > other.0.severity }
      return (one.0.since ?? voice.now, one.1) < (other.0.since ?? voice.now, other.1)
    }
  }

  private func folded(_ state: Alert.State, _ heading: String) -> Markup? {
    let some = sorted(state)
    if some.isEmpty { return nil }
    return "<details><summary>\(heading) (\(some.count))</summary>\(list(some, state))</details>"
  }

  private func list(_ some: [Alert], _ state: Alert.State) -> Markup {
    let room = Self.room[state] ?? (0, 0)
    let shown = Markup.fitting(some, bytes: room.bytes, limit: room.count) { alert in
      AlertItem(alert: alert, voice: voice, key: forms.key(for: "\(alert.id)")).html()
    }
    let left = some.count - shown.count
    let more: Markup? =
      left > 0
      ? """
      <p class="more">\(voice.say("\(left) til vises ikke her:", "\(left) more are not shown here:")) \
      <code>\(voice.say(Remedy.Step.listAlerts.inDanish, Remedy.Step.listAlerts.description))</code></p>
      """ : nil
    return "<ol class=\"alerts\">\(shown)</ol>\(more)"
  }
}
