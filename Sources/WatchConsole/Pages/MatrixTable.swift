internal import FilsluseBase
internal import PickupWatch

/// The matrix of municipalities and days: what came, was late or is missing. A cell leads to its files.
///
/// Only names and cells with trouble are stops of the tabulator key, so that a reader without a mouse passes a hundred
/// lines quickly; the days of a municipality are all on its page.
struct MatrixTable {
  let matrix: Matrix
  let voice: PageVoice
  /// With more days than this, long tables are not laid out side by side.
  private static let mostBesideEachOther = 10

  /// The number of rows that are shown, and their bytes.
  var room = (count: 98, bytes: 92_000)

  func html() -> Markup {
    if matrix.rows.isEmpty {
      let words = voice.say(
        "Ingen regel venter filer. Det gør expect: under watch: i filsluse.yaml.",
        "No rule expects files. That is what expect: does under watch: in filsluse.yaml.")
      return "<p class=\"quiet\">\(words)</p>"
    }
    let lines = Markup.fitting(matrix.rows, bytes: room.bytes, limit: room.count, line)
    let left = matrix.rows.count - lines.count
    let more: Markup? =
      left > 0
      ? "<p class=\"more\"><a href=\"\(PageAddress.matrix)\">\(voice.say("\(left) til", "\(left) more"))</a></p>" : nil
    let isNarrow = matrix.days.count <= Self.mostBesideEachOther
    let tables = isNarrow ? InboxTable.split(lines, table) : table(lines[...], first: 1, of: lines.count)
    return "<div class=\"columns\">\(tables)</div>\(more)"
  }

  private func table(_ lines: ArraySlice<Markup>, first: Int, of count: Int) -> Markup {
    let range = lines.count == count ? "" : " \(first)–\(first + lines.count - 1)"
    return """
      <table class="matrix"><caption class="unseen">\(voice.say("Filer pr. kommune og dag", "Files by municipality and day"))\(range)</caption>
      <thead><tr><th scope="col">\(voice.say("Kommune", "Municipality"))</th>\(matrix.days.map(head))</tr></thead>
      <tbody>\(Array(lines))</tbody></table>
      """
  }

  private func head(_ day: String) -> Markup {
    """
    <th scope="col"><span aria-hidden="true">\(voice.weekday(day))<br>\(Int(day.suffix(2)) ?? 0)</span>\
    <span class="unseen">\(voice.date(day))</span></th>
    """
  }

  private func line(_ row: MatrixRow) -> Markup {
    """
    <tr><th scope="row">\(PageLink.municipality(row.id, title: row.title, to: 60))</th>\
    \(zip(matrix.days, row.cells).map { cell($0.1, $0.0, row.id) })</tr>

    """
  }

  private func cell(_ cell: MatrixCell?, _ day: String, _ row: String) -> Markup {
    guard let cell else { return "<td></td>" }
    let mark = StateMark(cell.state, voice)
    let isTrouble: Bool
    switch cell.state {
    case .dayOff: return "<td class=\"off\">\(mark.html)</td>"
    case .missing, .late, .notWatched: isTrouble = true
    case .came, .notYet: isTrouble = false
    }
    let path = PageAddress.municipality(row, day: day)
    guard PageLink.fits(path) else { return "<td class=\"\(mark.style)\">\(mark.html)</td>" }
    let stop: Markup = isTrouble ? "" : " tabindex=\"-1\""
    return
      "<td class=\"\(mark.style)\"><a href=\"\(path)\"\(stop) aria-label=\"\(mark.words)\">\(mark.symbol)</a></td>\n"
  }

  /// The meaning of the symbols.
  func key() -> Markup {
    let marks = ExpectedDay.State.allCases.map { state -> Markup in
      let mark = StateMark(state, voice)
      return "<span><i class=\"mark \(mark.style)\" aria-hidden=\"true\">\(mark.symbol)</i> \(mark.words)</span> "
    }
    return "<p class=\"key\">\(marks)</p>"
  }
}

extension Matrix {
  /// The same with the rows first that have trouble, those with missing files and of the latest days before others; the
  /// rest as they stand.
  var worstFirst: Matrix {
    let sorted = rows.enumerated().sorted { one, other in
      (-one.element.trouble, one.offset) < (-other.element.trouble, other.offset)
    }
    return Matrix(days: days, rows: sorted.map(\.element))
  }
}

extension MatrixRow {
  /// The greater, the worse the state and the later the day.
  fileprivate var trouble: Int {
    cells.enumerated().reduce(0) { most, cell in
      switch cell.element?.state {
      case .missing?: max(most, 1000 + cell.offset)
      case .late?, .notWatched?: max(most, cell.offset + 1)
      case .came?, .notYet?, .dayOff?, nil: most
      }
    }
  }

  /// The municipality, or the account where none is known.
  var title: String { municipality?.title ?? account ?? id }
}
