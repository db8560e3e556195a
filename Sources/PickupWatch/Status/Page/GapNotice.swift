internal import FilsluseBase

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
