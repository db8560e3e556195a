internal import FilsluseBase
internal import TriggerFiles

/// One alert on the page.
struct AlertItem {
  let alert: Alert
  let voice: PageVoice
  /// The form key of its button.
  let key: String

  private var finding: Finding { alert.finding }

  func html() -> Markup {
    """
    <li id="alert-\(alert.id)" class="\(isMended ? "calm" : finding.severity.rawValue)"><div>
    <h3><span class="tag">\(tag)</span> \(Markup.cut(voice.say(alert.title), to: 160))</h3>
    <p class="about">\(about)</p>\(times)
    <p>\(Markup.cut(voice.say(alert.meaning), to: 400))\(detail)</p>
    \(advice)\(known)</div>\(button)</li>

    """
  }

  private var isMended: Bool { alert.state == .resolved && !alert.isExpired }

  private var tag: String {
    if alert.isExpired { return voice.say("Afsluttet, ikke løst", "Closed, not resolved") }
    if alert.state == .resolved { return voice.say("Overstået", "Over") }
    return finding.severity == .critical ? voice.say("Kritisk", "Critical") : voice.say("Advarsel", "Warning")
  }

  /// The account and the subject.
  private var about: Markup {
    var parts: [Markup] = finding.account.isEmpty ? [] : ["<b>\(Markup.cut(finding.account, to: 80))</b>"]
    if let infRef = finding.infRef {
      let form: Markup? = alert.orderForm.map {
        " (\(voice.say("på formularen", "on the form")) \(Markup.cut($0, to: 80)))"
      }
      parts.append("\(Markup.cut(infRef.description, to: 100))\(form)")
    }
    if let name = finding.fileName { parts.append("\(Markup.cut(Masked.name(name), to: 160))") }
    if let sender = finding.sender { parts.append("\(voice.say("fra", "from")) \(Markup.cut(sender, to: 80))") }
    if alert.count > 1 { parts.append("\(voice.number(alert.count)) \(voice.say("fund", "findings"))") }
    return Markup.joined(parts.enumerated().map { $0.offset == 0 ? $0.element : " · \($0.element)" })
  }

  /// Since when, and by which rule.
  private var times: Markup? {
    var parts: [Markup] = []
    if let since = finding.since {
      let age = voice.span(Int(max((alert.resolved ?? voice.now).since(since), .zero).components.seconds))
      parts.append("\(voice.say("Siden", "Since")) \(voice.time(since)) (<b>\(age)</b>)")
    }
    if let due = finding.due { parts.append("\(voice.say("frist", "due")) \(voice.time(due))") }
    if let rule = finding.rule {
      parts.append("\(voice.say("regel", "rule")): \(Markup.cut(voice.say(rule), to: 100))")
    }
    if parts.isEmpty { return nil }
    return
      "<p class=\"about\">\(Markup.joined(parts.enumerated().map { $0.offset == 0 ? $0.element : " · \($0.element)" }))</p>"
  }

  private var detail: Markup? {
    finding.detail.map { " <q>\(Markup.cut(voice.say($0), to: 300))</q>" }
  }

  /// A resolved alert needs no action.
  private var advice: Markup? {
    if alert.state == .resolved { return nil }
    let ask: Markup? = alert.advice.map {
      " <span class=\"ask\">\(voice.say("Spørg", "Ask")) \(Markup.cut(voice.say($0), to: 160)).</span>"
    }
    return """
      <p><strong>\(voice.say("Gør dette:", "Do this:"))</strong> \(Markup.cut(voice.say(alert.remedy), to: 300))\(ask)</p>
      """
  }

  private var known: Markup? {
    if let over = alert.resolved {
      let word = alert.isExpired ? voice.say("Afsluttet", "Closed") : voice.say("Overstået", "Over since")
      let why: Markup? = alert.ending.map { " \(Markup.cut(voice.say($0.why), to: 300))" }
      return "<p class=\"quiet\">\(word) \(voice.time(over)).\(why)</p>"
    }
    guard let known = alert.acknowledgement else { return nil }
    let by: Markup = "\(voice.say("af", "by")) \(Markup.cut(voice.person(known.by), to: 80))"
    return "<p class=\"quiet\">\(voice.say("Kvitteret", "Acknowledged")) \(by) \(voice.time(known.at)).</p>"
  }

  private var button: Markup? {
    guard alert.state == .firing else { return nil }
    return """
      <form method="post" action="/acknowledge"><input type="hidden" name="alert" value="\(alert.id)">\
      <input type="hidden" name="key" value="\(key)">\
      <button>\(voice.say("Kvittér", "Acknowledge"))<span class="unseen"> \(voice.say("alarm", "alert")) \(alert.id)</span></button></form>
      """
  }
}
