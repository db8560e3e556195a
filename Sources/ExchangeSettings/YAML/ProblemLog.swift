internal import SystemPackage
internal import TriggerFiles
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
    _ message: LocalizedText, remedy: LocalizedText? = nil, severity: SettingsProblem.Severity = .error
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
      SettingsProblem(
        code: .unacceptable, file: file,
        message: LocalizedText(
          "there may be more problems; reading stopped here", "der kan være flere fejl; læsningen standsede her"))
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

/// Words a syntax error of the YAML parser plainly, with its place.
enum SyntaxProblem {
  static func report(_ error: any Error, in text: String, log: ProblemLog) {
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _):
      let place = Place(line: mark.line, column: mark.column)
      let surroundings = context.map(shown) ?? LocalizedText("")
      let said = LocalizedText(problem, danish(problem) ?? "„\(problem)“")
      log.report(
        .syntax, at: place,
        LocalizedText("not YAML: ", "ikke YAML: ") + said + surroundings,
        remedy: remedy(for: problem, at: place, in: text))
    case YamlError.memory:
      // The parser's only sign that its limit of nested brackets and levels was passed.
      log.report(.unacceptable, at: nil, tooDeep)
    default:
      log.report(.syntax, at: nil, LocalizedText("not YAML: \(error)", "ikke YAML: „\(error)“"))
    }
  }

  /// The message for a file that is nested too deep, at any place.
  static let tooDeep = LocalizedText("nested deeper than any setting", "dybere indlejret end nogen indstilling")

  private static func shown(_ context: YamlError.Context) -> LocalizedText {
    if context.text.isEmpty { return LocalizedText("") }
    let place = "\(context.mark.line):\(context.mark.column)"
    return LocalizedText(" (\(context.text) at \(place))", " („\(context.text)“ i \(place))")
  }

  /// The parser's commonest findings in Danish; `nil` for any other, which is quoted.
  private static func danish(_ problem: String) -> String? {
    switch problem {
    case "mapping values are not allowed in this context": "her kan ikke stå en nøgle med en værdi"
    case "could not find expected ':'": "der mangler et kolon"
    case "found unexpected end of stream": "filen slutter for tidligt"
    case "found unexpected ':'": "der står et kolon, hvor det ikke kan stå"
    case "found character that cannot start any token": "et tegn, som ingen tekst kan begynde med"
    case "found undefined alias": "et alias, som ikke er fastlagt"
    case "did not find expected key": "der mangler en nøgle"
    case "did not find expected '-' indicator": "der mangler en bindestreg"
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
      "der mangler et komma eller en slutparentes"
    default: nil
    }
  }

  private static func remedy(for problem: String, at place: Place, in text: String) -> LocalizedText? {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.indices.contains(place.line - 1) {
      let indentation = lines[place.line - 1].prefix { $0 == " " || $0 == "\t" }
      if indentation.contains("\t") {
        return LocalizedText("indent with spaces, never with tabs", "ryk ind med mellemrum, aldrig med tabulatortegn")
      }
    }
    return switch problem {
    case "mapping values are not allowed in this context":
      LocalizedText(
        "put text with a colon in quotes, or check the indentation",
        "sæt tekst med kolon i anførselstegn, eller se på indrykningen")
    case "could not find expected ':'": LocalizedText("end the key with a colon", "slut nøglen med et kolon")
    case "found unexpected end of stream":
      LocalizedText("close the quotation mark or bracket", "luk anførselstegnet eller parentesen")
    case "found character that cannot start any token":
      LocalizedText("put the text in quotes", "sæt teksten i anførselstegn")
    case "found undefined alias":
      LocalizedText("put text that begins with * in quotes", "sæt tekst, der begynder med *, i anførselstegn")
    case "did not find expected key", "did not find expected '-' indicator":
      LocalizedText("check the indentation", "se på indrykningen")
    default: nil
    }
  }
}
