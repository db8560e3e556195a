internal import FileExchange
internal import FilsluseBase
internal import PickupWatch

/// The content of the first screen and of the wall, read together.
struct Overview: Sendable {
  var status: WatchStatus
  var groups: [RuleGroup] = []
  var inboxes: [InboxRow] = []
  var matrix = Matrix(days: [], rows: [])
  /// The open problems of the journal; `nil` where this machine has none, or it cannot be read.
  var problems: OpenProblems?
  /// True if there is a journal that cannot be read.
  var isJournalUnreadable = false
  /// True while the watcher starts, or its database cannot be read: no groups and inboxes are no good news then.
  var isUnknown = false
}

/// The first screen: alerts by kind and rule, what waits for a person, every inbox, and the municipalities by day. On a
/// screen of 1920 × 1080 it needs no scrolling with 98 inboxes, whatever is wrong: lists are cut, many lines become
/// dense, and notices below them are scrolled to within their column.
///
/// It does not renew itself: a page that reloads takes a screen reader back to its beginning and loses input (WCAG
/// 2.2.1, failure F41). The wall does.
struct OverviewPage {
  let content: Overview
  let context: PageContext
  /// The column that the inboxes are sorted by; `nil` where the worst comes first.
  var order: InboxOrder?

  private var voice: PageVoice { context.voice }
  private var status: WatchStatus { content.status }

  func html() -> Markup {
    let summary = PageSummary(status)
    let title = summary.headline(voice)
    let frame = PageFrame(voice: voice, title: title, layout: "overview")
    let skips: Markup = """
       <a href="#inboxes">\(voice.say("Til indbakkerne", "Skip to the inboxes"))</a> \
      <a href="#matrix">\(voice.say("Til kommunerne", "Skip to the municipalities"))</a>
      """
    return frame.html(
      """
      \(frame.top(.overview, skips: skips))
      <main id="main">
      <div class="summary \(summary.severity.rawValue)"><h1><span aria-hidden="true">\(summary.symbol)</span> \(title)</h1>\
      <p>\(SummaryFacts(status: status, summary: summary, voice: voice).html())</p></div>
      <div class="board">
      <div class="first">
      <section aria-labelledby="wrong"><h2 id="wrong">\(voice.say("Hvad er galt", "What is wrong"))</h2>
      \(unknown ?? RuleGroupList(groups: content.groups, voice: voice).html())
      </section>
      <section aria-labelledby="waiting"><h2 id="waiting">\(voice.say("Venter på et menneske", "Waits for a person"))</h2>
      \(waiting)
      </section>
      \(WatchNotices(status: status, voice: voice).html())\(about)
      </div>
      <section aria-labelledby="inboxes"><h2><span id="inboxes">\(voice.say("Indbakker", "Inboxes"))</span>\(worstFirst)</h2>
      \(unknown ?? InboxTable(rows: content.inboxes, status: status, voice: voice, order: order).html())
      </section>
      <section aria-labelledby="matrix"><h2 id="matrix">\(voice.say("Kommuner dag for dag", "Municipalities by day"))</h2>
      \(unknown ?? MatrixTable(matrix: content.matrix.worstFirst, voice: voice).html())
      </section>
      </div>
      </main>
      """)
  }

  /// The notice shown while the state is unknown; `nil` once it is known.
  private var unknown: Markup? {
    guard content.isUnknown else { return nil }
    let words = voice.say(
      "Vides ikke nu: overvågningen starter, eller dens database kan ikke læses.",
      "Not known now: the watcher is starting, or its database cannot be read.")
    return "<p class=\"quiet\">\(words)</p>"
  }

  /// The way back from a column's order to the one in which the worst comes first.
  private var worstFirst: Markup? {
    guard order != nil else { return nil }
    return """
       <small><a href="\(PageAddress.overview)#inboxes">\(voice.say("Det værste først", "The worst first"))</a></small>
      """
  }

  private var waiting: Markup {
    // The journal is read by itself.
    if content.problems == nil, let unknown { return unknown }
    return WaitingList(problems: content.problems, isUnreadable: content.isJournalUnreadable, voice: voice).html()
  }

  private var about: Markup {
    """
    <p class="about">\(voice.say("Overvåger siden", "Watching since")) \(voice.time(status.started)), \
    \(voice.say("ser hver \(voice.span(status.lookEverySeconds))", "looks every \(voice.span(status.lookEverySeconds))")). \
    \(voice.say("Tider er i", "Times are those of")) \(status.timeZone). Filsluse \(status.version). \
    <a href="/api/status.json">JSON</a> <a href="/metrics">\(voice.say("Måletal", "Metrics"))</a></p>
    """
  }
}

/// The line under the summary: how much waits, as of when, and what cannot be seen.
struct SummaryFacts {
  let status: WatchStatus
  let summary: PageSummary
  let voice: PageVoice

  func html() -> Markup {
    let waiting = status.inboxes.flatMap(\.waiting).reduce(0) { $0 + $1.files }
    let inboxes = voice.inboxes(status.inboxes.count)
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
}
