internal import FilsluseBase
internal import PickupWatch

/// Files, one a line, with their names masked. Roles are spelt out, as in `AlertTable`.
struct FileTable {
  let rows: [FileRow]
  let voice: PageVoice
  let caption: String
  /// True where the files are of more than one inbox.
  var showsInbox = false
  /// The bytes of all lines together.
  var room = 70_000

  func html() -> Markup {
    let lines = Markup.fitting(rows, bytes: room, limit: 200, line)
    let left = rows.count - lines.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</p>" : nil
    return """
      <table class="list" role="table"><caption>\(caption)</caption>
      <thead role="rowgroup"><tr role="row">\(head(voice.say("Fil", "File")))\(head(voice.say("Fra", "From")))\
      \(head(voice.say("Størrelse", "Size")))\(head(voice.say("Set første gang", "First seen")))\
      \(head(voice.say("Ventetid", "Waited")))\(head(voice.say("Tilstand", "State")))</tr></thead>
      <tbody role="rowgroup">\(lines)</tbody></table>\(more)
      """
  }

  private func head(_ words: String) -> Markup { "<th scope=\"col\" role=\"columnheader\">\(words)</th>" }

  private func line(_ row: FileRow) -> Markup {
    """
    <tr role="row"><th scope="row" role="rowheader"><a class="name" href="\(PageAddress.file(row.id))">\(Markup.cut(Masked.name(row.name), to: 120))</a> \
    <small>\(about(row))</small></th><td role="cell">\(sender(row))</td><td role="cell">\(row.size.map(voice.size) ?? "–")</td>\
    <td role="cell">\(voice.dayAndTime(row.firstSeen))</td><td role="cell">\(waited(row))</td>\
    <td role="cell">\(StateMark(row.state, voice).inWords)\(gone(row))</td></tr>

    """
  }

  private func about(_ row: FileRow) -> Markup {
    var parts: [Markup] = []
    if showsInbox {
      parts.append(PageLink.inbox(row.account, to: 60))
    }
    switch row.place {
    case .inbox: break
    case .outbox: parts.append("OUT")
    case .receipt: parts.append("\(voice.say("kvittering", "receipt"))")
    }
    if let infRef = row.infRef { parts.append(Markup.text(Markup.cut(infRef.description, to: 80))) }
    if let municipality = row.municipality { parts.append(Markup.text(Markup.cut(municipality.title, to: 60))) }
    return Markup.list(parts)
  }

  private func sender(_ row: FileRow) -> Markup { Markup.text(Markup.cut(row.sender ?? "–", to: 60)) }

  private func waited(_ row: FileRow) -> Markup {
    let waited = voice.span(row.waitedSeconds)
    guard let limit = row.limitSeconds else { return "\(waited)" }
    let allowed = voice.span(limit) + (row.isBusinessTime ? voice.say(" åbent", " open") : "")
    return "\(waited) <small>\(voice.say("af", "of")) \(allowed)</small>"
  }

  private func gone(_ row: FileRow) -> Markup? { row.gone.map { " <small>\(voice.dayAndTime($0))</small>" } }
}
