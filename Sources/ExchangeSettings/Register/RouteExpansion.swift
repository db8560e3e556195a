internal import TriggerFiles

/// Fills templates into the lines of the list: one line becomes one route, or one for each receiver of its template.
struct RouteExpansion {
  /// A route's values, from the line, its templates and a receiver.
  struct Filled {
    var line: RegisterLine
    let receiver: String?
    let template: String?
    /// True if the line's template cannot be used, so that only the values in the line itself are known.
    var isPartial = false
  }

  private let templates: [String: RegisterTemplate]
  /// The lines of commented-out templates.
  private let commented: [String: Int]
  private let log: RegisterLog
  /// The values of combinations of templates met so far.
  private var combined: [String: RegisterTemplate] = [:]

  init(_ lines: RegisterLines, log: RegisterLog) {
    (templates, commented) = (lines.templates, lines.commentedTemplates)
    self.log = log
  }

  /// Returns the routes of a line. A receiver's values override the line's, and the line's override its templates'. A
  /// line whose template does not exist is returned with its own values alone, so that they are judged in the same
  /// reading.
  mutating func routes(of line: RegisterLine) -> [Filled] {
    guard let named = line.cells[.template] else { return [Filled(line: line, receiver: nil, template: nil)] }
    guard let template = combination(named) else {
      return [Filled(line: line, receiver: nil, template: named.text, isPartial: true)]
    }
    var filled = template.line
    filled.cells.merge(line.cells) { $1 }
    let base = RegisterLine(position: line.position, cells: filled.cells)
    if template.receivers.isEmpty { return [Filled(line: base, receiver: nil, template: named.text)] }
    return template.receivers.map { receiver in
      var own = base
      own.cells.merge(receiver.line.cells) { $1 }
      return Filled(line: own, receiver: receiver.name, template: named.text)
    }
  }

  private mutating func combination(_ named: RegisterCell) -> RegisterTemplate? {
    if let known = combined[named.text] { return known }
    var result: RegisterTemplate?
    for name in named.text.split(separator: "|").map({ String($0).trimmingBlanks }) {
      guard var template = templates[name] else {
        let nearest = NearestName.to(name, among: templates.keys.sorted()).map(NearestName.question)
        let comment = commented[name].map { line in
          LocalizedText(
            "line \(line) of the list has it as a comment: fill in what is missing there, and remove its #",
            "linje \(line) i listen har den som kommentar: udfyld det, der mangler dér, og fjern dens #")
        }
        log.report(
          .unknownTemplate, at: named.position,
          LocalizedText(
            "there is no template \(Entry.shown(name)) in the list",
            "der er ingen skabelon \(Entry.shown(name)) på listen"),
          comment ?? nearest ?? LocalizedText("add it, or correct the name", "tilføj den, eller ret navnet"))
        return nil
      }
      if template.line.cells[.name]?.text.hasPrefix("@") ?? false { template.line.cells[.name] = nil }
      guard let earlier = result else {
        result = template
        continue
      }
      guard let both = merged(earlier, template, named) else { return nil }
      result = both
    }
    combined[named.text] = result
    return result
  }

  /// Two templates as one; `nil`, and every contradiction reported, where they give a column different values.
  private func merged(
    _ one: RegisterTemplate, _ other: RegisterTemplate, _ named: RegisterCell
  ) -> RegisterTemplate? {
    var result = one
    var isSound = true
    for (column, cell) in other.line.cells.sorted(by: { $0.value.position < $1.value.position }) {
      guard let earlier = result.line.cells[column], earlier.text != cell.text else {
        result.line.cells[column] = cell
        continue
      }
      isSound = false
      log.report(
        .contradictingTemplates, at: named.position,
        LocalizedText(
          "the templates of \(Entry.shown(named.text)) contradict: \(column.rawValue) is \(Entry.shown(earlier.text)) (line \(earlier.position.line)) and \(Entry.shown(cell.text)) (line \(cell.position.line))",
          "skabelonerne i \(Entry.shown(named.text)) modsiger hinanden: \(column.rawValue) er \(Entry.shown(earlier.text)) (linje \(earlier.position.line)) og \(Entry.shown(cell.text)) (linje \(cell.position.line))"
        ),
        LocalizedText("give \(column.rawValue) in one of the two", "angiv \(column.rawValue) i én af de to"))
    }
    result.receivers += other.receivers
    return isSound ? result : nil
  }
}
