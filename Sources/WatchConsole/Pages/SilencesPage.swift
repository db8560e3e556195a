internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// The silences: those that hold, those to come, and those that are over, with their reasons; and a form for a new one.
struct SilencesPage {
  let silences: Paged<SilenceRow>
  let status: WatchStatus
  let context: PageContext

  private var voice: PageVoice { context.voice }

  func html() -> Markup {
    PageFrame(voice: voice, title: voice.say("Dæmpninger", "Silences")).page(
      in: .silences,
      """
      <p class="about">\(voice.say("Det, der er dæmpet, vises stadig. Er det der, når dæmpningen slutter, bliver det sendt.", "What is silenced is still shown. If it is there when the silence ends, it is sent."))</p>
      \(list)
      <section aria-labelledby="new"><h2 id="new">\(voice.say("Ny dæmpning", "New silence"))</h2>
      \(form)
      </section>
      """)
  }

  private var list: Markup {
    if silences.items.isEmpty {
      return "<p class=\"quiet\">\(voice.say("Intet er dæmpet.", "Nothing is silenced."))</p>"
    }
    let lines = Markup.fitting(silences.items, bytes: 120_000, limit: 200, item)
    let pager = Pager(silences, voice: voice) { PageAddress.with(PageAddress.silences, [("page", "\($0)")]) }
    return "<ol class=\"groups\">\(lines)</ol>\(pager.html(voice.say("Sider af dæmpninger", "Pages of silences")))"
  }

  private func item(_ row: SilenceRow) -> Markup {
    let silence = row.silence
    return """
      <li id="silence-\(silence.id)"><b>\(Markup.cut(scope(silence.matcher), to: 240))</b>: \(state(row)) \
      <small>\(Markup.cut(Masked.name(silence.by), to: 80)): \(Markup.cut(Masked.name(silence.why), to: 300))</small>\(end(row))</li>

      """
  }

  private func state(_ row: SilenceRow) -> Markup {
    switch row.state {
    case .holds:
      let alerts = voice.alerts(row.alerts)
      return """
        \(voice.say("til", "until")) \(voice.dayAndTime(row.silence.until)), \(voice.say("dæmper \(alerts) nu", "silences \(alerts) now"))
        """
    case .toCome:
      return """
        \(voice.say("fra", "from")) \(voice.dayAndTime(row.silence.from)) \(voice.say("til", "until")) \(voice.dayAndTime(row.silence.until))
        """
    case .over: return "\(voice.say("sluttede", "ended")) \(voice.dayAndTime(row.silence.until))"
    }
  }

  private func scope(_ matcher: Silence.Matcher) -> String {
    let parts: [String?] = [
      matcher.account.map { voice.say("indbakke \($0)", "inbox \($0)") }, matcher.infRef.map { Masked.name($0.name) },
      matcher.kind.map { voice.say(LocalizedText(naming: Finding.Kind(rawValue: $0))) },
      matcher.rule.map { voice.say($0) }, matcher.findingID.map { _ in voice.say("ét fund", "one finding") },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  private func end(_ row: SilenceRow) -> Markup? {
    if row.state == .over || context.refusal != nil { return nil }
    let acts = ActForms(context: context)
    let id = Markup.text("end-\(row.id)")
    let words = voice.say("Afslut dæmpningen", "End the silence")
    let form = acts.form(
      .endSilence, id: id,
      """
      <input type="hidden" name="silence" value="\(row.id)">\
      \(acts.person(id: id, needsReason: false))\(acts.button(words))
      """)
    return "<details><summary>\(words)<span class=\"unseen\"> \(row.id)</span></summary>\(form)</details>"
  }

  private var form: Markup {
    let acts = ActForms(context: context)
    if let refusal = acts.refusal { return refusal }
    let kinds = (Finding.Kind.all + Finding.Kind.ofJournal).map { kind in
      (value: kind.rawValue, name: voice.say(LocalizedText(naming: kind)))
    }
    return acts.form(
      .silence, id: "new-silence",
      """
      <input type="hidden" name="scope" value="fields">\
      \(choice("account", voice.say("Indbakke", "Inbox"), status.inboxes.map { (value: $0.account, name: $0.account) }))\
      \(choice("infref", "InfRef", status.infRefs.map { (value: $0.description, name: $0.description) }))\
      \(choice("kind", voice.say("Slags", "Kind"), kinds))\
      \(acts.person(id: "new-silence", needsReason: true))\(acts.end(id: "new-silence"))\
      \(acts.button(voice.say("Dæmp", "Silence")))
      """)
  }

  private func choice(_ name: Markup, _ label: String, _ choices: [ChoiceField.Choice]) -> Markup {
    ChoiceField(
      id: "new-\(name)", name: name, label: label, choices: choices, all: voice.say("alle", "all")
    ).html()
  }
}
