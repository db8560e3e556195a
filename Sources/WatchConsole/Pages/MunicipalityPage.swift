internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// One row of the matrix over a longer time, with its files: a municipality, or an inbox where no municipality is
/// known.
struct MunicipalityPage {
  /// The row's id, as it stands in addresses.
  let row: String
  /// The expectations; `nil` where nothing is expected of it.
  let detail: MunicipalityDetail?
  /// The files that count for it; `nil` where it is no municipality.
  let files: Paged<FileRow>?
  let context: PageContext

  private var voice: PageVoice { context.voice }

  /// The number of files on a page.
  static let lines = 40

  func html() -> Markup {
    let known = detail?.municipality?.title ?? files?.items.first?.municipality?.title
    let title = known ?? detail?.account ?? row
    return PageFrame(voice: voice, title: Markup.cut(title, to: 120)).page(
      in: .matrix,
      """
      \(detail.flatMap(facts))
      <section aria-labelledby="days"><h2 id="days">\(voice.say("Dag for dag", "Day by day"))</h2>
      \(detail.map(days) ?? nothingExpected)
      </section>
      \(fileList)
      """)
  }

  private var nothingExpected: Markup {
    "<p class=\"quiet\">\(voice.say("Ingen regel venter filer fra den.", "No rule expects files from it."))</p>"
  }

  private var fileList: Markup? {
    guard let files, files.total > 0 else { return nil }
    let table = FileTable(
      rows: files.items, voice: voice, caption: voice.say("De seneste først", "The latest first"), showsInbox: true)
    let pager = Pager(files, voice: voice) { number in
      PageAddress.with(PageAddress.municipality(row), [("page", "\(number)")]) + "#files"
    }
    return """
      <section aria-labelledby="files"><h2 id="files">\(voice.say("Filer", "Files"))</h2>
      \(table.html())\(pager.html(voice.say("Sider af filer", "Pages of files")))
      </section>

      """
  }

  private func facts(_ detail: MunicipalityDetail) -> Markup? {
    var facts = FactList(voice: voice)
    facts.add("CVR", text: detail.municipality?.cvr)
    let accounts = detail.accounts.prefix(20).map { PageLink.inbox($0, to: 80) }
    if !accounts.isEmpty { facts.add(voice.say("Indbakker", "Inboxes"), Markup.list(accounts)) }
    for (days, punctuality) in detail.punctuality.sorted(by: { $0.key < $1.key }) {
      facts.add(
        voice.say("Rettidighed, \(days) dage", "Punctuality, \(days) days"),
        PunctualityText(punctuality, voice: voice).html())
    }
    let filter = AlertFilter(municipality: Array(detail.alertNames.prefix(8)))
    if !filter.municipality.isEmpty {
      facts.add(
        voice.say("Alarmer", "Alerts"), "<a href=\"\(filter.address)\">\(voice.say("de åbne", "the open ones"))</a>")
    }
    return facts.html()
  }

  /// The latest day first: a reader asks for last night more often than for last month.
  private func days(_ detail: MunicipalityDetail) -> Markup {
    let cells = detail.matrix.rows.first?.cells ?? []
    let kept = zip(detail.matrix.days, cells).compactMap { day, cell in cell.map { (day: day, cell: $0) } }
    let lines = kept.reversed().map { day, cell -> Markup in
      let files =
        cell.expectedFiles > 0
        ? voice.say(
          "\(voice.number(cell.files)) af \(voice.number(cell.expectedFiles))",
          "\(voice.number(cell.files)) of \(voice.number(cell.expectedFiles))") : voice.number(cell.files)
      let name: Markup = "<a href=\"\(PageAddress.municipality(row, day: day))\">\(voice.date(day))</a>"
      return ListTable.line(
        name,
        [
          StateMark(cell.state, voice).inWords, Markup.text(files), cell.by.map(voice.dayAndTime),
          cell.came.map(voice.dayAndTime),
        ])
    }
    let columns = [
      voice.say("Dag", "Day"), voice.say("Udfald", "Result"), voice.say("Filer", "Files"),
      voice.say("Ventet inden", "Expected by"), voice.say("Sidste kom", "Last one came"),
    ]
    return ListTable(
      voice: voice, caption: voice.say("Den seneste dag først", "The latest day first"), columns: columns, lines: lines
    ).html()
  }
}

/// One cell of the matrix: the expectations of a day, and the files that came.
struct MunicipalityDayPage {
  let row: String
  let day: String
  let detail: MatrixCellDetail
  let context: PageContext

  private var voice: PageVoice { context.voice }

  func html() -> Markup {
    let name = detail.municipality?.title ?? detail.account ?? row
    return PageFrame(voice: voice, title: "\(Markup.cut(name, to: 100)), \(voice.date(day))").page(
      in: .matrix,
      """
      <p><a href="\(PageAddress.municipality(row))">\(voice.say("Alle dage", "All days"))</a></p>
      <section aria-labelledby="expected"><h2 id="expected">\(voice.say("Ventet", "Expected"))</h2>
      \(expectations)
      </section>
      <section aria-labelledby="files"><h2 id="files">\(voice.say("Filer", "Files"))</h2>
      \(files)
      </section>
      """)
  }

  private var expectations: Markup {
    let lines = Markup.fitting(detail.expectations, bytes: 60_000, limit: 100) { expected -> Markup in
      let words = Markup.text(Markup.cut(expected.title.map(voice.say) ?? expected.infRef.description, to: 100))
      let by: Markup? = expected.day.by.map { ", \(voice.say("ventet inden", "expected by")) \(voice.dayAndTime($0))" }
      let came: Markup? = expected.day.came.map {
        ", \(voice.say("sidste kom", "last one came")) \(voice.dayAndTime($0))"
      }
      return """
        <li>\(StateMark(expected.day.state, voice).inWords) \(words) \
        (\(PageLink.inbox(expected.account, to: 80)))\(by)\(came)</li>

        """
    }
    if lines.isEmpty {
      return "<p class=\"quiet\">\(voice.say("Intet ventes den dag.", "Nothing is expected on that day."))</p>"
    }
    let left = detail.expectations.count - lines.count
    let more: Markup? =
      left > 0
      ? "<li class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</li>\n"
      : nil
    return "<ul class=\"life\">\(lines)\(more)</ul>"
  }

  /// The words where no file is known: none came, or those that came are known to the journal alone, or forgotten.
  private var nothingKnown: String {
    let counted = detail.expectations.reduce(0) { $0 + ($1.day.files ?? 0) }
    let came = max(counted, detail.files.total)
    if came == 0 { return voice.say("Ingen kom.", "None came.") }
    let files = voice.files(came)
    return voice.say(
      "\(files) kom; overvågningen har ikke selv set dem eller har glemt dem.",
      "\(files) came; the watcher has not seen them itself or has forgotten them.")
  }

  private var files: Markup {
    let table = FileTable(
      rows: detail.files.items, voice: voice, caption: voice.say("Filer af den dag", "Files of that day"),
      showsInbox: true)
    let pager = Pager(detail.files, voice: voice) { number in
      PageAddress.with(PageAddress.municipality(row, day: day), [("page", "\(number)")])
    }
    let list: Markup = detail.files.items.isEmpty ? "<p class=\"quiet\">\(nothingKnown)</p>" : table.html()
    let more: Markup? =
      detail.hasMore
      ? "<p class=\"more\">\(voice.say("Der kom flere filer, end der kan vises her.", "More files came than can be listed here."))</p>"
      : nil
    return "\(list)\(pager.html(voice.say("Sider af filer", "Pages of files")))\(more)"
  }
}

/// The share of files that came in time, in words.
struct PunctualityText {
  let punctuality: Punctuality
  let voice: PageVoice

  init(_ punctuality: Punctuality, voice: PageVoice) {
    self.punctuality = punctuality
    self.voice = voice
  }

  func html() -> Markup {
    let known = punctuality.known
    guard known > 0 else { return "\(voice.say("intet ventet endnu", "nothing expected yet"))" }
    let share = punctuality.came * 100 / known
    let words = voice.say(
      "\(share) % i tide: \(punctuality.came) i tide, \(punctuality.late) for sent, \(punctuality.missing) mangler",
      "\(share)% in time: \(punctuality.came) in time, \(punctuality.late) late, \(punctuality.missing) missing")
    let unknown: Markup? =
      punctuality.unknown > 0
      ? ", \(voice.say("\(punctuality.unknown) ikke overvåget", "\(punctuality.unknown) not watched"))" : nil
    return "\(words)\(unknown)"
  }
}
