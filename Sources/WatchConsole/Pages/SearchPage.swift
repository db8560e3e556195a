internal import FileExchange
internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// The search: the text is sent as a form, so that it stands in no address and no log.
struct SearchPage {
  /// The text that was searched for, and what was found; `nil` before a search.
  let found: (text: String, matches: ConsoleMatches)?
  let context: PageContext

  private var voice: PageVoice { context.voice }

  /// The number of files and of lines of the journal that are shown.
  static let most = 50

  func html() -> Markup {
    PageFrame(voice: voice, title: voice.say("Søg", "Search")).page(
      in: .search,
      """
      \(form)
      \(found.map { results($0.text, $0.matches) })
      """)
  }

  private var form: Markup {
    """
    <form class="filter" role="search" aria-label="\(voice.say("Søg", "Search"))" method="post" action="\(PageAddress.search)">\
    <p class="field wide"><label for="text">\(voice.say("Del af et filnavn, kommune (navn eller kode), CVR, FileTransferUUID, nummer på en alarm, levering (D12) eller modtagelse (A7)", "Part of a file name, municipality (name or code), CVR, FileTransferUUID, number of an alert, delivery (D12) or arrival (A7)"))</label>\
    <input id="text" name="text" maxlength="\(ConsoleQueries.longestSearch)" autocomplete="off" value="\(found?.text ?? "")" required></p>\
    <p class="field"><button>\(voice.say("Søg", "Search"))</button></p></form>
    """
  }

  private func results(_ text: String, _ matches: ConsoleMatches) -> Markup {
    let parts: [Markup] = [direct(matches), files(matches), journal(matches)].compactMap(\.self)
    if parts.isEmpty {
      let words = voice.say(
        "Intet passer til „\(Markup.cut(text, to: 100))“.", "Nothing fits “\(Markup.cut(text, to: 100))”.")
      return "<p class=\"notice\" role=\"status\">\(words)</p>"
    }
    return Markup.joined(parts)
  }

  /// The alert, the municipality and the inboxes that the text names.
  private func direct(_ matches: ConsoleMatches) -> Markup? {
    var lines: [Markup] = []
    if let alert = matches.alert {
      lines.append(
        """
        <li><a href="\(PageAddress.alert(alert.id))">\(voice.say("Alarm", "Alert")) \(alert.id): \(Markup.cut(voice.say(alert.title), to: 120))</a></li>

        """)
    }
    if let municipality = matches.municipality {
      let row = municipality.code ?? municipality.cvr.map { "cvr-\($0)" }
      let title = Markup.text(Markup.cut(municipality.title, to: 100))
      lines.append(
        row.map { "<li>\(PageLink.municipality($0, title: municipality.title, to: 100))</li>\n" }
          ?? "<li>\(title)</li>\n")
    }
    for account in matches.accounts.prefix(Self.most) {
      lines.append(
        "<li>\(voice.say("Indbakke", "Inbox")) \(PageLink.inbox(account, to: 100))</li>\n"
      )
    }
    if lines.isEmpty { return nil }
    return """
      <section aria-labelledby="direct"><h2 id="direct">\(voice.say("Alarm, kommune og indbakker", "Alert, municipality and inboxes"))</h2><ul class="life">\(lines)</ul></section>

      """
  }

  private func files(_ matches: ConsoleMatches) -> Markup? {
    if matches.files.isEmpty { return nil }
    let table = FileTable(
      rows: matches.files, voice: voice, caption: voice.say("De seneste først", "The latest first"), showsInbox: true)
    return """
      <section aria-labelledby="files"><h2 id="files">\(voice.say("Filer", "Files"))</h2>\(table.html())\(more(matches.hasMoreFiles))</section>

      """
  }

  private func journal(_ matches: ConsoleMatches) -> Markup? {
    if matches.journal.isEmpty { return nil }
    let lines = Markup.fitting(matches.journal, bytes: 50_000, limit: Self.most) { line -> Markup in
      let number = line.subject.number
      return """
        <li><a href="\(PageAddress.journal(number))">\(number)</a> <span class="name">\(Markup.cut(Masked.name(line.wireName.string), to: 120))</span> \
        <small><code>\(voice.say(line.state.title))</code>, \(voice.dayAndTime(line.begun))</small></li>

        """
    }
    return """
      <section aria-labelledby="journal"><h2 id="journal">\(voice.say("Leveringer og modtagelser", "Deliveries and arrivals"))</h2>\
      <ul class="life">\(lines)</ul>\(more(matches.hasMoreInJournal))</section>

      """
  }

  private func more(_ isMore: Bool) -> Markup? {
    isMore
      ? "<p class=\"more\">\(voice.say("Der er flere; skriv mere af det, du søger.", "There are more; write more of what you look for."))</p>"
      : nil
  }
}
