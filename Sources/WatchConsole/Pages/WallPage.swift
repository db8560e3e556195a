internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// The wall: one screen that is read from four metres away, without anything to click. The server has it loaded again
/// every minute.
///
/// Letters grow with the screen, and each part has a fixed share of it, so that nothing has to be scrolled.
struct WallPage {
  let content: Overview
  let voice: PageVoice

  /// The header that has a browser load the page again every minute, also where it got a refusal in its place.
  static let refresh = ["Refresh": "60"]

  /// The number of kinds that are named. On 1920 × 1080 a line is 92 pixels high; with two lines of the heading (190),
  /// two of squares (57) and one each of counts and facts (48), 618 are left: five kinds, and a line for the rest.
  private static let groups = 5
  private static let tiles = 200

  func html() -> Markup {
    let summary = PageSummary(content.status)
    let title = summary.headline(voice)
    return PageFrame(voice: voice, title: title, layout: "wall").html(
      """
      <main id="main" class="\(summary.severity.rawValue)">
      <h1><span aria-hidden="true">\(summary.symbol)</span> \(title)</h1>
      \(list)
      \(inboxes)
      <p class="facts">\(SummaryFacts(status: content.status, summary: summary, voice: voice).html())</p>
      </main>
      """)
  }

  private var list: Markup {
    let open = content.groups.filter { $0.unattended > 0 }
    let lines = open.prefix(Self.groups).map { group -> Markup in
      let severity: Finding.Severity = group.critical > 0 ? .critical : .warning
      let mark = StateMark(severity, voice)
      let title = Markup.cut(voice.say(LocalizedText(naming: group.key.kind)), to: 48)
      let place = group.inboxes > 0 ? voice.inboxes(group.inboxes) : voice.alerts(group.alerts)
      return "<li class=\"\(mark.style)\">\(mark.html)<b>\(place)</b> \(title), \(voice.span(since: group.oldest))</li>"
    }
    let left = open.count - lines.count
    let more: Markup? =
      left > 0 ? "<li class=\"more\">\(voice.say("og \(left) andre ting", "and \(left) other things"))</li>" : nil
    return "<ol>\(lines)\(more)</ol>"
  }

  /// A square for each inbox, so that the number of bad ones is seen before it is read.
  private var inboxes: Markup {
    var counts: [(state: InboxRow.State, count: Int)] = []
    let states = content.inboxes.map { $0.shownState(in: content.status) }
    for state in states {
      if let index = counts.firstIndex(where: { $0.state == state }) {
        counts[index].count += 1
      } else {
        counts.append((state, 1))
      }
    }
    let words = counts.map { "\(voice.number($0.count)) \(StateMark($0.state, voice).words)" }.joined(separator: ", ")
    let tiles = states.prefix(Self.tiles).map { state -> Markup in "<i class=\"\(StateMark(state, voice).style)\"></i>"
    }
    return """
      <p class="tiles" aria-hidden="true">\(tiles)</p>
      <p class="counts">\(voice.say("Indbakker", "Inboxes")): \(words)</p>
      """
  }
}
