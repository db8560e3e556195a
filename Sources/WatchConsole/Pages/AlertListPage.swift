internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// The alerts that pass a filter, which stands in the address; those that are ticked are acknowledged together.
struct AlertListPage {
  let alerts: Paged<Alert>
  let filter: AlertFilter
  /// The group that the filter names, where it has open alerts.
  let group: RuleGroup?
  /// The names to choose from.
  let status: WatchStatus
  let context: PageContext

  private var voice: PageVoice { context.voice }

  func html() -> Markup {
    PageFrame(voice: voice, title: title).page(
      in: .alerts,
      """
      \(about)\(AlertFilterForm(filter: filter, status: status, voice: voice).html())
      \(alerts.items.isEmpty ? none : list)
      """)
  }

  private var title: String {
    guard let key = filter.group else { return voice.say("Alarmer", "Alerts") }
    let name = voice.say(LocalizedText(naming: key.kind))
    return group.map { "\(name): \(voice.inboxes($0.inboxes))" } ?? name
  }

  /// The rule of the group, and the way back to all groups.
  private var about: Markup? {
    guard filter.group != nil else { return nil }
    var parts: [Markup] = []
    if let rule = group?.rule { parts.append("\(voice.say("Regel", "Rule")): \(Markup.cut(voice.say(rule), to: 200))") }
    var wider = filter
    wider.group = nil
    parts.append("<a href=\"\(wider.address)\">\(voice.say("Vis alle grupper", "Show all groups"))</a>")
    return "<p class=\"about\">\(Markup.list(parts))</p>"
  }

  private var none: Markup {
    "<p class=\"quiet\">\(voice.say("Ingen alarm passer til filteret.", "No alert passes the filter."))</p>"
  }

  private var list: Markup {
    let table = AlertTable(
      rows: alerts.items, voice: voice, ticks: context.refusal == nil, isTicked: filter.group != nil,
      caption: filter.state == .resolved
        ? voice.say("Alarmer, de seneste først", "Alerts, the latest first")
        : voice.say("Alarmer, de værste og ældste først", "Alerts, the worst and oldest first"))
    let pager = Pager(alerts, voice: voice) { filter.address(page: $0) }
    return "\(forms)\(table.html())\(pager.html(voice.say("Sider af listen", "Pages of the list")))"
  }

  private var forms: Markup {
    let acts = ActForms(context: context)
    if let refusal = acts.refusal { return refusal }
    let hasFiring = alerts.items.contains { $0.state == .firing }
    let hasAcknowledged = alerts.items.contains { $0.state == .acknowledged }
    let acknowledge: Markup? =
      hasFiring
      ? acts.form(
        .acknowledge, id: "acknowledge",
        """
        \(others)\(acts.person(id: "acknowledge", needsReason: false))\
        \(acts.button(voice.say("Kvittér de afkrydsede", "Acknowledge the ticked ones")))
        """) : nil
    let undo: Markup? =
      hasAcknowledged
      ? acts.form(
        .undo, id: "undo",
        """
        \(acts.person(id: "undo", needsReason: false))\
        \(acts.button(voice.say("Fortryd kvittering af de afkrydsede", "Undo the acknowledgement of the ticked ones")))
        """) : nil
    return "\(acknowledge)\(undo)\(silence)"
  }

  /// The rest of a group that is longer than the page. A narrower filter than the group has none: the act would change
  /// alerts that the list does not show.
  private var others: Markup? {
    guard let key = filter.group, filter == AlertFilter(account: filter.account, group: key), alerts.pages > 1 else {
      return nil
    }
    let words = voice.say(
      "Hele gruppen, også de \(voice.number(alerts.total - alerts.items.count)), der ikke står på denne side",
      "The whole group, also the \(voice.number(alerts.total - alerts.items.count)) that are not on this page")
    return """
      <fieldset><label><input type="checkbox" name="group" value="\(key.id)"> \(words)</label>\
      <input type="hidden" name="account" value="\(filter.account ?? "")"></fieldset>
      """
  }

  private var silence: Markup? {
    guard let key = filter.group else { return nil }
    let acts = ActForms(context: context)
    let account: Markup? = filter.account.map { "<input type=\"hidden\" name=\"account\" value=\"\($0)\">" }
    let legend = voice.say("Dæmp hele gruppen", "Silence the whole group")
    return acts.form(
      .silence, id: "silence",
      """
      <input type="hidden" name="scope" value="group"><input type="hidden" name="group" value="\(key.id)">\(account)\
      \(acts.person(id: "silence", needsReason: true))\(acts.end(id: "silence"))\(acts.button(legend))
      """)
  }
}

/// The filter of the list of alerts, sent as fields of the address.
struct AlertFilterForm {
  let filter: AlertFilter
  let status: WatchStatus
  let voice: PageVoice

  func html() -> Markup {
    """
    <form class="filter" method="get" action="\(PageAddress.alerts)" aria-label="\(voice.say("Filter", "Filter"))">\
    \(field("account", voice.say("Indbakke", "Inbox"), filter.account, accounts))\
    \(field("infref", "InfRef", filter.infRef?.description, infRefs))\
    \(field("severity", voice.say("Alvor", "Severity"), filter.severity?.rawValue, severities))\
    \(field("state", voice.say("Tilstand", "State"), filter.state == .open ? nil : filter.state.rawValue, states, all: voice.say("alle åbne", "all open")))\
    \(kept("group", filter.group?.id))\(kept("municipality", municipality))\
    <p class="field"><button>\(voice.say("Vis", "Show"))</button></p></form>

    """
  }

  private var municipality: String? {
    filter.municipality.isEmpty ? nil : filter.municipality.joined(separator: ",")
  }

  private var accounts: [ChoiceField.Choice] { status.inboxes.map { ($0.account, $0.account) } }
  private var infRefs: [ChoiceField.Choice] { status.infRefs.map { ($0.description, $0.description) } }

  private var severities: [ChoiceField.Choice] {
    Finding.Severity.allCases.reversed().map { ($0.rawValue, StateMark($0, voice).words) }
  }

  private var states: [ChoiceField.Choice] {
    AlertFilter.State.allCases.compactMap { state in name(of: state).map { (value: state.rawValue, name: $0) } }
  }

  /// The name of a state; `nil` for the one that is meant when none is chosen.
  private func name(of state: AlertFilter.State) -> String? {
    switch state {
    case .open: nil
    case .unattended: voice.say("venter på et menneske", "waits for a person")
    case .firing: voice.say("ikke kvitteret", "not acknowledged")
    case .acknowledged: voice.say("kvitteret", "acknowledged")
    case .silenced: voice.say("dæmpet", "silenced")
    case .resolved: voice.say("overstået", "over")
    }
  }

  private func field(
    _ name: Markup, _ label: String, _ chosen: String?, _ choices: [ChoiceField.Choice], all: String? = nil
  ) -> Markup {
    ChoiceField(
      id: "filter-\(name)", name: name, label: label, choices: choices, chosen: chosen,
      all: all ?? voice.say("alle", "all")
    ).html()
  }

  /// A part of the filter that has no list to choose from.
  private func kept(_ name: Markup, _ value: String?) -> Markup? {
    value.map { "<input type=\"hidden\" name=\"\(name)\" value=\"\($0)\">" }
  }
}
