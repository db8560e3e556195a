/// The pick-up times of the last 30 days, as small plots with a table for each.
struct PickUpSection {
  let series: [PickUpSeries]
  let voice: PageVoice

  private static let shown = (count: 6, bytes: 36_000)
  private static let days = 30

  func html() -> Markup? {
    if series.isEmpty { return nil }
    let days = voice.lastDays(Self.days)
    let known = Set(days)
    let plots = series.map { series in
      PickUpPlot(series: series, days: days, byDay: series.days.filter { known.contains($0.day) }, voice: voice)
    }
    // The worst come first; equal ones stay in the order of the settings.
    let sorted = plots.enumerated().sorted { one, other in
      (-one.element.worstShare, one.offset) < (-other.element.worstShare, other.offset)
    }.map(\.element)
    let shown = Markup.fitting(sorted.enumerated(), bytes: Self.shown.bytes, limit: Self.shown.count) {
      $0.element.html(number: $0.offset)
    }
    let left = sorted.count - shown.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her; de er i", "\(left) more are not shown here; they are in")) <a href=\"/api/status.json\">JSON</a>.</p>"
      : nil
    return """
      <section aria-labelledby="pickups"><h2 id="pickups">\(voice.say("Afhentningstider, 30 dage", "Pick-up times, 30 days"))</h2>
      <p class="key"><span><i class="dot"></i> \(voice.say("median", "median"))</span> <span><i class="stem"></i> \
      \(voice.say("til den langsomste", "to the slowest"))</span> <span><i class="dash"></i> \(voice.say("grænse", "limit"))</span> \
      <span><i class="band"></i> \(voice.say("ikke overvåget hele dagen", "not watched all day"))</span></p>
      <div class="plots">\(shown)</div>\(more)
      </section>
      """
  }
}
