internal import FilsluseBase

/// The expected files as a calendar strip: a row for each rule, a square for each day.
struct ExpectedSection {
  let series: [ExpectedSeries]
  let voice: PageVoice

  private static let days = 15
  /// The number of rows shown with missing files, and of those without, and their bytes.
  private static let troubled = (count: 20, bytes: 20_000)
  private static let punctual = (count: 5, bytes: 4_000)

  func html() -> Markup? {
    if series.isEmpty { return nil }
    let days = voice.lastDays(Self.days)
    let troubled = series.filter { isTroubled($0, days) }
    let punctual = series.filter { !isTroubled($0, days) }
    let shownTroubled = Markup.fitting(troubled, bytes: Self.troubled.bytes, limit: Self.troubled.count) {
      row($0, days)
    }
    let shownPunctual = Markup.fitting(punctual, bytes: Self.punctual.bytes, limit: Self.punctual.count) {
      row($0, days)
    }
    return """
      <section aria-labelledby="expected"><h2 id="expected">\(voice.say("Ventede filer", "Expected files"))</h2>
      <table class="strip"><caption>\(legend)</caption>
      <thead><tr>\(days.map(head))</tr></thead>
      \(shownTroubled)\(shownPunctual)</table>
      \(rest(troubled: troubled.count - shownTroubled.count, punctual: punctual.count - shownPunctual.count))
      </section>
      """
  }

  private func isTroubled(_ series: ExpectedSeries, _ days: [String]) -> Bool {
    let shown = Set(days)
    return series.days.contains { shown.contains($0.day) && [.late, .missing, .notWatched].contains($0.state) }
  }

  private func head(_ day: String) -> Markup {
    """
    <th scope="col"><span aria-hidden="true">\(voice.weekday(day))<br>\(Int(day.suffix(2)) ?? 0)</span>\
    <span class="unseen">\(voice.date(day))</span></th>
    """
  }

  private func row(_ series: ExpectedSeries, _ days: [String]) -> Markup {
    let byDay = Dictionary(series.days.map { ($0.day, $0) }, uniquingKeysWith: { $1 })
    return """
      <tbody><tr><th colspan="\(days.count)" scope="rowgroup">\(Markup.cut(series.title.map(voice.say) ?? series.infRef.description, to: 100)) \
      <small>\(Markup.cut(series.account, to: 80)), \(Markup.cut(voice.say(series.rule), to: 100))</small>\(last(series, days))</th></tr>\
      <tr>\(days.map { cell(byDay[$0]) })</tr></tbody>

      """
  }

  private func cell(_ day: ExpectedDay?) -> Markup {
    guard let day else { return "<td></td>" }
    let look = Self.look(of: day.state, voice)
    return
      "<td class=\"\(look.style)\"><span aria-hidden=\"true\">\(look.symbol)</span><span class=\"unseen\">\(look.words)</span></td>"
  }

  /// The last day that went wrong, in words: a square has no room for them.
  private func last(_ series: ExpectedSeries, _ days: [String]) -> Markup? {
    guard let day = series.days.last(where: { [.late, .missing].contains($0.state) && days.contains($0.day) }) else {
      return nil
    }
    let look = Self.look(of: day.state, voice)
    var words: Markup = "\(voice.date(day.day)): \(look.words)"
    if let files = day.files, let expected = day.expectedFiles {
      words += "; \(voice.say("\(files) af \(expected) filer kom", "\(files) of \(expected) files came"))"
    }
    if let by = day.by { words += "; \(voice.say("ventet inden", "expected by")) \(voice.dayAndTime(by))" }
    if let came = day.came { words += ", \(voice.say("kom", "came")) \(voice.dayAndTime(came))" }
    return "<b class=\"\(look.style)\">\(look.symbol) \(words)</b>"
  }

  private var legend: Markup {
    let all = ExpectedDay.State.allCases.map { state -> Markup in
      let look = Self.look(of: state, voice)
      return "<span><i class=\"\(look.style)\">\(look.symbol)</i> \(look.words)</span> "
    }
    return Markup.joined(all)
  }

  private func rest(troubled: Int, punctual: Int) -> Markup? {
    var parts: [Markup] = []
    if troubled > 0 {
      parts.append(
        "\(voice.say("\(troubled) til, hvor noget manglede, vises ikke her.", "\(troubled) more in which something was missing are not shown here."))"
      )
    }
    if punctual > 0 {
      parts.append(
        "\(voice.say("\(punctual) til, hvor alt kom i tide, vises ikke.", "\(punctual) more in which all came in time are not shown."))"
      )
    }
    return parts.isEmpty ? nil : "<p class=\"more\">\(Markup.joined(parts.map { "\($0) " }))</p>"
  }

  private static func look(of state: ExpectedDay.State, _ voice: PageVoice) -> (
    style: Markup, symbol: Markup, words: String
  ) {
    switch state {
    case .came: ("calm", "✓", voice.say("kom i tide", "came in time"))
    case .late: ("warning", "◷", voice.say("kom for sent", "came late"))
    case .missing: ("critical", "✖", voice.say("mangler", "missing"))
    case .notYet: ("open", "…", voice.say("ventes endnu", "not due yet"))
    case .dayOff: ("off", "–", voice.say("ventes ikke", "not expected"))
    case .notWatched: ("unknown", "?", voice.say("ikke overvåget", "not watched"))
    }
  }
}
