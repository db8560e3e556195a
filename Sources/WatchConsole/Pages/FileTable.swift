internal import FilsluseBase
internal import PickupWatch

/// Files, one a line, with their names masked.
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
    let columns = [
      voice.say("Fil", "File"), voice.say("Fra", "From"), voice.say("Størrelse", "Size"),
      voice.say("Set første gang", "First seen"), voice.say("Ventetid", "Waited"), voice.say("Tilstand", "State"),
    ]
    return ListTable(
      voice: voice, caption: caption, columns: columns, lines: lines, left: rows.count - lines.count
    ).html()
  }

  private func line(_ row: FileRow) -> Markup {
    let name: Markup = """
      <a class="name" href="\(PageAddress.file(row.id))">\(Markup.cut(Masked.name(row.name), to: 120))</a> <small>\(about(row))</small>
      """
    let size = Markup.text(row.size.map(voice.size) ?? "–")
    let state: Markup = "\(StateMark(row.state, voice).inWords)\(gone(row))"
    return ListTable.line(name, [sender(row), size, voice.dayAndTime(row.firstSeen), waited(row), state])
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

  private func sender(_ row: FileRow) -> Markup { Markup.text(Markup.cut(Masked.name(row.sender ?? "–"), to: 60)) }

  private func waited(_ row: FileRow) -> Markup {
    let waited = voice.span(row.waitedSeconds)
    guard let limit = row.limitSeconds else { return "\(waited)" }
    let allowed = voice.span(limit) + (row.isBusinessTime ? voice.say(" åbent", " open") : "")
    return "\(waited) <small>\(voice.say("af", "of")) \(allowed)</small>"
  }

  private func gone(_ row: FileRow) -> Markup? { row.gone.map { " <small>\(voice.dayAndTime($0))</small>" } }
}
