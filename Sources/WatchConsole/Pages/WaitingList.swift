internal import FileExchange
internal import FilsluseBase
internal import PickupWatch

/// The open problems of the journal, which wait for a person, by kind.
struct WaitingList {
  /// `nil` where there is no journal, or it cannot be read.
  let problems: OpenProblems?
  /// True if there is a journal that cannot be read.
  let isUnreadable: Bool
  let voice: PageVoice

  /// The number of kinds that are shown.
  private static let most = 10
  /// With more kinds than this each has one line, which is cut: its links stand before the words.
  private static let mostOfTwoLines = 4

  func html() -> Markup {
    guard let problems else {
      if isUnreadable {
        let words = voice.say(
          "Journalen kan ikke læses nu, så det vides ikke, hvad der venter. Loggen siger hvorfor.",
          "The journal cannot be read now, so what waits is not known. The log says why.")
        return "<p class=\"notice\">\(words)</p>"
      }
      let words = voice.say("Her er ingen journal at se i.", "There is no journal to look into here.")
      return "<p class=\"quiet\">\(words)</p>"
    }
    if problems.problems.isEmpty {
      return "<p class=\"quiet\">\(voice.say("Intet venter på et menneske.", "Nothing waits for a person."))</p>"
    }
    // Critical ones first, and else in the order of their first problem.
    var kinds: [OpenProblem.Kind] = []
    for problem in problems.problems where !kinds.contains(problem.kind) { kinds.append(problem.kind) }
    kinds = kinds.filter(\.isCritical) + kinds.filter { !$0.isCritical }
    let isDense = kinds.count > Self.mostOfTwoLines
    let shown = Markup.fitting(kinds, bytes: 12_000, limit: Self.most) { kind in
      let known = problems.problems.filter { $0.kind == kind }
      return item(kind, known, count: problems.counts[kind] ?? known.count, isDense: isDense)
    }
    let left = kinds.count - shown.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("Kommandoen status viser alle \(kinds.count) slags.", "The status command shows all \(kinds.count) kinds."))</p>"
      : nil
    let layout: Markup = isDense ? " dense" : ""
    return "<ol class=\"groups\(layout)\">\(shown)</ol>\(more)"
  }

  private func item(_ kind: OpenProblem.Kind, _ problems: [OpenProblem], count: Int, isDense: Bool) -> Markup {
    let severity: Finding.Severity = kind.isCritical ? .critical : .warning
    let mark = StateMark(severity, voice)
    let words = voice.say(kind.danishExplanation, kind.explanation)
    let oldest = problems.map(\.since).min() ?? voice.now
    let span = voice.span(since: oldest)
    let links = problems.compactMap(\.number).prefix(isDense ? 2 : 4).map { number -> Markup in
      "<a href=\"\(PageAddress.journal(number))\">\(number)</a>"
    }
    let remedy = voice.say(kind.remedy.da.inDanish, kind.remedy.en.description)
    let age: Markup = "\(voice.say("ældste", "oldest")) \(span)"
    let facts: [Markup] = [age] + (isDense ? [] : links) + [Markup.text(Markup.cut(remedy, to: 160))]
    let first: Markup? = isDense && !links.isEmpty ? "\(Markup.list(links)) · " : nil
    return """
      <li class="\(mark.style)">\(mark.html)<b>\(voice.number(count)) ×</b> \(first)\(Markup.cut(words, to: 120)) \
      <small>\(Markup.list(facts))</small></li>

      """
  }
}
