import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes new`: adds one route.
struct RoutesNew: AsyncParsableCommand, TakesAssignments {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: LocalizedText(
      "Add a route to the list, or with --replace change the one of that name.",
      "Føj en rute til listen, eller ret med --replace den med det navn."
    ).shown,
    discussion: LocalizedText(
      "Values are given as COLUMN=VALUE, with the columns of the list; without any, they are asked for on a terminal:",
      "Værdier gives som KOLONNE=VÆRDI, med listens kolonner; uden nogen spørges der om dem i en terminal:"
    ).shown + "\n\n"
      + RegisterColumn.allCases.map { "\($0.rawValue): \($0.meaning.shown)" }.joined(separator: "\n"))

  @Argument(
    help: ArgumentHelp(
      "The values, such as template=flis municipality=0751 authority=55133018.",
      "Værdierne, fx template=flis municipality=0751 authority=55133018."))
  var values: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Change the line that the list has already; otherwise it is refused.",
      "Ret den linje, listen allerede har; ellers afvises det."))
  var replace = false

  @Flag(help: ArgumentHelp("Only show what would change.", "Vis kun, hvad der ville blive ændret."))
  var dryRun = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  static var assignedNames: [String] { RegisterColumn.allCases.map(\.rawValue) }

  func validate() throws { _ = try values.map(Self.pair) }

  func run() async throws {
    let pairs = try values.isEmpty ? asked(try settings.file) : try values.map(Self.pair)
    guard pairs.contains(where: { !$0.1.allSatisfy(\.isWhitespace) }) else {
      throw ValidationError(
        "every value is empty", "alle værdier er tomme",
        remedy: LocalizedText(
          "write COLUMN=VALUE, such as municipality=0751", "skriv KOLONNE=VÆRDI, fx municipality=0751"))
    }
    func cell(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
    let table = [pairs.map(\.0), pairs.map(\.1)].map { $0.map(cell).joined(separator: ";") + "\n" }.joined()
    let change = try ListChange(
      settings: settings, table: Array(table.utf8), name: "routes new", words: pairs.map { "\($0.0)=\($0.1)" },
      replacing: replace, isTrial: dryRun)
    try change.show(json: output.json, in: language.chosen)
  }

  private static func pair(_ text: String) throws -> (String, String) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw ValidationError(
        "“\(text)” is no value", "„\(text)“ er ingen værdi",
        remedy: LocalizedText(
          "write COLUMN=VALUE, such as municipality=0751", "skriv KOLONNE=VÆRDI, fx municipality=0751"))
    }
    return (String(text[..<sign]), String(text[text.index(after: sign)...]))
  }

  // MARK: Asking

  /// Asks for values at the terminal: with a template, for those that differ from line to line; without one, for all
  /// that a route needs.
  private func asked(_ file: FilePath) throws -> [(String, String)] {
    OutputLanguage.take(SettingsReading(file).settings)
    guard let dialogue = Dialogue(in: language.chosen) else {
      throw ValidationError(
        remedy: LocalizedText(
          "give COLUMN=VALUE, such as template=flis municipality=0751, or run it on a terminal",
          "angiv KOLONNE=VÆRDI, fx template=flis municipality=0751, eller kør den i en terminal"))
    }
    let (settings, register) = try ExchangeSettings.loadWithRegister(file)
    let templates = register?.templates ?? []
    let account = settings.accounts.count == 1 ? settings.accounts[0].name : nil
    var pairs: [(RegisterColumn, String)] = []
    /// Asks for a column's value, and takes it up unless it is the list's own default.
    @discardableResult func ask(
      _ column: RegisterColumn, _ standard: String?, usually usual: String? = nil
    ) throws -> String {
      let title = LocalizedText("\(column.rawValue): ") + column.meaning
      let answer = try dialogue.ask(title, standard: standard ?? usual) { Self.problem(with: $0, in: column) }
      if !answer.isEmpty, answer != usual { pairs.append((column, answer)) }
      return answer
    }
    if !templates.isEmpty { try ask(.template, templates.count == 1 ? templates[0] : "") }
    var kind: String?
    if pairs.isEmpty {
      try ask(.name, nil)
      try ask(.account, account)
      let direction = try ask(.direction, nil, usually: RegisteredRoute.Direction.out.rawValue)
      kind = try ask(.kind, nil, usually: RouteKind.Name.explicit.rawValue)
      if kind == RouteKind.Name.direct.rawValue {
        try ask(.recipients, nil)
      } else {
        try ask(.infRef, nil)
        if direction == RegisteredRoute.Direction.in.rawValue {
          try ask(.senderITSystem, nil)
        } else if kind == RouteKind.Name.explicit.rawValue {
          try ask(.recipientITSystem, nil)
        }
      }
    }
    try ask(.municipality, "")
    // A direct route tells the platform no authority.
    if kind != RouteKind.Name.direct.rawValue { try ask(.authority, "") }
    return pairs.map { ($0.0.rawValue, $0.1) }
  }

  private static func problem(with text: String, in column: RegisterColumn) -> LocalizedText? {
    guard !text.isEmpty else {
      return [.name, .infRef, .account, .recipients, .senderITSystem, .recipientITSystem].contains(column)
        ? LocalizedText("an answer is needed", "der mangler et svar") : nil
    }
    let isKnown = Municipality(code: text) != nil || MunicipalityName.municipality(named: text) != nil
    switch column {
    case .municipality where !isKnown:
      let meant = MunicipalityName.question(about: text)
      return LocalizedText("there is no such municipality", "der er ingen sådan kommune")
        + (meant.map { LocalizedText("; ") + $0 } ?? LocalizedText(""))
    case .direction where RegisteredRoute.Direction(rawValue: text) == nil,
      .kind where RouteKind.Name(rawValue: text) == nil:
      return column.meaning
    case .authority where (try? CVRNumber(text)) == nil:
      return LocalizedText("a CVR number of 8 digits is expected", "der ventes et CVR-nummer på 8 cifre")
    default: return nil
    }
  }
}
