/// A table whose lines are laid out as blocks on a phone. Roles are spelt out, as a table that is none to the eye would
/// else be none to a screen reader either.
struct ListTable {
  let voice: PageVoice
  let caption: String
  let columns: [String]
  /// The lines, as ``line(_:_:before:)`` makes them.
  let lines: [Markup]
  /// The number of lines that did not fit.
  var left = 0

  func html() -> Markup {
    let heads = columns.map { name -> Markup in "<th scope=\"col\" role=\"columnheader\">\(name)</th>" }
    let more: Markup? =
      left > 0
      ? "<p class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</p>" : nil
    return """
      <table class="list" role="table"><caption>\(caption)</caption>
      <thead role="rowgroup"><tr role="row">\(heads)</tr></thead>
      <tbody role="rowgroup">\(lines)</tbody></table>\(more)
      """
  }

  /// A line: its name, and its other cells.
  ///
  /// - Parameter before: a cell before the name.
  static func line(_ name: Markup, _ cells: [Markup?], before: Markup? = nil) -> Markup {
    let first = before.map { cell -> Markup in "<td role=\"cell\">\(cell)</td>" }
    let others = cells.map { cell -> Markup in "<td role=\"cell\">\(cell)</td>" }
    return "<tr role=\"row\">\(first)<th scope=\"row\" role=\"rowheader\">\(name)</th>\(others)</tr>\n"
  }
}
