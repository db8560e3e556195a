import ArgumentParser
import ExchangeSettings
import TriggerFiles

/// `filsluse integration`: the documents' statements about KOMBIT's integrations.
struct IntegrationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "integration",
    abstract: LocalizedText(
      "List and explain KOMBIT's integrations: what moves by file, and what a document says of it.",
      "Vis og forklar KOMBITs integrationer: hvad der flyttes som fil, og hvad et dokument siger om det."
    ).shown,
    subcommands: [IntegrationList.self, IntegrationExplain.self])
}

/// `filsluse integration list`: the catalogue, and further integrations named in public pages.
struct IntegrationList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: LocalizedText(
      "List the integrations of KOMBIT's interface catalogue, and those named beside it.",
      "Vis integrationerne i KOMBITs snitfladekatalog og dem, der er nævnt ved siden af."
    ).shown)

  @Flag(help: ArgumentHelp("Only those that move files over SFTP.", "Kun dem, der flytter filer over SFTP."))
  var files = false

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let list = Integration.all.filter { $0.movesFiles || !files }
    if output.json { try Output.print(json: list) } else { Output.print(Self.table(list, in: language.chosen)) }
  }

  private static func table(_ list: [Integration], in language: ReportLanguage) -> String {
    let header = ["INTEGRATION", "CARRIER", "RESTS ON", "TITLE"]
    let danish = ["INTEGRATION", "GÅR VIA", "HVILER PÅ", "TITEL"]
    var table = Table(header: language == .danish ? danish : header)
    for integration in list {
      let basis = integration.carrierBasis.map { $0.document.rawValue }
      let isBeside =
        integration.isInCatalogue ? "" : LocalizedText(" (not in the catalogue)", " (ikke i kataloget)")[language]
      table.add([
        integration.id == integration.title ? "–" : integration.id, integration.carrier.rawValue,
        basis.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", "),
        integration.title + isBeside,
      ])
    }
    return table.text
  }
}

/// `filsluse integration explain`: everything known about one integration.
struct IntegrationExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract:
      LocalizedText(
        "Tell an integration's InfRefs, way, tasks and monitoring, whom to ask, and what each statement rests on.",
        "Fortæl om en integrations InfRef, vej, opgaver og overvågning, hvem der kan spørges, og hvad hvert udsagn hviler på."
      ).shown,
    discussion: LocalizedText(
      """
      An integration is found by its number with or without part and version (SF1590_D, sf1590-d 2.2, SF1590_D_V2), by an \
      older number (SF2002), a service, an InfRef, or words of its title (SAPA). A name that means none ends with 65.
      """,
      """
      En integration findes ved sit nummer med eller uden del og version (SF1590_D, sf1590-d 2.2, SF1590_D_V2), ved et ældre \
      nummer (SF2002), en service, en InfRef eller ord fra titlen (SAPA). Et navn, der ikke betyder nogen, slutter med 65.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The number, the older number, the service, the InfRef, or words of the title.",
      "Nummeret, det ældre nummer, servicen, InfRef eller ord fra titlen."))
  var name: [String]

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let search = Integration.search(name.joined(separator: " "))
    let language = language.chosen
    guard !search.integrations.isEmpty else {
      throw CommandFailure(
        .badData, code: .unknownIntegration, search.failure, remedy: search.remedy, in: language)
    }
    if output.json {
      try Output.print(json: IntegrationExplanation(search))
    } else {
      Output.print(search.readable(in: language))
    }
  }
}

/// The answer about one or several integrations.
private struct IntegrationExplanation: Encodable {
  let text: String
  let number: IntegrationNumber?
  let integrations: [Integration]
  let tasks: [OnboardingTasks]
  let olderTasks: [OlderTaskSheet]
  let commonRules: [IntegrationStatement]

  init(_ search: IntegrationSearch) {
    (text, number, integrations) = (search.text, search.number, search.integrations)
    tasks = search.integrations.compactMap { OnboardingTasks.of($0.id) }
    olderTasks = search.integrations.compactMap { OlderTaskSheet.of($0.id) }
    commonRules = Integration.commonRules
  }
}

extension IntegrationSearch {
  /// The reason why no integration is shown.
  fileprivate var failure: LocalizedText {
    LocalizedText("no integration is called “\(text)”", "ingen integration hedder „\(text)“")
  }

  /// The remedy: the integration that may be meant, and the list of all.
  fileprivate var remedy: LocalizedText {
    let known = LocalizedText(
      "filsluse integration list shows the known ones", "filsluse integration list viser de kendte")
    return nearest.map { NearestName.question($0) + LocalizedText(" ") + known } ?? known
  }

  fileprivate func readable(in language: ReportLanguage) -> String {
    var blocks = integrations.map {
      $0.readable(version: number?.version, alias: $0.alias(for: text, number), in: language)
    }
    blocks += integrations.compactMap { OnboardingTasks.of($0.id)?.readable(in: language) }
    blocks += integrations.compactMap { OlderTaskSheet.of($0.id)?.readable(in: language) }
    if integrations.contains(where: \.isInCatalogue) {
      let title = LocalizedText("Of every integration of the catalogue:", "Om enhver integration i kataloget:")
      let rules = Integration.commonRules.map { "- " + $0.sentence(in: language) }
      blocks.append(([title[language]] + rules).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }
}
