internal import PickupWatch

/// The whole matrix of municipalities and days.
struct MatrixPage {
  let matrix: Matrix
  /// The number of the page of rows.
  let number: Int
  let account: String?
  let infRef: ShownInfRef?
  let context: PageContext

  private var voice: PageVoice { context.voice }

  /// The numbers of days that can be chosen.
  static let days = [7, 14, 30]

  /// The number of rows on a page: so many cells stay below 200 kB.
  static func rows(days: Int) -> Int { max(20, 1_300 / max(1, days)) }

  /// The number of pages of rows.
  static func pages(of matrix: Matrix) -> Int {
    let size = rows(days: matrix.days.count)
    return max(1, (matrix.rows.count + size - 1) / size)
  }

  func html() -> Markup {
    let size = Self.rows(days: matrix.days.count)
    let shown = matrix.worstFirst.rows.dropFirst((number - 1) * size).prefix(size)
    let table = MatrixTable(
      matrix: Matrix(days: matrix.days, rows: Array(shown)), voice: voice, room: (count: size, bytes: 165_000))
    let pager = Pager(
      voice: voice, number: number, pages: Self.pages(of: matrix), total: matrix.rows.count, address: address(of:))
    return PageFrame(voice: voice, title: voice.say("Kommuner dag for dag", "Municipalities by day")).page(
      in: .matrix,
      """
      <p>\(spans)</p>\(about)
      \(table.key())
      <div class="wide-table" role="region" aria-label="\(voice.say("Tabel", "Table"))" tabindex="0">\(table.html())</div>
      \(pager.html(voice.say("Sider af kommuner", "Pages of municipalities")))
      """)
  }

  private func address(of page: Int) -> String { address(days: matrix.days.count, page: page) }

  private func address(days: Int, page: Int?) -> String {
    Self.address(days: days, account: account, infRef: infRef, page: page)
  }

  /// The address of a page of the matrix, or of one account or InfRef in it.
  static func address(days: Int, account: String?, infRef: ShownInfRef?, page: Int? = nil) -> String {
    PageAddress.with(
      PageAddress.matrix,
      [
        ("days", "\(days)"), ("account", account), ("infref", infRef?.description),
        ("page", page.map { "\($0)" }),
      ])
  }

  /// The account and the InfRef that the rows are of, and the way to all; `nil` where they are all.
  private var about: Markup? {
    var parts: [Markup] = []
    if let account { parts.append(PageLink.inbox(account, to: 80)) }
    if let infRef { parts.append("InfRef \(Markup.cut(infRef.description, to: 80))") }
    if parts.isEmpty { return nil }
    let all = Self.address(days: matrix.days.count, account: nil, infRef: nil)
    parts.append("<a href=\"\(all)\">\(voice.say("Vis alle kommuner", "Show all municipalities"))</a>")
    return "<p>\(Markup.list(parts))</p>"
  }

  private var spans: Markup {
    let links = Self.days.map { days -> Markup in
      let words = voice.say("\(days) dage", "\(days) days")
      if days == matrix.days.count { return "<b aria-current=\"true\">\(words)</b>" }
      return "<a href=\"\(address(days: days, page: nil))\">\(words)</a>"
    }
    return Markup.list(links)
  }
}
