internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// The open alerts, grouped by kind and rule across the inboxes: "File not picked up in time: 31 inboxes".
struct RuleGroupList {
  let groups: [RuleGroup]
  let voice: PageVoice

  /// The number of groups that are shown.
  private static let most = 20
  /// With more groups than this each has one line, and its facts are cut to it.
  private static let mostOfTwoLines = 7

  func html() -> Markup {
    if groups.isEmpty {
      return "<p class=\"quiet\">\(voice.say("Ingen åbne alarmer.", "No open alerts."))</p>"
    }
    let shown = Markup.fitting(groups, bytes: 16_000, limit: Self.most, item)
    let left = groups.count - shown.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\"><a href=\"\(PageAddress.alerts)\">\(voice.say("Alle \(groups.count) står på listen over alarmer", "All \(groups.count) are in the list of alerts"))</a></p>"
      : nil
    let layout: Markup = groups.count > Self.mostOfTwoLines ? " dense" : ""
    return "<ol class=\"groups\(layout)\">\(shown)</ol>\(more)"
  }

  private func item(_ group: RuleGroup) -> Markup {
    let mark = mark(of: group)
    let title = voice.say(LocalizedText(naming: group.key.kind))
    let place = group.inboxes > 0 ? voice.inboxes(group.inboxes) : voice.alerts(group.alerts)
    var filter = AlertFilter()
    filter.group = group.key
    return """
      <li class="\(mark.style)">\(mark.html)<a href="\(filter.address)">\(Markup.cut(title, to: 100)): <b>\(place)</b></a> \
      <small>\(facts(group))</small></li>

      """
  }

  private func mark(of group: RuleGroup) -> StateMark {
    if group.unattended == 0 {
      return StateMark("off", "✓", voice.say("kvitteret eller dæmpet", "acknowledged or silenced"))
    }
    let severity: Finding.Severity = group.critical > 0 ? .critical : .warning
    return StateMark(severity, voice)
  }

  private func facts(_ group: RuleGroup) -> Markup {
    var parts: [Markup] = []
    if let rule = group.rule { parts.append("\(Markup.cut(voice.say(rule), to: 120))") }
    parts.append("\(voice.say("ældste", "oldest")) \(voice.span(since: group.oldest))")
    if group.alerts != group.inboxes { parts.append("\(voice.alerts(group.alerts))") }
    if group.acknowledged > 0 {
      parts.append("\(voice.number(group.acknowledged)) \(voice.say("kvitteret", "acknowledged"))")
    }
    if group.silenced > 0 { parts.append("\(voice.number(group.silenced)) \(voice.say("dæmpet", "silenced"))") }
    return Markup.list(parts)
  }
}
