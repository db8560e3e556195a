internal import FilsluseBase
internal import FilsluseHTTP

/// The status page: one HTML document without scripts, made from a snapshot. Pure.
///
/// It does not renew itself: a page that reloads takes a screen reader back to its beginning and loses input (WCAG
/// 2.2.1, failure F41). For a screen on the wall there is a link to a page that does.
struct StatusPage {
  let status: WatchStatus
  let voice: PageVoice
  let forms: FormKeys
  var isWallDisplay = false

  /// The parts in the order in which they matter.
  func html() -> Markup {
    let summary = PageSummary(status)
    let title = summary.headline(voice)
    return PageFrame(voice: voice, title: title).html(
      """
      \(banner(summary, title))
      <main id="main">
      \(AlertSection(alerts: status.alerts, voice: voice, forms: forms).html())
      \(GapNotice(gaps: status.gaps, voice: voice).html())
      \(InboxSection(status: status, voice: voice).html())
      \(ExpectedSection(series: status.expected, voice: voice).html())
      \(PickUpSection(series: status.pickUps, voice: voice).html())
      \(ExchangeSection(exchanges: status.exchanges, voice: voice).html())
      </main>
      \(footer)
      """)
  }

  private func banner(_ summary: PageSummary, _ title: String) -> Markup {
    let symbol: Markup =
      switch summary.severity {
      case .critical: "✖"
      case .warning: "▲"
      case .calm: "✔"
      }
    return """
      <header class="verdict \(summary.severity.rawValue)">
      <p class="site">Filsluse · \(voice.say("Overvågning af afhentning", "Pickup watch"))</p>
      <h1><span aria-hidden="true">\(symbol)</span> \(title)</h1>
      <p>\(facts(summary))</p>
      \(storeTrouble)\(sinkTroubles)
      </header>
      """
  }

  private func facts(_ summary: PageSummary) -> Markup {
    let waiting = status.inboxes.flatMap(\.waiting).reduce(0) { $0 + $1.files }
    let inboxes =
      status.inboxes.count == 1
      ? voice.say("1 indbakke", "1 inbox")
      : voice.say("\(status.inboxes.count) indbakker", "\(status.inboxes.count) inboxes")
    let seen =
      summary.unseenInboxes == 1
      ? voice.say("1 indbakke kan ikke ses nu.", "1 inbox cannot be seen now.")
      : voice.say(
        "\(summary.unseenInboxes) indbakker kan ikke ses nu.", "\(summary.unseenInboxes) inboxes cannot be seen now.")
    let blind: Markup? = summary.unseenInboxes == 0 ? nil : " <strong>\(seen)</strong>"
    return """
      \(voice.say("\(voice.files(waiting)) venter i \(inboxes).", "\(voice.files(waiting)) waiting in \(inboxes).")) \
      \(voice.say("Set", "As of")) \(voice.time(status.taken)).\(blind)
      """
  }

  private var storeTrouble: Markup? {
    status.storeTrouble.map { trouble in
      """
      <p class="notice"><strong>\(voice.say("Overvågningens database kan ikke læses eller skrives:", "The watcher's database cannot be read or written:"))</strong> \
      \(Markup.cut(voice.say("Loggen siger hvorfor.", trouble), to: 300))</p>
      """
    }
  }

  private var sinkTroubles: Markup? {
    if status.sinkTroubles.isEmpty { return nil }
    let items = status.sinkTroubles.prefix(5).map { trouble -> Markup in
      "<li>\(Markup.cut(trouble.sink, to: 120)) (\(voice.number(trouble.waiting)))</li>"
    }
    let left = status.sinkTroubles.count - items.count
    let more: Markup? = left > 0 ? "<li>\(voice.say("og \(left) til", "and \(left) more"))</li>" : nil
    return """
      <div class="notice"><p><strong>\(voice.say("Disse modtagere tager ikke imod alarmer; loggen siger hvorfor:", "These sinks do not take alerts; the log says why:"))</strong></p>\
      <ul>\(items)\(more)</ul></div>
      """
  }

  private var footer: Markup {
    let renewal: Markup =
      isWallDisplay
      ? "<a href=\"/\">\(voice.say("Stands fornyelsen", "Stop renewing"))</a>"
      : "<a href=\"/\">\(voice.say("Hent igen", "Load again"))</a> <a href=\"/wall\">\(voice.say("Forny hvert minut", "Renew every minute"))</a>"
    return """
      <footer>
      <p>\(voice.say("Overvåger siden", "Watching since")) \(voice.time(status.started)). \
      \(voice.say("Der ses i hver indbakke med \(voice.span(status.lookEverySeconds)) imellem.", "Each inbox is looked into every \(voice.span(status.lookEverySeconds)).")) \
      \(voice.say("Tider er i", "Times are those of")) \(status.timeZone). Filsluse \(status.version).</p>
      <nav aria-label="\(voice.say("Mere", "More"))">\(renewal) <a href="/api/status.json">JSON</a> <a href="/metrics">\(voice.say("Måletal", "Metrics"))</a></nav>
      </footer>
      """
  }
}

/// The monitoring gaps of the last week: the page makes no claim about them.
struct GapNotice {
  let gaps: [WatchGap]
  let voice: PageVoice

  private static let shown = 3

  func html() -> Markup? {
    let week = voice.now.earlier(by: .seconds(7 * 86_400))
    let recent = gaps.filter { ($0.until ?? voice.now) > week }
    if recent.isEmpty { return nil }
    let left = recent.count - Self.shown
    let more: Markup? = left > 0 ? "<li>\(voice.say("og \(left) til", "and \(left) more"))</li>" : nil
    return """
      <div class="notice"><p><strong>\(voice.say("Ikke overvåget", "Not watched")).</strong> \
      \(voice.say("Om rettidighed i den tid siges intet:", "Nothing is claimed of punctuality in that time:"))</p>\
      <ul>\(recent.prefix(Self.shown).map(item))\(more)</ul></div>
      """
  }

  private func item(_ gap: WatchGap) -> Markup {
    let until: Markup = gap.until.map { voice.time($0, sameDayAs: gap.from) } ?? "\(voice.say("nu", "now"))"
    let account: Markup? = gap.account.map { " (\(Markup.cut($0, to: 80)))" }
    let reason: Markup? = gap.reason.map { ": \(Markup.cut(voice.say($0), to: 160))" }
    return "<li>\(voice.time(gap.from)) – \(until)\(account)\(reason)</li>"
  }
}
