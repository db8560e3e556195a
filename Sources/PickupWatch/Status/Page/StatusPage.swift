internal import FilsluseSystem

/// The status page: one HTML document without scripts, made from a snapshot. Pure.
///
/// It does not renew itself: a page that reloads takes a screen reader back to its beginning and loses what was typed or
/// opened (WCAG 2.2.1, failure F41). Whoever wants that, on a screen on the wall, follows a link to a page that does.
struct StatusPage {
  let status: WatchStatus
  let voice: PageVoice
  let forms: FormKeys
  var isWallDisplay = false

  /// The parts in the order in which they matter.
  func html() -> Markup {
    let verdict = Verdict(status)
    let title = verdict.headline(voice)
    return PageFrame(voice: voice, title: title).html(
      """
      \(banner(verdict, title))
      <main id="main">
      \(AlertSection(alerts: status.alerts, voice: voice, forms: forms).html())
      \(InboxSection(status: status, voice: voice).html())
      \(ExpectedSection(series: status.expected, voice: voice).html())
      \(PickUpSection(series: status.pickUps, voice: voice).html())
      \(ExchangeSection(exchanges: status.exchanges, voice: voice).html())
      </main>
      \(footer)
      """)
  }

  private func banner(_ verdict: Verdict, _ title: String) -> Markup {
    let symbol: Markup =
      switch verdict.gravity {
      case .critical: "✖"
      case .warning: "▲"
      case .calm: "✔"
      }
    return """
      <header class="verdict \(verdict.gravity.rawValue)">
      <p class="site">Filsluse · \(voice.say("Overvågning af afhentning", "Pickup watch"))</p>
      <h1><span aria-hidden="true">\(symbol)</span> \(title)</h1>
      <p>\(facts(verdict))</p>
      \(storeTrouble)\(gaps)
      </header>
      """
  }

  private func facts(_ verdict: Verdict) -> Markup {
    let waiting = status.inboxes.flatMap(\.waiting).reduce(0) { $0 + $1.files }
    let inboxes =
      status.inboxes.count == 1
      ? voice.say("1 indbakke", "1 inbox")
      : voice.say("\(status.inboxes.count) indbakker", "\(status.inboxes.count) inboxes")
    let blind: Markup? =
      verdict.blind == 0
      ? nil
      : " <strong>\(voice.say("\(verdict.blind) kan ikke ses nu.", "\(verdict.blind) cannot be seen now."))</strong>"
    return """
      \(voice.say("\(voice.files(waiting)) venter i \(inboxes).", "\(voice.files(waiting)) waiting in \(inboxes).")) \
      \(voice.say("Set", "As of")) \(voice.time(status.taken)).\(blind)
      """
  }

  private var storeTrouble: Markup? {
    status.storeTrouble.map { trouble in
      """
      <p class="notice"><strong>\(voice.say("Det, der er husket, kan ikke læses eller skrives:", "What is remembered cannot be read or written:"))</strong> \
      \(Markup.cut(trouble, to: 300))</p>
      """
    }
  }

  /// What nobody watched in the last week: nothing is claimed of it.
  private var gaps: Markup? {
    let recent = status.gaps.filter { ($0.until ?? status.taken) > status.taken.earlier(by: .seconds(7 * 86_400)) }
    if recent.isEmpty { return nil }
    let items = recent.prefix(3).map { gap -> Markup in
      let until: Markup = gap.until.map { "– \(voice.time($0))" } ?? "– \(voice.say("nu", "now"))"
      let account: Markup? = gap.account.map { " (\(Markup.cut($0, to: 80)))" }
      let reason: Markup? = gap.reason.map { ": \(Markup.cut(voice.say($0), to: 160))" }
      return "<li>\(voice.time(gap.from)) \(until)\(account)\(reason)</li>"
    }
    let more: Markup? =
      recent.count > 3 ? "<li>\(voice.say("og \(recent.count - 3) til", "and \(recent.count - 3) more"))</li>" : nil
    return """
      <div class="notice"><p><strong>\(voice.say("Ikke overvåget", "Not watched")).</strong> \
      \(voice.say("Om rettidighed i den tid siges intet:", "Nothing is claimed of punctuality in that time:"))</p>\
      <ul>\(Array(items))\(more)</ul></div>
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
      \(voice.say("Hver indbakke ses efter", "Each inbox is looked into every")) \
      \(voice.say("hvert \(voice.span(status.lookEverySeconds)).", "\(voice.span(status.lookEverySeconds)).")) \
      \(voice.say("Tider er i", "Times are those of")) \(status.timeZone). Filsluse \(status.version).</p>
      <nav aria-label="\(voice.say("Mere", "More"))">\(renewal) <a href="/api/status.json">JSON</a> <a href="/metrics">\(voice.say("Måletal", "Metrics"))</a></nav>
      </footer>
      """
  }
}
