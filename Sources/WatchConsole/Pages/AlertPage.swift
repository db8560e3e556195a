internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// One alert with its whole life: seen, sent by which sinks, what persons did about it and why, and how it ended.
/// Mails and webhooks link to it.
struct AlertPage {
  let life: AlertLife
  /// The group of its kind and rule, where it has open alerts.
  let group: RuleGroup?
  /// The alerts that it stands for, where it stands for many findings.
  var members: Paged<Alert>?
  let context: PageContext

  private var voice: PageVoice { context.voice }
  private var alert: Alert { life.alert }
  private var finding: Finding { alert.finding }

  func html() -> Markup {
    let title = "\(voice.say("Alarm", "Alert")) \(alert.id): \(voice.say(alert.title))"
    let (mark, severity) = (StateMark(alert, voice), StateMark(finding.severity, voice).words)
    // The mark of an alert that fires is that of its severity.
    let more: Markup? = mark.words == severity ? nil : " <small>\(severity)</small>"
    return PageFrame(voice: voice, title: Markup.cut(title, to: 200)).page(
      in: .alerts,
      """
      <p>\(mark.inWords)\(more)</p>
      <div class="two">
      <section aria-labelledby="about"><h2 id="about">\(voice.say("Hvad er galt", "What is wrong"))</h2>
      <p>\(Markup.cut(voice.say(alert.meaning), to: 500))\(detail)</p>\(advice)
      \(facts)
      </section>
      <section aria-labelledby="life"><h2 id="life">\(voice.say("Forløb", "History"))</h2>
      <ol class="life">\(AlertLifeList(events: life.events, voice: voice).html())</ol>
      </section>
      </div>
      \(forms)\(memberList)
      """)
  }

  private var memberList: Markup? {
    guard let members, members.total > 0 else { return nil }
    let table = AlertTable(
      rows: members.items, voice: voice, caption: voice.say("De åbne og ældste først", "The open and oldest first"),
      room: 60_000)
    let pager = Pager(members, voice: voice) { PageAddress.with(PageAddress.alert(alert.id), [("page", "\($0)")]) }
    return """
      <section aria-labelledby="members"><h2 id="members">\(voice.say("Det, alarmen samler", "What the alert stands for"))</h2>
      \(table.html())\(pager.html(voice.say("Sider af fund", "Pages of findings")))
      </section>

      """
  }

  private var detail: Markup? { finding.detail.map { " <q>\(Markup.cut(Masked.name(voice.say($0)), to: 600))</q>" } }

  /// The remedy, and whom to ask; `nil` for an alert that is over.
  private var advice: Markup? {
    if alert.state == .resolved { return nil }
    let ask: Markup? = alert.advice.map {
      " \(voice.say("Spørg", "Ask")) \(Markup.cut(voice.say($0), to: 200))."
    }
    return """
      <p><strong>\(voice.say("Gør dette:", "Do this:"))</strong> \(Markup.cut(voice.say(alert.remedy), to: 500))\(ask)</p>
      """
  }

  private var facts: Markup? {
    var facts = FactList(voice: voice)
    if !finding.account.isEmpty {
      facts.add(
        voice.say("Indbakke", "Inbox"),
        PageLink.inbox(finding.account, to: 100))
    }
    facts.add("InfRef", text: finding.infRef?.description)
    facts.add(voice.say("På formularen", "On the form"), text: alert.orderForm)
    if let name = finding.fileName {
      let masked = Markup.text(Markup.cut(Masked.name(name), to: 200))
      let link: Markup = life.file.map { "<a href=\"\(PageAddress.file($0))\">\(masked)</a>" } ?? masked
      facts.add(voice.say("Fil", "File"), "<span class=\"name\">\(link)</span>")
    } else if let file = life.file {
      facts.add(
        voice.say("Fil", "File"),
        "<a href=\"\(PageAddress.file(file))\">\(voice.say("filens forløb", "history of the file"))</a>")
    }
    facts.add(voice.say("Afsender", "Sender"), text: finding.sender.map(Masked.name))
    facts.add(voice.say("Myndighed", "Authority"), text: finding.authority)
    facts.add(voice.say("Størrelse", "Size"), text: finding.size.map(voice.size))
    facts.add(voice.say("Siden", "Since"), since)
    facts.add(voice.say("Frist", "Due"), finding.due.map(voice.dayAndTime))
    facts.add(voice.say("Regel", "Rule"), rule)
    if let over = alert.resolved {
      let why: Markup? = alert.ending.map { ": \(Markup.cut(voice.say($0.why), to: 300))" }
      let name = alert.isExpired ? voice.say("Afsluttet", "Closed") : voice.say("Overstået", "Over since")
      facts.add(name, "\(voice.dayAndTime(over))\(why)")
    }
    if let number = alert.groupedInto {
      facts.add(
        voice.say("Samlet i", "Grouped into"),
        "<a href=\"\(PageAddress.alert(number))\">\(voice.say("alarm", "alert")) \(number)</a>")
    }
    if alert.count > 1 { facts.add(voice.say("Fund", "Findings"), "\(voice.number(alert.count))") }
    if let silence = life.silence {
      facts.add(
        voice.say("Dæmpet", "Silenced"),
        "\(voice.say("til", "until")) \(voice.dayAndTime(silence.until)), \(Markup.cut(Masked.name(silence.by), to: 80)): \(Markup.cut(Masked.name(silence.why), to: 200))"
      )
    }
    return facts.html()
  }

  private var since: Markup {
    "\(voice.dayAndTime(alert.since)) (\(voice.span(since: alert.since, until: alert.resolved)))"
  }

  /// The rule, with a link to everything of the kind that breaks it.
  private var rule: Markup? {
    let words = finding.rule.map { Markup.text(Markup.cut(voice.say($0), to: 200)) }
    guard let group else { return words }
    var filter = AlertFilter()
    filter.group = group.key
    let link: Markup = """
      <a href="\(filter.address)">\(voice.say("hele gruppen", "the whole group")), \(voice.alerts(group.alerts))</a>
      """
    return words.map { "\($0) · \(link)" } ?? link
  }

  // MARK: Acts

  private var forms: Markup? {
    let acts = ActForms(context: context)
    let own: Markup = "<input type=\"hidden\" name=\"alert\" value=\"\(alert.id)\">"
    switch alert.state {
    case .resolved, .pending: return nil
    case .firing where context.refusal != nil, .acknowledged where context.refusal != nil: return acts.refusal
    case .firing:
      let person = acts.person(id: "acknowledge", needsReason: false)
      let button = acts.button(voice.say("Kvittér", "Acknowledge"))
      return "\(acts.form(.acknowledge, id: "acknowledge", "\(own)\(person)\(button)"))\(silence(acts))"
    case .acknowledged:
      let person = acts.person(id: "undo", needsReason: false)
      let button = acts.button(voice.say("Fortryd kvitteringen", "Undo the acknowledgement"))
      return "\(acts.form(.undo, id: "undo", "\(own)\(person)\(button)"))\(silence(acts))"
    }
  }

  private func silence(_ acts: ActForms) -> Markup? {
    if life.silence != nil { return nil }
    var scopes: [(scope: SilenceScope, words: String)] = [
      (.alert, voice.say("kun det, denne alarm handler om", "only what this alert is about"))
    ]
    if !finding.account.isEmpty {
      let kind = voice.say(LocalizedText(naming: finding.kind))
      scopes.append(
        (
          .kind,
          voice.say("alt af slagsen „\(kind)“ i denne indbakke", "everything of the kind “\(kind)” in this inbox")
        ))
      if finding.infRef != nil {
        scopes.append(
          (.infRef, voice.say("alt om denne InfRef i denne indbakke", "everything about this InfRef in this inbox")))
      }
      scopes.append((.inbox, voice.say("hele indbakken", "the whole inbox")))
    }
    let choices = scopes.enumerated().map { choice -> Markup in
      let checked: Markup? = choice.offset == 0 ? " checked" : nil
      return """
        <label><input type="radio" name="scope" value="\(choice.element.scope.rawValue)"\(checked)> \(Markup.cut(choice.element.words, to: 160))</label>
        """
    }
    return acts.form(
      .silence, id: "silence",
      """
      <input type="hidden" name="alert" value="\(alert.id)">\
      <fieldset><legend>\(voice.say("Dæmp", "Silence"))</legend>\(choices)</fieldset>\
      \(acts.person(id: "silence", needsReason: true))\(acts.end(id: "silence"))\(acts.button(voice.say("Dæmp", "Silence")))
      """)
  }
}

/// The scopes of a silence that a form offers.
enum SilenceScope: String, Sendable, Hashable, CaseIterable {
  /// The finding of an alert.
  case alert
  /// The kind of an alert in its inbox.
  case kind
  /// The InfRef of an alert in its inbox.
  case infRef = "infref"
  /// The inbox of an alert.
  case inbox
  /// The kind and rule of a group, in one inbox or in all.
  case group
  /// The inbox, InfRef and kind that the form names.
  case fields
}
