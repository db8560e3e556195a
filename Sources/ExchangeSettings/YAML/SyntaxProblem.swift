internal import Yams

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
