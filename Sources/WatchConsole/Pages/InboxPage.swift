internal import FilsluseBase
internal import PickupWatch

/// One inbox: the files that wait and those that are gone, how fast they were picked up, and its alerts.
struct InboxPage {
  /// Everything that the page shows.
  struct Content: Sendable {
    var detail: InboxDetail
    var waiting: Paged<FileRow>
    var gone: Paged<FileRow>
    var alerts: Paged<Alert>
    var trends: [PickUpSeries]
  }

  let content: Content
  /// The state of the watcher, by which a look is too long ago.
  let status: WatchStatus
  let context: PageContext

  private var voice: PageVoice { context.voice }
  private var row: InboxRow { content.detail.row }
  private var state: InboxRow.State { row.shownState(in: status) }

  /// The number of plots that are shown, and the days in them.
  private static let plots = 4
  static let days = 30
  /// The number of lines of each list.
  static let lines = 40

  func html() -> Markup {
    PageFrame(voice: voice, title: "\(voice.say("Indbakke", "Inbox")) \(Markup.cut(row.id, to: 100))").page(
      in: nil,
      """
      <p>\(StateMark(state, voice).inWords)\(failure)</p>
      \(facts)
      \(alerts)\(silence)
      <section aria-labelledby="waiting"><h2 id="waiting">\(voice.say("Filer, der venter", "Files that wait"))</h2>
      \(waiting)
      </section>
      \(trends)
      <section aria-labelledby="gone"><h2 id="gone">\(voice.say("Filer, der er hentet eller væk", "Files that were picked up or are gone"))</h2>
      \(gone)
      </section>
      """)
  }

  private var failure: Markup? {
    row.status.failure.map { failure in
      """
       \(voice.say("siden", "since")) \(voice.time(failure.since)): \(Markup.cut(voice.say(failure.text), to: 400))
      """
    }
  }

  private var facts: Markup? {
    let detail = content.detail
    var facts = FactList(voice: voice)
    facts.add(voice.say("Venter", "Waiting"), "\(voice.files(row.files)), \(voice.size(row.bytes))")
    facts.add(
      voice.say("Set senest", "Last looked into"), row.status.lastLook.map { "\(voice.time($0)), \(voice.ago($0))" })
    facts.add(voice.say("Overvåget siden", "Watched since"), detail.watchedSince.map(voice.dayAndTime))
    if let ahead = row.status.clockAheadSeconds, ahead.magnitude < 1_000_000_000 {
      let seconds = Int(ahead.rounded())
      let words =
        seconds < 0
        ? voice.say("\(voice.span(-seconds)) bagud", "\(voice.span(-seconds)) behind")
        : voice.say("\(voice.span(seconds)) foran", "\(voice.span(seconds)) ahead")
      facts.add(voice.say("Serverens ur", "Server's clock"), text: words)
    }
    let municipalities = detail.municipalities.prefix(10).map { Markup.text(Markup.cut($0.title, to: 60)) }
    if !municipalities.isEmpty {
      facts.add(voice.say("Kommuner", "Municipalities"), Markup.list(Array(municipalities)))
    }
    let gaps = detail.gaps.prefix(3).map { gap -> Markup in
      "\(voice.dayAndTime(gap.lowerBound)) – \(voice.time(gap.upperBound, sameDayAs: gap.lowerBound))"
    }
    if !gaps.isEmpty { facts.add(voice.say("Ikke overvåget", "Not watched"), Markup.list(Array(gaps))) }
    return facts.html()
  }

  private var alerts: Markup {
    let heading: Markup = "<h2 id=\"alerts\">\(voice.say("Åbne alarmer", "Open alerts"))</h2>"
    var filter = AlertFilter()
    filter.account = row.id
    if content.alerts.items.isEmpty {
      return """
        <section aria-labelledby="alerts">\(heading)<p class="quiet">\(voice.say("Ingen.", "None."))</p></section>

        """
    }
    let table = AlertTable(
      rows: content.alerts.items, voice: voice,
      caption: voice.say("De værste og ældste først", "The worst and oldest first"), room: 30_000)
    return """
      <section aria-labelledby="alerts">\(heading)\(table.html())
      <p class="more"><a href="\(filter.address)">\(voice.say("Kvittér eller filtrér alle", "Acknowledge or filter all"))\
       (\(voice.number(content.alerts.total)))</a></p></section>

      """
  }

  /// Silences the whole inbox, as before announced work on it.
  private var silence: Markup {
    let acts = ActForms(context: context)
    if let refusal = acts.refusal { return refusal }
    let words = voice.say("Dæmp hele indbakken", "Silence the whole inbox")
    let form = acts.form(
      .silence, id: "silence",
      """
      <input type="hidden" name="scope" value="fields"><input type="hidden" name="account" value="\(row.id)">\
      \(acts.person(id: "silence", needsReason: true))\(acts.end(id: "silence"))\(acts.button(words))
      """)
    return "<details><summary>\(words)</summary>\(form)</details>"
  }

  private var waiting: Markup {
    if content.waiting.total == 0 {
      let words =
        state == .blind || row.status.lastLook == nil
        ? voice.say("Ukendt: indbakken kan ikke ses nu.", "Unknown: the inbox cannot be seen now.")
        : voice.say("Ingen.", "None.")
      return "<p class=\"quiet\">\(words)</p>"
    }
    let caption =
      state == .blind
      ? voice.say("Som de lå, da indbakken sidst kunne ses", "As they were when the inbox could last be seen")
      : voice.say("De ældste først", "The oldest first")
    let table = FileTable(rows: content.waiting.items, voice: voice, caption: caption, room: 40_000)
    let pager = Pager(content.waiting, voice: voice) { number in
      PageAddress.with(PageAddress.inbox(row.id), [("waiting", "\(number)")]) + "#waiting"
    }
    return "\(table.html())\(pager.html(voice.say("Sider af ventende filer", "Pages of waiting files")))"
  }

  private var gone: Markup {
    if content.gone.total == 0 { return "<p class=\"quiet\">\(voice.say("Ingen.", "None."))</p>" }
    let table = FileTable(
      rows: content.gone.items, voice: voice, caption: voice.say("De seneste først", "The latest first"),
      room: 40_000)
    let pager = Pager(content.gone, voice: voice) { number in
      PageAddress.with(PageAddress.inbox(row.id), [("gone", "\(number)")]) + "#gone"
    }
    return "\(table.html())\(pager.html(voice.say("Sider af filer, der er væk", "Pages of files that are gone")))"
  }

  private var trends: Markup? {
    if content.trends.isEmpty { return nil }
    let days = voice.lastDays(Self.days)
    let plots = content.trends.prefix(Self.plots).enumerated().map { index, trend in
      PickUpPlot(
        trend, days: days, heading: "<h3>\(Markup.cut(PickUpPlot.name(of: trend, voice), to: 100))</h3>", voice: voice
      ).html(id: "\(index)")
    }
    let more = PageAddress.with(PageAddress.trends, [("account", row.id)])
    return """
      <section aria-labelledby="trends"><h2 id="trends">\(voice.say("Afhentningstider, 30 dage", "Pick-up times, 30 days"))</h2>
      \(PickUpPlot.key(voice))<div class="plots">\(plots)</div>
      <p class="more"><a href="\(more)">\(voice.say("Alle, også over 90 dage", "All of them, over 90 days too"))</a></p></section>

      """
  }
}
