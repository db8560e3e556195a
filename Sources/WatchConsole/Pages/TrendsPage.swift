internal import FilsluseBase
internal import PickupWatch

/// Trends over 30 or 90 days: how fast files were picked up against their limit, and how punctual each municipality
/// was.
struct TrendsPage {
  /// Everything that the page shows.
  struct Content: Sendable {
    var days: Int
    var account: String?
    var trends: [PickUpSeries]
    var punctuality: [Punctuality]
    /// The number of the page of plots.
    var number = 1
  }

  let content: Content
  let context: PageContext

  private var voice: PageVoice { context.voice }

  /// The numbers of days that can be chosen.
  static let days = [30, 90]
  /// The number of plots on a page.
  private static let plots = 6
  private static let lines = (count: 120, bytes: 50_000)

  /// The number of pages of plots.
  static func pages(of trends: [PickUpSeries]) -> Int { max(1, (trends.count + plots - 1) / plots) }

  func html() -> Markup {
    let title = voice.say("Udvikling over \(content.days) dage", "Trends over \(content.days) days")
    let about: Markup? = content.account.map { account in
      let link = PageAddress.with(PageAddress.trends, [("days", "\(content.days)")])
      return """
        <p>\(PageLink.inbox(account, to: 80)) · \
        <a href="\(link)">\(voice.say("Vis alle indbakker", "Show all inboxes"))</a></p>
        """
    }
    return PageFrame(voice: voice, title: title).page(
      in: .trends,
      """
      <p>\(spans)</p>\(about)
      <section aria-labelledby="pickups"><h2 id="pickups">\(voice.say("Afhentningstider", "Pick-up times"))</h2>
      \(plots)
      </section>
      <section aria-labelledby="punctuality"><h2 id="punctuality">\(voice.say("Rettidighed", "Punctuality"))</h2>
      \(punctuality)
      </section>
      """)
  }

  private func address(days: Int, page: Int? = nil) -> String {
    Self.address(days: days, account: content.account, page: page)
  }

  /// The address of a page of the trends, of all inboxes or of one.
  static func address(days: Int, account: String?, page: Int? = nil) -> String {
    PageAddress.with(
      PageAddress.trends, [("days", "\(days)"), ("account", account), ("page", page.map { "\($0)" })])
  }

  private var spans: Markup {
    let links = Self.days.map { days -> Markup in
      let words = voice.say("\(days) dage", "\(days) days")
      if days == content.days { return "<b aria-current=\"true\">\(words)</b>" }
      return "<a href=\"\(address(days: days))\">\(words)</a>"
    }
    return Markup.list(links)
  }

  private var plots: Markup {
    if content.trends.isEmpty {
      return "<p class=\"quiet\">\(voice.say("Intet er hentet i den tid.", "Nothing was picked up in that time."))</p>"
    }
    let days = voice.lastDays(content.days)
    // The worst come first; equal ones stay in their order.
    let all = content.trends.map { trend in
      let account = trend.account ?? ""
      let heading: Markup = """
        <h3>\(PageLink.inbox(account, to: 80)) \
        <small>\(Markup.cut(PickUpPlot.name(of: trend, voice), to: 100))</small></h3>
        """
      return PickUpPlot(trend, days: days, heading: heading, voice: voice)
    }
    let sorted = all.enumerated().sorted { one, other in
      (-one.element.worstShare, one.offset) < (-other.element.worstShare, other.offset)
    }.map(\.element)
    let shown = sorted.dropFirst((content.number - 1) * Self.plots).prefix(Self.plots)
    let figures = shown.enumerated().map { $0.element.html(id: "\($0.offset)") }
    let pager = Pager(
      voice: voice, number: content.number, pages: Self.pages(of: content.trends), total: sorted.count,
      address: { address(days: content.days, page: $0) })
    return """
      \(PickUpPlot.key(voice))<div class="plots">\(figures)</div>
      \(pager.html(voice.say("Sider af kurver", "Pages of plots")))
      """
  }

  private var punctuality: Markup {
    if content.punctuality.isEmpty {
      return "<p class=\"quiet\">\(voice.say("Ingen regel venter filer.", "No rule expects files."))</p>"
    }
    let lines = Markup.fitting(content.punctuality, bytes: Self.lines.bytes, limit: Self.lines.count, line)
    return ListTable(
      voice: voice, caption: voice.say("Den mindst rettidige først", "The least punctual first"),
      columns: [voice.say("Kommune", "Municipality"), voice.say("Dage", "Days")], lines: lines,
      left: content.punctuality.count - lines.count
    ).html()
  }

  private func line(_ punctuality: Punctuality) -> Markup {
    let title = punctuality.municipality?.title ?? punctuality.account ?? "–"
    return ListTable.line(
      PageLink.municipality(punctuality.id, title: title, to: 80),
      [PunctualityText(punctuality, voice: voice).html()])
  }
}
