import TriggerFiles

/// The argument parser's own texts. The parser words them only in English, and gives no code for them; this is the only
/// place that reads them.
enum ParserText {
  /// Returns help in the language of the output, and any other text unchanged.
  static func help(_ text: String) -> String {
    guard OutputLanguage.current == .danish, text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ") else {
      return text
    }
    let lines = translated(text, headings + helpWords).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { helpLine(String($0)) }.joined(separator: "\n")
  }

  /// The character between the message of our own usage errors and the remedy: the parser hands on one text.
  static let remedyMark: Character = "\u{1F}"

  /// Words a usage error in the language of the output. For an invalid value of a list, it suggests a similar one.
  static func error(_ text: String) -> String {
    let text = withMeantValue(text).replacing(": \(remedyMark)", with: ": ")
    return worded(String(text.drop { $0 == remedyMark }).replacing("\(remedyMark)", with: "; "))
  }

  /// The remedy that a usage error names, in the language of the output; `nil` where it names none.
  static func remedy(in text: String) -> String? {
    if let mark = text.lastIndex(of: remedyMark) { return worded(String(text[text.index(after: mark)...])) }
    let text = withMeantValue(text)
    return [question, offer].compactMap { text.firstRange(of: $0)?.lowerBound }.min().map {
      worded(String(text[$0...]))
    }
  }

  private static func withMeantValue(_ text: String) -> String {
    guard let meant = meantValue(in: text) else { return text }
    return text.replacing(offer, with: "\(question)\(meant)'? \(offer)", maxReplacements: 1)
  }

  private static func worded(_ text: String) -> String {
    guard OutputLanguage.current == .danish else { return quoted(text, "“", "”") }
    return quoted(withPlaceholders(translated(text, headings + helpWords + errorWords)), "„", "“")
  }

  /// The parser's usage error for an unknown language. Help is shown before the options are parsed.
  static func unknownLanguage(_ name: String) -> String {
    let known = ReportLanguage.allCases.map(\.rawValue).sorted().map { "'\($0)'" }.joined(separator: " and ")
    return "The value '\(name)' is invalid for '--language <language>'. Please provide one of \(known)."
  }

  /// A line of help with its placeholders in Danish. The text beside an option stays in its column.
  private static func helpLine(_ line: String) -> String {
    guard line.hasPrefix("  "), let gap = line.dropFirst(2).firstRange(of: "  ") else { return withPlaceholders(line) }
    let text = line[gap.lowerBound...].drop { $0 == " " }
    let column = line.count - text.count
    let label = withPlaceholders(String(line[..<gap.lowerBound]))
    let isRoomy = label.count + 2 <= column
    let room = String(repeating: " ", count: isRoomy ? column - label.count : column)
    return isRoomy ? "\(label)\(room)\(text)" : "\(label)\n\(room)\(text)"
  }

  private static func withPlaceholders(_ text: String) -> String {
    guard text.contains("<") else { return text }
    return placeholders.reduce(text) { $0.replacing("<\($1.english)>", with: "<\($1.danish)>") }
  }

  /// The text with the quotation marks of a language in place of the parser's apostrophes.
  private static func quoted(_ text: String, _ begin: Character, _ end: Character) -> String {
    let characters = Array(text)
    var quoted = ""
    var isOpen = false
    for (index, character) in characters.enumerated() {
      let beside = characters.indices.contains(index + (isOpen ? 1 : -1)) ? characters[index + (isOpen ? 1 : -1)] : " "
      // An apostrophe inside a word is one.
      guard character == "'", !beside.isLetter, !beside.isNumber else {
        quoted.append(character)
        continue
      }
      quoted.append(isOpen ? end : begin)
      isOpen.toggle()
    }
    return quoted
  }

  private static let (valueBegins, valueEnds) = ("The value '", "' is invalid for '")
  private static let (question, offer) = ("Did you mean '", "Please provide one of ")

  /// The listed value that a wrong one is a slip away from.
  private static func meantValue(in text: String) -> String? {
    guard let begin = text.firstRange(of: valueBegins),
      let end = text[begin.upperBound...].firstRange(of: valueEnds),
      let list = text[end.upperBound...].firstRange(of: offer)
    else { return nil }
    let value = String(text[begin.upperBound..<end.lowerBound])
    let lines = text[list.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    // A short list is between quotes on the line itself, a long one below it.
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

  private static let placeholders: [(english: String, danish: String)] = [
    ("options", "tilvalg"), ("subcommand", "kommando"), ("account", "konto"), ("address:port", "adresse:port"),
    ("alert", "alarm"), ("alerts", "alarmer"), ("as", "som"), ("code", "kode"), ("deliveries", "leveringer"),
    ("dir", "mappe"), ("fail-on", "grænse"), ("file", "fil"), ("files", "filer"), ("group", "gruppe"),
    ("host", "vært"), ("key-type", "nøgletype"), ("kind", "slags"), ("language", "sprog"),
    ("list.csv", "liste.csv"), ("log-format", "logformat"), ("machine", "maskine"), ("municipality", "kommune"),
    ("name", "navn"), ("names", "navne"), ("new", "ny"), ("number", "nummer"), ("number:hash", "nummer:hash"),
    ("numbers", "numre"), ("old", "gammel"), ("paths", "stier"), ("period", "tidsrum"), ("place", "sted"),
    ("reason", "grund"), ("receiver", "modtager"), ("route", "rute"), ("sender", "afsender"),
    ("silences", "dæmpninger"), ("sort", "slags"), ("state", "tilstand"), ("task", "opgave"), ("text", "tekst"),
    ("time", "tidspunkt"), ("user", "bruger"), ("values", "værdier"),
  ]

  private static let errorWords: [(english: String, danish: String)] = [
    ("Unknown option '", "Ukendt tilvalg '"), ("Did you mean '", "Mente du '"),
    ("Missing value for '", "Der mangler en værdi til '"), ("Missing expected argument '", "Der mangler '"),
    ("Missing one of: '", "Der mangler et af: '"), ("Missing required subcommand.", "Der mangler en kommando."),
    ("Unexpected argument '", "Uventet argument '"), (" unexpected arguments: '", " uventede argumenter: '"),
    ("The value '", "Værdien '"), ("' is invalid for '", "' passer ikke til '"),
    ("Please provide one of the following:", "Vælg en af disse:"), ("Please provide one of '", "Vælg en af '"),
    ("', without '", "', uden '"), ("=VALUE'", "=VÆRDI'"), ("'VALUE'", "'VÆRDI'"), ("' and '", "' og '"),
    ("' or '", "' eller '"), ("The option '", "Tilvalget '"),
    ("' does not take any value, but '", "' tager ingen værdi, men fik '"), ("' was specified.", "'."),
    ("Value to be set with flag '", "Værdien fra '"), ("' had already been set with flag '", "' er allerede sat med '"),
  ]
}
