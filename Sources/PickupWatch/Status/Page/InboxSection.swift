internal import FilsluseSystem

/// The inboxes: what waits, the oldest age against its limit, and when each was last looked into.
struct InboxSection {
  let status: WatchStatus
  let voice: PageVoice

  /// How many inboxes are shown with all they have, and how many by name alone.
  private static let shown = (busy: 60, quiet: 150)

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
    status.inboxes.isEmpty
      ? "<p class=\"quiet\">\(voice.say("Ingen indbakke overvåges. Regler skrives under watch: i filsluse.yaml.", "No inbox is watched. Rules are written under watch: in filsluse.yaml."))</p>"
      : "<p class=\"quiet\">\(voice.say("Intet venter i nogen indbakke.", "Nothing waits in any inbox."))</p>"
  }

  private func table(_ rows: [InboxRow]) -> Markup {
    let left = rows.count - Self.shown.busy
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</p>" : nil
    return """
      <table class="inboxes"><caption>\(voice.say("Det mest presserende først. Stregen i bjælken er grænsen.", "The most pressing first. The line in the bar is the limit."))</caption>
      <thead><tr><th scope="col">\(voice.say("Indbakke", "Inbox"))</th><th scope="col">\(voice.say("Venter", "Waiting"))</th>\
      <th scope="col">\(voice.say("Ældste fil mod sin grænse", "Oldest file against its limit"))</th></tr></thead>
      <tbody>\(rows.prefix(Self.shown.busy).map(line))</tbody></table>\(more)
      """
  }

  private func line(_ row: InboxRow) -> Markup {
    let waiting = row.inbox.waiting
    let bytes = waiting.reduce(UInt64(0)) { $0 &+ $1.bytes }
    let files = waiting.reduce(0) { $0 + $1.files }
    return """
      <tr><th scope="row">\(Markup.cut(row.inbox.account, to: 80))<small>\(lastLook(row))</small></th>\
      <td>\(voice.files(files))<small>\(voice.size(bytes))</small></td><td>\(oldest(row))</td></tr>

      """
  }

  private func lastLook(_ row: InboxRow) -> Markup {
    let looked: Markup =
      row.inbox.lastLook.map { "\(voice.say("set", "seen")) \(voice.ago($0))" }
      ?? "\(voice.say("endnu ikke set", "not seen yet"))"
    guard let failure = row.inbox.failure else {
      return row.isStale ? "<b class=\"warning\">▲ \(looked)</b>" : looked
    }
    return """
      <b class="critical">✖ \(voice.say("kan ikke ses siden", "cannot be seen since")) \(voice.time(failure.since))</b> \
      \(Markup.cut(voice.say(failure.text), to: 200))
      """
  }

  private func oldest(_ row: InboxRow) -> Markup {
    guard let (infRef, oldest) = row.oldest else { return "–" }
    let name = infRef ?? voice.say("uden InfRef", "without InfRef")
    let from =
      oldest.ageFrom == .server
      ? voice.say("efter serverens ur", "by the server's clock") : voice.say("siden vi så den", "since we saw it")
    let business = oldest.businessTime ? voice.say(" i åbningstid", " of business hours") : ""
    guard let limit = oldest.limitSeconds else {
      return
        "\(voice.span(oldest.ageSeconds)), \(voice.say("ingen regel", "no rule"))<small>\(Markup.cut(name, to: 100)), \(from)</small>"
    }
    let words: Markup =
      oldest.ageSeconds > limit
      ? "<b class=\"critical\">✖ \(voice.span(oldest.ageSeconds - limit)) \(voice.say("over grænsen", "over the limit"))</b> (\(voice.span(limit))\(business))"
      : row.isWarned
        ? "<b class=\"warning\">▲ \(voice.span(oldest.ageSeconds))</b> \(voice.say("af", "of")) \(voice.span(limit))\(business)"
        : "\(voice.span(oldest.ageSeconds)) \(voice.say("af", "of")) \(voice.span(limit))\(business)"
    return
      "\(AgeBar(age: oldest.ageSeconds, warnAt: oldest.warnAtSeconds, limit: limit).svg())\(words)<small>\(Markup.cut(name, to: 100)), \(from)</small>"
  }

  private func quietOnes(_ rows: [InboxRow]) -> Markup? {
    if rows.isEmpty { return nil }
    let left = rows.count - Self.shown.quiet
    let more: Markup? = left > 0 ? "<li>\(voice.say("og \(left) til", "and \(left) more"))</li>" : nil
    let items = rows.prefix(Self.shown.quiet).map { row -> Markup in
      "<li>\(Markup.cut(row.inbox.account, to: 80)) <small>\(row.inbox.lastLook.map(voice.ago) ?? "")</small></li>"
    }
    return """
      <details><summary>\(voice.say("\(rows.count) tomme indbakker, set for nylig", "\(rows.count) empty inboxes, seen lately"))</summary>\
      <ul class="columns">\(Array(items))\(more)</ul></details>
      """
  }
}

/// An inbox and how much it concerns somebody.
struct InboxRow {
  let inbox: InboxStatus
  let isStale: Bool
  /// The file that is nearest to its limit, or past it; else the one that has waited longest.
  let oldest: (infRef: String?, file: OldestFile)?
  /// 0 where there is nothing to see.
  let concern: Double

  init(_ inbox: InboxStatus, status: WatchStatus) {
    self.inbox = inbox
    isStale = !WatchStatus(
      version: "", taken: status.taken, started: status.started, lookEverySeconds: status.lookEverySeconds,
      inboxes: [inbox]
    ).unreadiness(at: status.taken).isEmpty
    let files = inbox.waiting.compactMap { waiting in waiting.oldest.map { (infRef: waiting.infRef, file: $0) } }
    oldest = files.max { Self.share($0.file) < Self.share($1.file) }
    let waits = inbox.waiting.contains { $0.files > 0 } ? 0.001 : 0
    concern = (inbox.failure != nil ? 2000 : isStale ? 1000 : 0) + waits + (oldest.map { Self.share($0.file) } ?? 0)
  }

  /// Whether the oldest file is past the point where it is warned of.
  var isWarned: Bool {
    guard let file = oldest?.file, let warnAt = file.warnAtSeconds else { return false }
    return file.ageSeconds >= warnAt
  }

  /// How much of its limit a file has used; a file without one comes after all that have one.
  private static func share(_ file: OldestFile) -> Double {
    guard let limit = file.limitSeconds, limit > 0 else { return 0.000_001 * Double(file.ageSeconds + 1) / 1_000_000 }
    return min(Double(file.ageSeconds) / Double(limit), 900)
  }
}
