internal import FilsluseSystem

/// The alerts: what is wrong, what to do, whom to ask, and a button to say that one knows.
struct AlertSection {
  let alerts: [AlertStatus]
  let voice: PageVoice
  let forms: FormKeys

  /// How many of each sort are shown; the JSON has them all.
  private static let shown = (firing: 40, acknowledged: 20, pending: 10, resolved: 10)

  func html() -> Markup {
    let firing = sorted(.firing)
    return """
      <section aria-labelledby="alerts"><h2 id="alerts">\(voice.say("Alarmer", "Alerts"))</h2>
      \(firing.isEmpty ? none : list(firing, limit: Self.shown.firing))
      \(folded(.acknowledged, voice.say("Kvitteret", "Acknowledged"), limit: Self.shown.acknowledged))\
      \(folded(.pending, voice.say("På vej", "Pending"), limit: Self.shown.pending))\
      \(folded(.resolved, voice.say("Overstået for nylig", "Over lately"), limit: Self.shown.resolved))
      </section>
      """
  }

  private var none: Markup {
    "<p class=\"quiet\">\(voice.say("Ingen alarmer, der venter på nogen.", "No alert waits for anybody."))</p>"
  }

  /// The critical ones first, then what has been so for longest; what is over, the latest first.
  private func sorted(_ state: AlertStatus.State) -> [AlertStatus] {
    alerts.filter { $0.state == state }.sorted { one, other in
      if state == .resolved { return (one.resolved ?? voice.now, one.id) > (other.resolved ?? voice.now, other.id) }
      if one.severity != other.severity { return one.severity > other.severity }
      return (one.since ?? voice.now, one.id) < (other.since ?? voice.now, other.id)
    }
  }

  private func folded(_ state: AlertStatus.State, _ heading: String, limit: Int) -> Markup? {
    let some = sorted(state)
    if some.isEmpty { return nil }
    return "<details><summary>\(heading) (\(some.count))</summary>\(list(some, limit: limit))</details>"
  }

  private func list(_ some: [AlertStatus], limit: Int) -> Markup {
    let left = some.count - limit
    let more: Markup? =
      left > 0
      ? """
      <p class="more">\(voice.say("\(left) til vises ikke her:", "\(left) more are not shown here:")) \
      <code>filsluse alerts list</code></p>
      """ : nil
    return "<ol class=\"alerts\">\(some.prefix(limit).map(item))</ol>\(more)"
  }

  private func item(_ alert: AlertStatus) -> Markup {
    """
    <li id="alert-\(alert.id)" class="\(alert.state == .resolved ? "calm" : alert.severity.rawValue)"><div>
    <h3><span class="tag">\(tag(alert))</span> \(Markup.cut(voice.say(alert.headline), to: 160))</h3>
    <p class="about">\(about(alert))</p>
    <p>\(Markup.cut(voice.say(alert.text), to: 500))\(alert.detail.map { " <q>\(Markup.cut($0, to: 300))</q>" as Markup })</p>
    <p class="remedy"><strong>\(voice.say("Gør dette:", "Do this:"))</strong> \(Markup.cut(voice.say(alert.remedy), to: 400))\
    \(alert.ask.map { " <span class=\"ask\">\(voice.say("Spørg", "Ask")) \(Markup.cut(voice.say($0), to: 200)).</span>" as Markup })</p>
    \(known(alert))</div>\(button(alert))</li>
    """
  }

  private func tag(_ alert: AlertStatus) -> String {
    if alert.state == .resolved { return voice.say("Overstået", "Over") }
    return alert.severity == .critical ? voice.say("Kritisk", "Critical") : voice.say("Advarsel", "Warning")
  }

  private func about(_ alert: AlertStatus) -> Markup {
    var parts: [Markup] = ["<b>\(Markup.cut(alert.account, to: 80))</b>"]
    if let infRef = alert.infRef {
      let form: Markup? = alert.orderForm.map {
        " (\(voice.say("på formularen", "on the form")) \(Markup.cut($0, to: 80)))"
      }
      parts.append("\(Markup.cut(infRef, to: 100))\(form)")
    }
    if let name = alert.fileName {
      parts.append("<span class=\"name\">\(Markup.cut(Masked.name(name), to: 160))</span>")
    }
    if let sender = alert.sender { parts.append("\(voice.say("fra", "from")) \(Markup.cut(sender, to: 80))") }
    if alert.count > 1 { parts.append("\(alert.count) \(voice.say("fund", "findings"))") }
    if let since = alert.since {
      parts.append("\(voice.say("siden", "since")) \(voice.time(since)) (\(voice.span(age(since))))")
    }
    if let due = alert.due { parts.append("\(voice.say("frist", "due")) \(voice.time(due))") }
    if let rule = alert.rule { parts.append("\(voice.say("regel", "rule")) <code>\(Markup.cut(rule, to: 100))</code>") }
    return Markup.joined(parts.enumerated().map { $0.offset == 0 ? $0.element : " · \($0.element)" })
  }

  private func age(_ since: Timestamp) -> Int { Int(max(voice.now.since(since), .zero).components.seconds) }

  private func known(_ alert: AlertStatus) -> Markup? {
    if let over = alert.resolved {
      return "<p class=\"quiet\">\(voice.say("Overstået", "Over since")) \(voice.time(over)).</p>"
    }
    guard let acknowledged = alert.acknowledged else { return nil }
    let by: Markup? = alert.acknowledgedBy.map { " \(voice.say("af", "by")) \(Markup.cut($0, to: 80))" }
    return "<p class=\"quiet\">\(voice.say("Kvitteret", "Acknowledged"))\(by) \(voice.time(acknowledged)).</p>"
  }

  private func button(_ alert: AlertStatus) -> Markup? {
    guard alert.canAcknowledge else { return nil }
    let number = "\(alert.id)"
    return """
      <form method="post" action="/acknowledge"><input type="hidden" name="alert" value="\(number)">\
      <input type="hidden" name="key" value="\(forms.key(for: number))">\
      <button>\(voice.say("Kvittér", "Acknowledge"))<span class="unseen"> \(voice.say("alarm", "alert")) \(number)</span></button></form>
      """
  }
}
