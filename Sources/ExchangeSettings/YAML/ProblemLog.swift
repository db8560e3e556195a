internal import SystemPackage
internal import Yams

/// The problems found so far in one file. Reading goes on after a problem, so that one pass finds them all.
final class ProblemLog {
  /// More problems than this are no help to anybody; reading then stops looking for more.
  static let most = 100

  private let file: FilePath
  private var problems: [SettingsProblem] = []

  /// True once the limit of problems is reached and reading stops.
  var isFull: Bool { problems.count >= Self.most }

  /// The number of problems that make the settings unusable.
  var errorCount: Int { problems.count { $0.severity == .error } }

  init(file: FilePath) { self.file = file }

  func report(
    _ code: SettingsProblem.Code, in other: FilePath? = nil, at place: Place?, keyPath: String = "",
    _ message: String, remedy: String? = nil, severity: SettingsProblem.Severity = .error
  ) {
    add(
      SettingsProblem(
        code: code, severity: severity, file: other ?? file, line: place?.line, column: place?.column, keyPath: keyPath,
        message: message, remedy: remedy))
  }

  func add(_ problem: SettingsProblem) {
    if !isFull { problems.append(problem) }
  }

  /// The problems that make the settings unusable, in the order of the file.
  var errors: [SettingsProblem] {
    let errors = sorted { $0.severity == .error }
    guard isFull else { return errors }
    return errors + [
      SettingsProblem(code: .unacceptable, file: file, message: "there may be more problems; reading stopped here")
    ]
  }

  /// The problems that do not.
  var warnings: [SettingsProblem] { sorted { $0.severity == .warning } }

  private func sorted(where wanted: (SettingsProblem) -> Bool) -> [SettingsProblem] {
    problems.filter(wanted).enumerated().sorted { one, other in
      let places = [one, other].map { problem in
        (problem.element.file == file ? 0 : 1, problem.element.line ?? 0, problem.element.column ?? 0, problem.offset)
      }
      return places[0] < places[1]
    }.map(\.element)
  }
}

/// A place in the file, counted from 1; columns in Unicode scalars.
struct Place: Hashable {
  var line: Int
  var column: Int
}

/// Says in plain words what the YAML parser choked on, and where.
enum SyntaxProblem {
  static func report(_ error: any Error, in text: String, log: ProblemLog) {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      let place = Place(line: mark.line, column: mark.column)
      log.report(
        .syntax, at: place, "not YAML: \(problem)\(context.map(shown) ?? "")",
        remedy: remedy(for: problem, at: place, in: text))
    case YamlError.memory:
      // The parser's only sign that its limit of nested brackets and levels was passed.
      log.report(.unacceptable, at: nil, "nested deeper than any setting")
    default:
      log.report(.syntax, at: nil, "not YAML: \(error)")
    }
  }

  private static func shown(_ context: YamlError.Context) -> String {
    context.text.isEmpty ? "" : " (\(context.text) at \(context.mark.line):\(context.mark.column))"
  }

  private static func remedy(for problem: String, at place: Place, in text: String) -> String? {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.indices.contains(place.line - 1) {
      let indentation = lines[place.line - 1].prefix { $0 == " " || $0 == "\t" }
      if indentation.contains("\t") { return "indent with spaces, never with tabs" }
    }
    return switch problem {
    case "mapping values are not allowed in this context": "put text with a colon in quotes, or check the indentation"
    case "could not find expected ':'": "end the key with a colon"
    case "found unexpected end of stream": "close the quotation mark or bracket"
    case "found character that cannot start any token": "put the text in quotes"
    case "found undefined alias": "put text that begins with * in quotes"
    case "did not find expected key", "did not find expected '-' indicator": "check the indentation"
    default: nil
    }
  }
}
