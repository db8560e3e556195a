internal import FilsluseSystem
internal import TriggerFiles

/// One alert on the page.
struct AlertItem {
  let alert: AlertStatus
  let voice: PageVoice
  /// The form key of its button.
  let key: String

  func html() -> Markup {
    """
    <li id="alert-\(alert.id)" class="\(isMended ? "calm" : alert.severity.rawValue)"><div>
    <h3><span class="tag">\(tag)</span> \(Markup.cut(voice.say(alert.headline), to: 160))</h3>
    <p class="about">\(about)</p>\(times)
    <p>\(Markup.cut(voice.say(alert.text), to: 400))\(detail)</p>
    \(advice)\(known)</div>\(button)</li>

    """
  }

  private var isMended: Bool { alert.state == .resolved && !alert.isExpired }

  private var tag: String {
    if alert.isExpired { return voice.say("Afsluttet, ikke løst", "Closed, not resolved") }
    if alert.state == .resolved { return voice.say("Overstået", "Over") }
    return alert.severity == .critical ? voice.say("Kritisk", "Critical") : voice.say("Advarsel", "Warning")
  }

  /// The account and the subject.
  private var about: Markup {
    var parts: [Markup] = alert.account.isEmpty ? [] : ["<b>\(Markup.cut(alert.account, to: 80))</b>"]
    if let infRef = alert.infRef {
      let form: Markup? = alert.orderForm.map {
        " (\(voice.say("på formularen", "on the form")) \(Markup.cut($0, to: 80)))"
      }
      parts.append("\(Markup.cut(infRef, to: 100))\(form)")
    }
    if let name = alert.fileName { parts.append("\(Markup.cut(Masked.name(name), to: 160))") }
    if let sender = alert.sender { parts.append("\(voice.say("fra", "from")) \(Markup.cut(sender, to: 80))") }
    if alert.count > 1 { parts.append("\(voice.number(alert.count)) \(voice.say("fund", "findings"))") }
    return Markup.joined(parts.enumerated().map { $0.offset == 0 ? $0.element : " · \($0.element)" })
  }

  /// Since when, and by which rule.
  private var times: Markup? {
    var parts: [Markup] = []
    if let since = alert.since {
      let age = voice.span(Int(max((alert.resolved ?? voice.now).since(since), .zero).components.seconds))
      parts.append("\(voice.say("Siden", "Since")) \(voice.time(since)) (<b>\(age)</b>)")
    }
    if let due = alert.due { parts.append("\(voice.say("frist", "due")) \(voice.time(due))") }
    if let rule = alert.rule {
      parts.append("\(voice.say("regel", "rule")): \(Markup.cut(voice.say(rule), to: 100))")
    }
    if parts.isEmpty { return nil }
    return
      "<p class=\"about\">\(Markup.joined(parts.enumerated().map { $0.offset == 0 ? $0.element : " · \($0.element)" }))</p>"
  }

  private var detail: Markup? { alert.detail.map { " <q>\(Markup.cut(voice.say($0), to: 300))</q>" } }

  /// A resolved alert needs no action.
  private var advice: Markup? {
    if alert.state == .resolved { return nil }
    let ask: Markup? = alert.ask.map {
      " <span class=\"ask\">\(voice.say("Spørg", "Ask")) \(Markup.cut(voice.say($0), to: 160)).</span>"
    }
    return """
      <p><strong>\(voice.say("Gør dette:", "Do this:"))</strong> \(Markup.cut(voice.say(alert.remedy), to: 300))\(ask)</p>
      """
  }

  private var known: Markup? {
    if let over = alert.resolved {
      let word = alert.isExpired ? voice.say("Afsluttet", "Closed") : voice.say("Overstået", "Over since")
      let why: Markup? = alert.ending.map { " \(Markup.cut(voice.say($0), to: 300))" }
      return "<p class=\"quiet\">\(word) \(voice.time(over)).\(why)</p>"
    }
    guard let acknowledged = alert.acknowledged else { return nil }
    let by: Markup? = alert.acknowledgedBy.map { " \(voice.say("af", "by")) \(Markup.cut(voice.person($0), to: 80))" }
    return "<p class=\"quiet\">\(voice.say("Kvitteret", "Acknowledged"))\(by) \(voice.time(acknowledged)).</p>"
  }

  private var button: Markup? {
    guard alert.canAcknowledge else { return nil }
    return """
      <form method="post" action="/acknowledge"><input type="hidden" name="alert" value="\(alert.id)">\
      <input type="hidden" name="key" value="\(key)">\
      <button>\(voice.say("Kvittér", "Acknowledge"))<span class="unseen"> \(voice.say("alarm", "alert")) \(alert.id)</span></button></form>
      """
  }
}
