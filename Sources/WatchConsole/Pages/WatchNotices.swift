internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// Notices that limit what the console can say: a database that fails, failing sinks, monitoring gaps.
struct WatchNotices {
  let status: WatchStatus
  let voice: PageVoice

  private static let shownSinks = 2
  private static let shownGaps = 2

  func html() -> Markup { "\(storeTrouble)\(sinkTroubles)\(leader)\(gaps)" }

  /// The machine that leads the watch, where it is another one or not known.
  private var leader: Markup? {
    (status.refusalOfActs ?? status.standby).map {
      "<p class=\"notice calm\">\(Markup.cut(voice.say($0.asSentence), to: 240))</p>\n"
    }
  }

  private var storeTrouble: Markup? {
    switch status.storeTrouble {
    case nil: return nil
    case .starting:
      let words = voice.say(
        "Overvågningen starter eller tager nye indstillinger i brug.",
        "The watcher is starting or taking up new settings.")
      return "<p class=\"notice calm\">\(words)</p>\n"
    case .failing(let trouble):
      return """
        <p class="notice"><strong>\(voice.say("Overvågningens database kan ikke læses eller skrives:", "The watcher's database cannot be read or written:"))</strong> \
        \(Markup.cut(voice.say("Loggen siger hvorfor.", trouble), to: 160))</p>

        """
    }
  }

  private var sinkTroubles: Markup? {
    if status.sinkTroubles.isEmpty { return nil }
    let items = status.sinkTroubles.prefix(Self.shownSinks).map { trouble -> Markup in
      "<li>\(Markup.cut(voice.say(SinkName.title(of: trouble.sink)), to: 80)) (\(voice.number(trouble.waiting)))</li>"
    }
    return """
      <div class="notice"><p><strong>\(voice.say("Disse modtagere tager ikke imod alarmer; loggen siger hvorfor:", "These sinks do not take alerts; the log says why:"))</strong></p>\
      <ul>\(items)\(more(status.sinkTroubles.count - items.count))</ul></div>

      """
  }

  /// The monitoring gaps of the last week: nothing is claimed about them.
  private var gaps: Markup? {
    let week = voice.now.earlier(by: .seconds(7 * 86_400))
    let recent = status.gaps.filter { ($0.until ?? voice.now) > week }
    if recent.isEmpty { return nil }
    return """
      <div class="notice"><p><strong>\(voice.say("Ikke overvåget", "Not watched")).</strong> \
      \(voice.say("Om rettidighed i den tid siges intet:", "Nothing is claimed of punctuality in that time:"))</p>\
      <ul>\(recent.prefix(Self.shownGaps).map(item))\(more(recent.count - Self.shownGaps))</ul></div>

      """
  }

  private func item(_ gap: WatchGap) -> Markup {
    let until: Markup = gap.until.map { voice.time($0, sameDayAs: gap.from) } ?? "\(voice.say("nu", "now"))"
    let account: Markup? = gap.account.map { " (\(Markup.cut($0, to: 80)))" }
    let reason: Markup? = gap.reason.map { ": \(Markup.cut(voice.say($0), to: 80))" }
    return "<li>\(voice.time(gap.from)) – \(until)\(account)\(reason)</li>"
  }

  private func more(_ count: Int) -> Markup? {
    count > 0 ? "<li>\(voice.say("og \(count) til", "and \(count) more"))</li>" : nil
  }
}
