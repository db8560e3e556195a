internal import FilsluseBase

/// The last deliveries and arrivals.
struct ExchangeSection {
  let exchanges: [ExchangeStatus]
  let voice: PageVoice

  private static let shown = (count: 20, bytes: 12_000)

  func html() -> Markup {
    """
    <section aria-labelledby="exchanges"><h2 id="exchanges">\(voice.say("Seneste udvekslinger", "Last exchanges"))</h2>
    \(exchanges.isEmpty ? none : table)
    </section>
    """
  }

  private var none: Markup { "<p class=\"quiet\">\(voice.say("Endnu ingen.", "None yet."))</p>" }

  private var table: Markup {
    """
    <table class="exchanges" role="table"><caption class="unseen">\(voice.say("Seneste udvekslinger, den nyeste først", "Last exchanges, the latest first"))</caption>
    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">\(voice.say("Tid", "Time"))</th><th scope="col" role="columnheader">\(voice.say("Fil", "File"))</th>\
    <th scope="col" role="columnheader">\(voice.say("Udfald", "Outcome"))</th></tr></thead>
    <tbody role="rowgroup">\(Markup.fitting(exchanges, bytes: Self.shown.bytes, limit: Self.shown.count, line))</tbody></table>
    """
  }

  private func line(_ exchange: ExchangeStatus) -> Markup {
    let way =
      exchange.direction == .arrival
      ? voice.say("ind", "in") : voice.say("ud", "out")
    let arrow: Markup = exchange.direction == .arrival ? "↓" : "↑"
    let about = [exchange.account, exchange.infRef?.description, exchange.bytes.map(voice.size)].compactMap { $0 }
    let outcome = Markup.cut(voice.say(exchange.outcome), to: 120)
    return """
      <tr role="row"><td role="cell">\(voice.time(exchange.at))</td><th scope="row" role="rowheader"><span class="way"><span aria-hidden="true">\(arrow)</span><span class="unseen">\(way)</span></span> \
      <span class="name">\(Markup.cut(Masked.name(exchange.fileName), to: 160))</span><small>\(Markup.cut(about.joined(separator: " · "), to: 240))</small></th>\
      <td role="cell">\(exchange.isTrouble ? "<b class=\"critical\">✖ \(outcome)</b>" : "\(outcome)" as Markup)</td></tr>

      """
  }
}
