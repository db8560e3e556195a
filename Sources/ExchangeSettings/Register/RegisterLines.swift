internal import SystemPackage
internal import TriggerFiles

/// A value of the list, with its position.
struct RegisterCell: Sendable, Hashable {
  let text: String
  let position: SourcePosition
}

/// A line of the list: a route, a template, or a receiver of a template.
struct RegisterLine: Sendable, Hashable {
  let position: SourcePosition
  var cells: [RegisterColumn: RegisterCell] = [:]
}

/// A template: values that many lines have in common.
struct RegisterTemplate: Sendable, Hashable {
  var line: RegisterLine
  /// The receivers: every line becomes a route for each of them.
  var receivers: [(name: String, line: RegisterLine)] = []

  static func == (one: Self, other: Self) -> Bool {
    one.line == other.line && one.receivers.map(\.name) == other.receivers.map(\.name)
      && one.receivers.map(\.line) == other.receivers.map(\.line)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(line) }
}

/// The list as it is written, before templates are filled in.
struct RegisterLines {
  var templates: [String: RegisterTemplate] = [:]
  var lines: [RegisterLine] = []
  /// The lines of templates that stand in comments, by the templates' names.
  var commentedTemplates: [String: Int] = [:]

  /// All lines with the names by which a table's rows name them: routes, templates and their receivers.
  var named: [(key: String, line: RegisterLine)] {
    var named = lines.map { line in (key: YAMLListEdit.key(line.values), line: line) }
    for (name, template) in templates {
      named.append((key: "@\(name)", line: template.line))
      for receiver in template.receivers { named.append((key: "@\(name)/\(receiver.name)", line: receiver.line)) }
    }
    return named
  }
}

/// The findings of one reading, in the order in which they were made.
final class RegisterLog {
  /// More findings than this are counted and not listed.
  static let most = 1000

  private let file: FilePath
  private(set) var findings: [RegisterFinding] = []
  private var unlisted = 0
  private(set) var hasErrors = false

  init(file: FilePath) { self.file = file }

  func report(
    _ code: RegisterFindingCode, at position: SourcePosition?, _ message: LocalizedText, _ remedy: LocalizedText,
    severity: Diagnostic.Severity = .error, about column: RegisterColumn? = nil
  ) {
    if severity == .error { hasErrors = true }
    guard findings.count < Self.most else {
      unlisted += 1
      return
    }
    var finding = RegisterFinding(
      code: code, severity: severity, file: file, position: position, message: message, remedy: remedy)
    finding.column = column
    findings.append(finding)
  }

  /// All findings in the order of the file, with a last one that counts those not listed.
  var sorted: [RegisterFinding] {
    let start = SourcePosition(line: 0, column: 0)
    let sorted = findings.enumerated().sorted { one, other in
      let places = [one.element.position ?? start, other.element.position ?? start]
      return places[0] == places[1] ? one.offset < other.offset : places[0] < places[1]
    }.map(\.element)
    guard unlisted > 0 else { return sorted }
    return sorted + [
      RegisterFinding(
        code: .tooLarge, severity: hasErrors ? .error : .warning, file: file,
        message: LocalizedText(
          "\(unlisted) more findings are not listed", "\(unlisted) fund mere er ikke vist"),
        remedy: LocalizedText("mend these first", "ret disse først"))
    ]
  }
}
