internal import FilsluseBase
internal import PickupWatch

/// The inboxes, one a line: what waits, and the oldest file against its limit. What is wrong comes first, and then the
/// one nearest to its limit, or furthest past it; the headings lead to the same lines in the order of their column.
struct InboxTable {
  let rows: [InboxRow]
  /// The state of the watcher, by which a look is too long ago.
  let status: WatchStatus
  let voice: PageVoice
  /// The column that the lines are sorted by; `nil` where the worst comes first.
  var order: InboxOrder?

  /// The number of inboxes that are shown, and their bytes.
  private static let room = (count: 150, bytes: 52_000)
  /// With more lines than this the table is laid out as two, side by side.
  static let longest = 40

  func html() -> Markup {
    if rows.isEmpty {
      let words = voice.say(
        "Ingen indbakke overvåges. Regler skrives under watch: i filsluse.yaml.",
        "No inbox is watched. Rules are written under watch: in filsluse.yaml.")
      return "<p class=\"quiet\">\(words)</p>"
    }
    let lines = Markup.fitting(
      order?.sorted(rows, in: status) ?? blindFirst, bytes: Self.room.bytes, limit: Self.room.count, line)
    let left = rows.count - lines.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her; søg efter dem ved navn.", "\(left) more are not shown here; search for them by name."))</p>"
      : nil
    return "<div class=\"columns\">\(Self.split(lines, table))</div>\(more)"
  }

  /// The rows with the inboxes first that cannot be seen now.
  private var blindFirst: [InboxRow] {
    rows.filter { $0.shownState(in: status) == .blind } + rows.filter { $0.shownState(in: status) != .blind }
  }

  /// Lays lines out as one table, or as two of the same length.
  static func split(_ lines: [Markup], _ table: (ArraySlice<Markup>, Int, Int) -> Markup) -> Markup {
    guard lines.count > longest else { return table(lines[...], 1, lines.count) }
    let half = (lines.count + 1) / 2
    return Markup.joined([table(lines[..<half], 1, lines.count), table(lines[half...], half + 1, lines.count)])
  }

  private func table(_ lines: ArraySlice<Markup>, first: Int, of count: Int) -> Markup {
    let range = lines.count == count ? "" : " \(first)–\(first + lines.count - 1)"
    let words = order?.words(voice) ?? voice.say("Indbakker, det værste først", "Inboxes, the worst first")
    return """
      <table class="inboxes"><caption class="unseen">\(words)\(range)</caption>
      <thead><tr>\(head(.name, voice.say("Indbakke", "Inbox")))\(head(.files, voice.say("Filer", "Files")))\
      \(head(.oldest, voice.say("Ældste mod grænse", "Oldest of limit")))</tr></thead>
      <tbody>\(Array(lines))</tbody></table>
      """
  }

  /// A heading that leads to the table in the order of its column.
  private func head(_ column: InboxOrder.Column, _ words: String) -> Markup {
    let next = InboxOrder.next(column, after: order)
    guard let order, order.column == column else {
      return "<th scope=\"col\"><a href=\"\(next.address)\">\(words)</a></th>"
    }
    let direction: Markup = order.isDescending ? "descending" : "ascending"
    let arrow: Markup = order.isDescending ? "▼" : "▲"
    return """
      <th scope="col" aria-sort="\(direction)"><a href="\(next.address)">\(words)\
      <span aria-hidden="true">\(arrow)</span></a></th>
      """
  }

  private func line(_ row: InboxRow) -> Markup {
    let mark = StateMark(row.shownState(in: status), voice)
    return """
      <tr><th scope="row">\(mark.html)\(PageLink.inbox(row.id, to: 60))</th>\
      <td>\(files(row))</td><td>\(oldest(row))</td></tr>

      """
  }

  private func files(_ row: InboxRow) -> Markup {
    if row.shownState(in: status) == .blind {
      // What lay there before is no longer known to lie there.
      let words = voice.say(
        "ukendt nu, sidst \(voice.number(row.files))", "unknown now, last \(voice.number(row.files))")
      return "<span aria-hidden=\"true\">?</span><span class=\"unseen\">\(words)</span>"
    }
    if row.status.lastLook != nil { return "\(voice.number(row.files))" }
    return "<span aria-hidden=\"true\">–</span><span class=\"unseen\">\(voice.say("ukendt", "unknown"))</span>"
  }

  private func oldest(_ row: InboxRow) -> Markup {
    if row.shownState(in: status) == .blind {
      guard let since = row.status.failure?.since ?? row.status.lastLook else { return "" }
      let length = voice.span(since: since)
      return "\(voice.say("ikke set i \(length)", "not seen for \(length)"))"
    }
    if row.status.lastLook == nil { return "\(voice.say("ikke set endnu", "not seen yet"))" }
    guard let oldest = row.oldest else { return "" }
    guard let limit = oldest.limitSeconds else { return "\(voice.span(oldest.ageSeconds))" }
    let allowed = voice.span(limit) + (oldest.businessTime ? voice.say(" åbent", " open") : "")
    return "<b>\(voice.span(oldest.ageSeconds))</b> \(voice.say("af", "of")) \(allowed)"
  }
}

extension InboxRow {
  /// The state, where nothing is known of an inbox either whose last look is too long ago.
  func shownState(in watch: WatchStatus) -> State {
    let isStale = status.isStale(at: watch.taken, lookEverySeconds: watch.lookEverySeconds)
    return status.lastLook != nil && isStale ? .blind : state
  }
}
