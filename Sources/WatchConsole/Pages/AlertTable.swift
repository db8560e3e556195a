internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// Alerts, one a line. Roles are spelt out: on a phone the lines are laid out as blocks, and a table that is none to the
/// eye would else be none to a screen reader either.
struct AlertTable {
  let rows: [Alert]
  let voice: PageVoice
  /// True if lines can be ticked for the page's forms, and whether they are.
  var ticks = false
  var isTicked = false
  let caption: String
  /// The bytes of all lines together.
  var room = 100_000

  func html() -> Markup {
    let lines = Markup.fitting(rows, bytes: room, limit: 200, line)
    let left = rows.count - lines.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</p>" : nil
    let tick: Markup? = ticks ? head(voice.say("Vælg", "Tick")) : nil
    return """
      <table class="list" role="table"><caption>\(caption)</caption>
      <thead role="rowgroup"><tr role="row">\(tick)\(head(voice.say("Alarm", "Alert")))\(head(voice.say("Om", "About")))\
      \(head(voice.say("Siden", "Since")))\(head(voice.say("Tilstand", "State")))</tr></thead>
      <tbody role="rowgroup">\(lines)</tbody></table>\(more)
      """
  }

  private func head(_ words: String) -> Markup { "<th scope=\"col\" role=\"columnheader\">\(words)</th>" }

  private func line(_ alert: Alert) -> Markup {
    let title = Markup.cut(voice.say(alert.title), to: 100)
    return """
      <tr role="row">\(ticks ? tick(alert) : nil)<th scope="row" role="rowheader">\(StateMark(alert.finding.severity, voice).html)\
      <a href="\(PageAddress.alert(alert.id))">\(title)</a></th><td role="cell">\(AlertAbout(alert: alert, voice: voice).html())</td>\
      <td role="cell">\(since(alert))</td><td role="cell">\(state(alert))</td></tr>

      """
  }

  private func tick(_ alert: Alert) -> Markup {
    let form: Markup
    switch alert.state {
    case .firing: form = "acknowledge"
    case .acknowledged: form = "undo"
    case .pending, .resolved: return "<td role=\"cell\"></td>"
    }
    let checked: Markup? = isTicked && alert.state == .firing ? " checked" : nil
    let label = voice.say("Vælg alarm \(alert.id)", "Tick alert \(alert.id)")
    return """
      <td role="cell"><input type="checkbox" name="alert" value="\(alert.id)" form="\(form)" aria-label="\(label)"\(checked)></td>
      """
  }

  private func since(_ alert: Alert) -> Markup {
    let since = alert.finding.since ?? alert.firstSeen
    return "\(voice.time(since)) <small>\(voice.span(since: since, until: alert.resolved))</small>"
  }

  private func state(_ alert: Alert) -> Markup {
    let mark = StateMark(alert, voice)
    guard alert.state == .acknowledged, let known = alert.acknowledgement else { return mark.inWords }
    return "\(mark.inWords) <small>\(Markup.cut(voice.person(known.by), to: 40))</small>"
  }
}

/// The subject of an alert: the inbox, the InfRef, the file, and how many findings it stands for.
struct AlertAbout {
  let alert: Alert
  let voice: PageVoice

  func html() -> Markup {
    let finding = alert.finding
    var parts: [Markup] = []
    if !finding.account.isEmpty {
      parts.append(PageLink.inbox(finding.account, to: 60))
    }
    if let infRef = finding.infRef { parts.append("\(Markup.cut(infRef.description, to: 80))") }
    if let name = finding.fileName {
      parts.append("<span class=\"name\">\(Markup.cut(Masked.name(name), to: 100))</span>")
    }
    if alert.count > 1 { parts.append("\(voice.number(alert.count)) \(voice.say("fund", "findings"))") }
    return Markup.list(parts)
  }
}
