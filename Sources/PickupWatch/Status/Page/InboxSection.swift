internal import FilsluseBase

/// The inboxes: what waits, the oldest age against its limit, and when each was last looked into.
struct InboxSection {
  let status: WatchStatus
  let voice: PageVoice

  /// The number of inboxes shown in full, and of those shown by name alone, and their bytes.
  private static let busy = (count: 100, bytes: 50_000)
  private static let quiet = (count: 150, bytes: 10_000)

  func html() -> Markup {
    let rows = status.inboxes.map { InboxRow($0, status: status) }
    let busy = rows.filter { $0.concern > 0 }.sorted { $0.concern > $1.concern }
    let quiet = rows.filter { $0.concern == 0 }
    return """
      <section aria-labelledby="inboxes"><h2 id="inboxes">\(voice.say("Indbakker", "Inboxes"))</h2>
      \(busy.isEmpty ? none : table(busy))\(quietOnes(quiet))
      </section>
      """
  }

  private var none: Markup {
    let words =
      status.inboxes.isEmpty
      ? voice.say(
        "Ingen indbakke overvåges. Regler skrives under watch: i filsluse.yaml.",
        "No inbox is watched. Rules are written under watch: in filsluse.yaml.")
      : voice.say("Intet venter i nogen indbakke.", "Nothing waits in any inbox.")
    return "<p class=\"quiet\">\(words)</p>"
  }

  /// Roles are spelt out: on a phone the rows are laid out otherwise, and a table that is none to the eye would else be
  /// none to a screen reader either.
  private func table(_ rows: [InboxRow]) -> Markup {
    let shown = Markup.fitting(rows, bytes: Self.busy.bytes, limit: Self.busy.count, line)
    let left = rows.count - shown.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</p>" : nil
    return """
      <table class="inboxes" role="table">\
      <caption>\(voice.say("Det mest presserende først. Stregen i bjælken er grænsen.", "The most pressing first. The line in the bar is the limit."))</caption>
      <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">\(voice.say("Indbakke", "Inbox"))</th>\
      <th scope="col" role="columnheader">\(voice.say("Venter", "Waiting"))</th>\
      <th scope="col" role="columnheader">\(voice.say("Ældste fil mod sin grænse", "Oldest file against its limit"))</th></tr></thead>
      <tbody role="rowgroup">\(shown)</tbody></table>\(more)
      """
  }

  private func line(_ row: InboxRow) -> Markup {
    """
    <tr role="row"><th scope="row" role="rowheader">\(Markup.cut(row.inbox.account, to: 80))<small>\(lastLook(row))</small></th>\
    <td role="cell">\(waiting(row))</td><td role="cell">\(oldest(row))</td></tr>

    """
  }

  private func waiting(_ row: InboxRow) -> Markup {
    let files = row.inbox.waiting.reduce(0) { $0 + $1.files }
    let bytes = row.inbox.waiting.reduce(UInt64(0)) { $0 &+ $1.bytes }
    if row.isBlind {
      // What lay there before is no longer known to lie there.
      return
        "\(voice.say("ukendt nu", "unknown now"))<small>\(voice.say("sidst", "last")) \(voice.files(files))</small>"
    }
    return "\(voice.files(files))<small>\(voice.size(bytes))</small>"
  }

  private func lastLook(_ row: InboxRow) -> Markup {
    let looked: Markup =
      row.inbox.lastLook.map { "\(voice.say("set", "seen")) \(voice.ago($0))" }
      ?? "\(voice.say("endnu ikke set", "not seen yet"))"
    guard let failure = row.inbox.failure else {
      return row.isBlind ? "<b class=\"warning\">▲ \(looked)</b>" : looked
    }
    return """
      <b class="critical">✖ \(voice.say("kan ikke ses siden", "cannot be seen since")) \(voice.time(failure.since))</b> \
      \(Markup.cut(voice.say(failure.text), to: 200))
      """
  }

  private func oldest(_ row: InboxRow) -> Markup {
    guard let (infRef, oldest) = row.oldest else { return "" }
    let from =
      oldest.ageFrom == .server
      ? voice.say("efter serverens ur", "by the server's clock") : voice.say("siden vi så den", "since we saw it")
    let name = Markup.cut(infRef?.description ?? voice.say("uden InfRef", "without InfRef"), to: 100)
    let small: Markup = "<small>\(name), \(from)</small>"
    guard let limit = oldest.limitSeconds else {
      return "\(voice.span(oldest.ageSeconds)), \(voice.say("ingen regel", "no rule"))\(small)"
    }
    let bar = AgeBar(age: oldest.ageSeconds, warnAt: oldest.warnAtSeconds, limit: limit).svg()
    let allowed = voice.span(limit) + (oldest.businessTime ? voice.say(" i åbningstid", " of business hours") : "")
    if oldest.ageSeconds > limit {
      let over = voice.span(oldest.ageSeconds - limit)
      return
        "\(bar)<b class=\"critical\">✖ \(over) \(voice.say("over grænsen", "over the limit"))</b> (\(allowed))\(small)"
    }
    let age: Markup =
      row.isWarned ? "<b class=\"warning\">▲ \(voice.span(oldest.ageSeconds))</b>" : "\(voice.span(oldest.ageSeconds))"
    return "\(bar)\(age) \(voice.say("af", "of")) \(allowed)\(small)"
  }

  private func quietOnes(_ rows: [InboxRow]) -> Markup? {
    if rows.isEmpty { return nil }
    let shown = Markup.fitting(rows, bytes: Self.quiet.bytes, limit: Self.quiet.count) { row in
      "<li>\(Markup.cut(row.inbox.account, to: 80)) <small>\(row.inbox.lastLook.map(voice.ago) ?? "")</small></li>"
    }
    let left = rows.count - shown.count
    let more: Markup? = left > 0 ? "<li>\(voice.say("og \(left) til", "and \(left) more"))</li>" : nil
    let summary =
      rows.count == 1
      ? voice.say("1 tom indbakke, set for nylig", "1 empty inbox, seen lately")
      : voice.say("\(rows.count) tomme indbakker, set for nylig", "\(rows.count) empty inboxes, seen lately")
    return "<details><summary>\(summary)</summary><ul class=\"columns\">\(shown)\(more)</ul></details>"
  }
}

/// An inbox with its urgency.
struct InboxRow {
  let inbox: InboxStatus
  /// True if nothing is known of it now: the last look failed, or was too long ago.
  let isBlind: Bool
  /// The file that is nearest to its limit, or past it; else the one that has waited longest.
  let oldest: (infRef: ShownInfRef?, file: OldestFile)?
  /// 0 where there is nothing to see.
  let concern: Double

  init(_ inbox: InboxStatus, status: WatchStatus) {
    self.inbox = inbox
    let isStale = inbox.isStale(at: status.taken, lookEverySeconds: status.lookEverySeconds)
    isBlind = isStale || inbox.failure != nil
    let files = inbox.waiting.compactMap { waiting in waiting.oldest.map { (infRef: waiting.infRef, file: $0) } }
    oldest = files.max { Self.share($0.file) < Self.share($1.file) }
    let waits = inbox.waiting.contains { $0.files > 0 } ? 0.001 : 0
    concern = (inbox.failure != nil ? 2000 : isStale ? 1000 : 0) + waits + (oldest.map { Self.share($0.file) } ?? 0)
  }

  /// True if the oldest file is past its warning time.
  var isWarned: Bool {
    guard let file = oldest?.file, let warnAt = file.warnAtSeconds else { return false }
    return file.ageSeconds >= warnAt
  }

  /// Returns the share of its limit that a file has used; a file without one comes after all that have one.
  private static func share(_ file: OldestFile) -> Double {
    guard let limit = file.limitSeconds, limit > 0 else { return 0.000_001 * Double(file.ageSeconds + 1) / 1_000_000 }
    return min(Double(file.ageSeconds) / Double(limit), 900)
  }
}

/// An age against its limit as a bar. The words beside it say the same, so it is hidden from screen readers.
struct AgeBar {
  let age: Int
  let warnAt: Int?
  let limit: Int

  /// The position of the limit: a longer age goes past it, up to the bar's end.
  private static let limitAt = 80

  func svg() -> Markup {
    let width = limit > 0 ? min(max(age, 0) * Self.limitAt / limit, 100) : 100
    let state: Markup = age > limit ? "critical" : warnAt.map { age >= $0 } == true ? "warning" : "calm"
    return """
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\
      <rect class="track" width="100" height="8" rx="1"/><rect class="\(state)" width="\(width)" height="8" rx="1"/>\
      <path class="limit" d="M\(Self.limitAt) 0v8"/></svg>
      """
  }
}
