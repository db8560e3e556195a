internal import PickupWatch
internal import TriggerFiles

/// One plot: the median of each day, a stem up to the slowest, and the limit as a line.
struct PickUpPlot {
  /// The days that are drawn, the oldest first.
  let days: [String]
  /// The figures of those days that have some.
  let byDay: [PickUpDay]
  let heading: Markup
  let voice: PageVoice

  /// The plot of a trend over days.
  init(_ trend: PickUpSeries, days: [String], heading: Markup, voice: PageVoice) {
    let known = Set(days)
    self.days = days
    byDay = trend.days.filter { known.contains($0.day) }
    self.heading = heading
    self.voice = voice
  }

  // The plot in its own units; it is as wide as a phone, so that its letters stay readable there.
  private static let (width, height, left, right, top, bottom) = (360, 150, 44, 6, 10, 20)

  /// The greatest part of its limit that a file used; 0 without a limit.
  var worstShare: Double {
    byDay.compactMap { day in day.limitSeconds.map { Double(day.slowestSeconds) / Double(max($0, 1)) } }.max() ?? 0
  }

  private var limit: Int? { byDay.last { $0.limitSeconds != nil }?.limitSeconds }
  private var slowest: Int { byDay.map(\.slowestSeconds).max() ?? 0 }

  /// The greatest time that is drawn: what is far past the limit is cut off, and marked, so that the rest stays
  /// visible.
  private var ceiling: Int {
    guard let limit, limit > 0 else { return max(slowest, 60) }
    return max(min(slowest, limit * 3), limit + limit / 5)
  }

  /// The name of what a trend is about: an InfRef, or the title of files without one.
  static func name(of trend: PickUpSeries, _ voice: PageVoice) -> String {
    trend.title.map(voice.say) ?? trend.infRef?.description ?? voice.say("alle InfRef", "every InfRef")
  }

  /// The meaning of the marks.
  static func key(_ voice: PageVoice) -> Markup {
    """
    <p class="key"><span><i class="dot"></i> \(voice.say("median", "median"))</span> <span><i class="line"></i> \
    \(voice.say("til den langsomste", "to the slowest"))</span> <span><i class="dash"></i> \(voice.say("grænse", "limit"))</span> \
    <span><i class="gap"></i> \(voice.say("ikke overvåget hele dagen", "not watched all day"))</span></p>
    """
  }

  /// - Parameter id: distinguishes its title from those of the other plots on the page.
  func html(id: String) -> Markup {
    """
    <figure><figcaption>\(heading)<p>\(summary)</p></figcaption>
    <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-labelledby="plot-\(id)"><title id="plot-\(id)">\(summary)</title>
    \(marks)\(scale)</svg>
    \(table)</figure>

    """
  }

  private var summary: String {
    guard let last = byDay.last else { return voice.say("Intet hentet.", "Nothing picked up.") }
    let over = byDay.count { day in day.limitSeconds.map { day.slowestSeconds > $0 } ?? false }
    let worst = voice.say(
      "Median \(voice.date(last.day)): \(voice.span(last.medianSeconds)); langsomste på \(days.count) dage: \(voice.span(slowest)).",
      "Median on \(voice.date(last.day)): \(voice.span(last.medianSeconds)); slowest in \(days.count) days: \(voice.span(slowest))."
    )
    guard let limit else { return worst }
    let kept =
      over == 0
      ? voice.say("Altid inden for \(voice.span(limit)).", "Always within \(voice.span(limit)).")
      : over == 1
        ? voice.say("Over grænsen på \(voice.span(limit)) 1 dag.", "Over the limit of \(voice.span(limit)) on 1 day.")
        : voice.say(
          "Over grænsen på \(voice.span(limit)) \(over) dage.",
          "Over the limit of \(voice.span(limit)) on \(over) days.")
    return "\(worst) \(kept)"
  }

  private func x(_ index: Int) -> Int {
    let room = Self.width - Self.left - Self.right
    return Self.left + (2 * index + 1) * room / (2 * max(1, days.count))
  }

  private func y(_ seconds: Int) -> Int {
    let room = Self.height - Self.top - Self.bottom
    return Self.height - Self.bottom - min(max(seconds, 0), ceiling) * room / max(ceiling, 1)
  }

  private var scale: Markup {
    let base = Self.height - Self.bottom
    let end = Self.width - Self.right
    var marks: Markup = "<path class=\"axis\" d=\"M\(Self.left) \(base)H\(end)\"/>"
    if let limit {
      marks += """
        <path class="limit" d="M\(Self.left) \(y(limit))H\(end)"/>\
        <text x="\(Self.left - 5)" y="\(y(limit) + 4)" text-anchor="end">\(voice.span(limit))</text>
        """
    } else {
      marks += "<text x=\"\(Self.left - 5)\" y=\"\(Self.top + 8)\" text-anchor=\"end\">\(voice.span(ceiling))</text>"
    }
    marks += "<text x=\"\(Self.left - 5)\" y=\"\(base)\" text-anchor=\"end\">0</text>"
    for index in stride(from: days.count - 1, through: 0, by: days.count > 40 ? -14 : -7) {
      let anchor: Markup = index == days.count - 1 ? "end" : "middle"
      marks +=
        "<text x=\"\(anchor == "end" ? end : x(index))\" y=\"\(Self.height - 5)\" text-anchor=\"\(anchor)\">\(voice.date(days[index]))</text>"
    }
    return marks
  }

  /// All days at once: a path for each sort of mark, so that thirty days take little room.
  private var marks: Markup {
    var (bands, stems, over, beyond, dots): (Markup, Markup, Markup, Markup, Markup) = ("", "", "", "", "")
    let room = max(1, (Self.width - Self.left - Self.right) / max(1, days.count))
    for (index, name) in days.enumerated() {
      guard let day = byDay.last(where: { $0.day == name }) else { continue }
      let at = x(index)
      if !day.watchedAllDay { bands += "M\(at - room / 2) \(Self.top)h\(room)V\(Self.height - Self.bottom)h-\(room)z" }
      if day.count == 0 { continue }
      let stem: Markup = "M\(at) \(y(day.medianSeconds))V\(y(day.slowestSeconds))"
      if day.limitSeconds.map({ day.slowestSeconds > $0 }) == true { over += stem } else { stems += stem }
      if day.slowestSeconds > ceiling { beyond += "M\(at - 4) \(Self.top + 1)l4-7 4 7z" }
      dots += "M\(at) \(y(day.medianSeconds))h0"
    }
    return """
      <path class="band" d="\(bands)"/><path class="stem" d="\(stems)"/><path class="stem over" d="\(over)"/>\
      <path class="beyond" d="\(beyond)"/><path class="dots" d="\(dots)"/>
      """
  }

  private var table: Markup {
    let rows = byDay.reversed().map { day -> Markup in
      let over = day.limitSeconds.map { day.slowestSeconds > $0 } == true
      let slowest: Markup =
        over ? "<b class=\"critical\">✖ \(voice.span(day.slowestSeconds))</b>" : "\(voice.span(day.slowestSeconds))"
      return """
        <tr><th scope="row">\(voice.date(day.day))\(day.watchedAllDay ? "" : " ?")</th><td>\(voice.number(day.count))</td>\
        <td>\(voice.span(day.medianSeconds))</td><td>\(slowest)</td></tr>
        """
    }
    return """
      <details><summary>\(voice.say("Tallene", "The figures"))</summary><table><caption class="unseen">\(voice.say("Afhentningstider dag for dag", "Pick-up times day by day"))</caption>\
      <thead><tr><th scope="col">\(voice.say("Dag", "Day"))</th><th scope="col">\(voice.say("Filer", "Files"))</th><th scope="col">Median</th>\
      <th scope="col">\(voice.say("Langsomste", "Slowest"))</th></tr></thead><tbody>\(rows)</tbody></table></details>
      """
  }
}
