internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// Alerts, one a line.
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
    let columns = [
      voice.say("Alarm", "Alert"), voice.say("Om", "About"), voice.say("Siden", "Since"),
      voice.say("Tilstand", "State"),
    ]
    return ListTable(
      voice: voice, caption: caption, columns: (ticks ? [voice.say("Vælg", "Tick")] : []) + columns, lines: lines,
      left: rows.count - lines.count
    ).html()
  }

  private func line(_ alert: Alert) -> Markup {
    let title = Markup.cut(voice.say(alert.title), to: 100)
    let name: Markup = """
      \(StateMark(alert.finding.severity, voice).html)<a href="\(PageAddress.alert(alert.id))">\(title)</a>
      """
    return ListTable.line(
      name, [AlertAbout(alert: alert, voice: voice).html(), since(alert), state(alert)],
      before: ticks ? tick(alert) : nil)
  }

  /// The box that ticks an alert; nothing where no form is about it.
  private func tick(_ alert: Alert) -> Markup {
    let form: Markup
    switch alert.state {
    case .firing: form = "acknowledge"
    case .acknowledged: form = "undo"
    case .pending, .resolved: return ""
    }
    let checked: Markup? = isTicked && alert.state == .firing ? " checked" : nil
    let label = voice.say("Vælg alarm \(alert.id)", "Tick alert \(alert.id)")
    return """
      <input type="checkbox" name="alert" value="\(alert.id)" form="\(form)" aria-label="\(label)"\(checked)>
      """
  }

  private func since(_ alert: Alert) -> Markup {
    "\(voice.time(alert.since)) <small>\(voice.span(since: alert.since, until: alert.resolved))</small>"
  }

  private func state(_ alert: Alert) -> Markup {
    let mark = StateMark(alert, voice)
    guard alert.state == .acknowledged, let known = alert.acknowledgement else { return mark.inWords }
    return "\(mark.inWords) <small>\(Markup.cut(Masked.name(known.by), to: 40))</small>"
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
