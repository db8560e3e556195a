import ExchangeSettings
import TriggerFiles

/// A drawing of a route's tasks: each in a box, to the right of its dependencies, coloured by its state.
struct ReadinessGraph {
  private let route: RouteReadiness
  private let form: TaskDependency.Form
  private let language: ReportLanguage
  private let places: [TaskKey: Place]
  private let size: (width: Int, height: Int)

  private struct Place {
    let x: Int
    let y: Int
  }

  private enum Box {
    static let width = 250
    static let height = 44
    static let columnWidth = 320
    static let rowHeight = 60
    static let margin = 20
    static let top = 70
  }

  init(_ route: RouteReadiness, form: TaskDependency.Form, language: ReportLanguage) {
    self.route = route
    self.form = form
    self.language = language
    let columns = Self.columns(route.tasks, form)
    var filled: [Int: Int] = [:]
    var places: [TaskKey: Place] = [:]
    for standing in route.tasks {
      let column = columns[standing.task.key] ?? 0
      let row = filled[column, default: 0]
      filled[column] = row + 1
      places[standing.task.key] = Place(
        x: Box.margin + column * Box.columnWidth, y: Box.top + row * Box.rowHeight)
    }
    self.places = places
    size = (
      Box.margin * 2 + (filled.keys.max() ?? 0) * Box.columnWidth + Box.width,
      Box.top + (filled.values.max() ?? 0) * Box.rowHeight + Box.margin
    )
  }

  /// The column of each task: one to the right of the last task that it needs. Tasks that are done together share one.
  private static func columns(_ tasks: [TaskReadiness], _ form: TaskDependency.Form) -> [TaskKey: Int] {
    var columns = Dictionary(uniqueKeysWithValues: tasks.map { ($0.task.key, 0) })
    // Circles are left out, so the longest way has no more steps than there are tasks.
    for _ in tasks {
      var isSettled = true
      for standing in tasks {
        let key = standing.task.key
        let needs = standing.task.needs.compactMap { $0.task(in: form) }.filter { !standing.together.contains($0) }
        let after = needs.compactMap { columns[$0] }.map { $0 + 1 }
        let beside = standing.together.compactMap { columns[$0] }
        let column = (after + beside + [columns[key] ?? 0]).max() ?? 0
        if column != columns[key] { (columns[key], isSettled) = (column, false) }
      }
      if isSettled { break }
    }
    return columns
  }

  /// The drawing as a separate document.
  var svg: String {
    let title = LocalizedText("Tasks of route \(route.route)", "Opgaver for ruten \(route.route)")[language]
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(size.width)" height="\#(size.height)" viewBox="0 0 \#(size.width) \#(size.height)" role="img" font-family="sans-serif" font-size="12">"#,
      "<title>\(XMLText.escaped(title))</title>",
      #"<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="dimgray"/></marker></defs>"#,
      #"<rect width="100%" height="100%" fill="white"/>"#,
      #"<text x="\#(Box.margin)" y="24" font-size="16">\#(XMLText.escaped(heading))</text>"#,
    ]
    lines.append(legend)
    for standing in route.tasks { lines += arrows(to: standing) }
    for standing in route.tasks { lines.append(box(of: standing)) }
    lines.append("</svg>")
    return lines.joined(separator: "\n")
  }

  private var heading: String {
    [route.route, route.municipality?.title, route.integration].compactMap(\.self).joined(separator: " · ")
  }

  private var legend: String {
    var x = Box.margin
    let states = TaskReadiness.State.allCases.map { state in
      defer { x += 140 }
      return #"<rect x="\#(x)" y="36" width="14" height="14" fill="\#(Self.fill(state))" stroke="dimgray"/>"#
        + #"<text x="\#(x + 20)" y="48">\#(XMLText.escaped(state.title[language]))</text>"#
    }
    let dashes = LocalizedText("dashed: implied, dotted: uncertain", "stiplet: underforstået, prikket: usikker")
    return states.joined() + #"<text x="\#(x)" y="48">\#(dashes[language])</text>"#
  }

  private static func fill(_ state: TaskReadiness.State) -> String {
    switch state {
    case .done: "#cfe8cf"
    case .mayStart: "#cfe0f5"
    case .waits: "#eeeeee"
    case .fallenAway, .notNeeded: "#ffffff"
    }
  }

  private func box(of standing: TaskReadiness) -> String {
    guard let place = places[standing.task.key] else { return "" }
    let task = standing.task
    let title = task.title[language]
    let full = [title, task.actor[language], task.place[language], standing.evidence?.sentence[language]]
      .compactMap(\.self).joined(separator: "\n")
    let dash = task.mode.isRequired ? "" : #" stroke-dasharray="5 3""#
    let shown = title.count > 40 ? title.prefix(39) + "…" : title[...]
    return """
      <g><title>\(XMLText.escaped(full))</title>\
      <rect x="\(place.x)" y="\(place.y)" width="\(Box.width)" height="\(Box.height)" rx="4" \
      fill="\(Self.fill(standing.state))" stroke="dimgray"\(dash)/>\
      <text x="\(place.x + 8)" y="\(place.y + 18)" font-weight="bold">\(XMLText.escaped(task.key.description)) \
      <tspan font-weight="normal">\(XMLText.escaped(standing.state.title[language]))</tspan></text>\
      <text x="\(place.x + 8)" y="\(place.y + 35)" font-size="11">\(XMLText.escaped(String(shown)))</text></g>
      """
  }

  private func arrows(to standing: TaskReadiness) -> [String] {
    guard let end = places[standing.task.key] else { return [] }
    var lines = standing.task.needs.compactMap { need -> String? in
      guard let key = need.task(in: form), let start = places[key], !standing.together.contains(key) else { return nil }
      let dash: String
      switch need.origin {
      case .printed: dash = ""
      case .implied, .house: dash = #" stroke-dasharray="6 4""#
      case .uncertain: dash = #" stroke-dasharray="2 4""#
      }
      let (x1, y1) = (start.x + Box.width, start.y + Box.height / 2)
      let (x2, y2) = (end.x, end.y + Box.height / 2)
      let bend = max(30, (x2 - x1) / 2)
      return
        #"<path d="M\#(x1) \#(y1)C\#(x1 + bend) \#(y1) \#(x2 - bend) \#(y2) \#(x2) \#(y2)" fill="none" stroke="dimgray"\#(dash) marker-end="url(#tip)"/>"#
    }
    // Tasks that are done together: one line for each pair, without a tip.
    for key in standing.together where key.description > standing.task.key.description {
      guard let other = places[key] else { continue }
      let (y1, y2, x) = (end.y + Box.height / 2, other.y + Box.height / 2, end.x + Box.width)
      lines.append(
        #"<path d="M\#(x) \#(y1)C\#(x + 40) \#(y1) \#(x + 40) \#(y2) \#(x) \#(y2)" fill="none" stroke="dimgray" stroke-width="3"/>"#
      )
    }
    return lines
  }
}
