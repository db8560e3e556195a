import TriggerFiles

/// The argument parser's own texts. It words them in English alone, and gives no code for them: they are read here, and
/// nowhere else.
enum ParserText {
  /// Help, in the language of the output; any other text as it is.
  static func help(_ text: String) -> String {
    guard OutputLanguage.current == .danish, text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ") else {
      return text
    }
    return translated(text, headings + helpWords)
  }

  /// Wrong usage, in the language of the output. Where a value is none of a list, the one that was meant is proposed.
  static func error(_ text: String) -> String {
    var text = text
    if let meant = meantValue(in: text) {
      text = text.replacing(offer, with: "Did you mean '\(meant)'? \(offer)", maxReplacements: 1)
    }
    return OutputLanguage.current == .danish ? translated(text, headings + helpWords + errorWords) : text
  }

  private static let (valueBegins, valueEnds) = ("The value '", "' is invalid for '")
  private static let offer = "Please provide one of "

  /// The listed value that a wrong one is a slip away from.
  private static func meantValue(in text: String) -> String? {
    guard let begin = text.firstRange(of: valueBegins),
      let end = text[begin.upperBound...].firstRange(of: valueEnds),
      let list = text[end.upperBound...].firstRange(of: offer)
    else { return nil }
    let value = String(text[begin.upperBound..<end.lowerBound])
    let lines = text[list.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    // A short list stands between quotes on the line itself, a long one below it.
    let quoted = (lines.first ?? "").split(separator: "'", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    let listed = lines.filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
    return NearestName.to(value, among: quoted + listed)
  }

  private static func translated(_ text: String, _ words: [(english: String, danish: String)]) -> String {
    words.reduce(text) { $0.replacing($1.english, with: $1.danish) }
  }

  private static let headings: [(english: String, danish: String)] = [
    ("OVERVIEW: ", "OVERBLIK: "), ("USAGE: ", "BRUG: "), ("ARGUMENTS:\n", "ARGUMENTER:\n"),
    ("OPTIONS:\n", "TILVALG:\n"), ("SUBCOMMANDS:\n", "KOMMANDOER:\n"), ("Usage: ", "Brug: "), ("Error: ", "Fejl: "),
    ("Help:  ", "Hjælp:  "), ("  See '", "  Se '"), ("' for more information.", "' for mere."),
    ("' for detailed help.", "' for mere."),
  ]

  private static let helpWords: [(english: String, danish: String)] = [
    ("(values:", "(værdier:"), ("(default:", "(standard:"), ("; default:", "; standard:"),
    ("Show the version.", "Vis versionen."), ("Show help information.", "Vis hjælpen."),
  ]

  private static let errorWords: [(english: String, danish: String)] = [
    ("Unknown option '", "Ukendt tilvalg '"), ("Did you mean '", "Mente du '"),
    ("Missing value for '", "Der mangler en værdi til '"), ("Missing expected argument '", "Der mangler '"),
    ("Missing one of: '", "Der mangler et af: '"), ("Missing required subcommand.", "Der mangler en kommando."),
    ("Unexpected argument '", "Uventet argument '"), (" unexpected arguments: '", " uventede argumenter: '"),
    ("The value '", "Værdien '"), ("' is invalid for '", "' passer ikke til '"),
    ("Please provide one of the following:", "Vælg en af disse:"), ("Please provide one of '", "Vælg en af '"),
    ("' and '", "' og '"), ("' or '", "' eller '"), ("The option '", "Tilvalget '"),
    ("' does not take any value, but '", "' tager ingen værdi, men fik '"), ("' was specified.", "'."),
    ("Value to be set with flag '", "Værdien fra '"), ("' had already been set with flag '", "' er allerede sat med '"),
  ]
}
