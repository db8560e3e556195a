import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse journal copy`: a journal in another place, such as on a server.
struct JournalCopy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copy",
    abstract: LocalizedText(
      "Copy a journal to a place where there is none, such as from a file to a PostgreSQL server.",
      "Kopiér en journal til et sted, hvor der ikke er nogen, for eksempel fra en fil til en PostgreSQL-server."
    ).shown,
    discussion: LocalizedText(
      """
      The chain of entries is verified before and afterwards; where anything is wrong, nothing is copied. Nobody may use the \
      journal meanwhile: end filsluse run first.

      The journal that was copied stays as it is. Name the new place under journal: in the settings, and do not use the former \
      one again: neither knows what is sent with the other one.
      """,
      """
      Kæden af poster kontrolleres før og efter; er noget galt, kopieres intet. Ingen må bruge journalen imens: stop filsluse run \
      først.

      Den journal, der blev kopieret, bliver, som den er. Skriv det nye sted under journal: i indstillingerne, og brug ikke det \
      tidligere igen: ingen af de to kender det, der sendes med den anden.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "The journal: a file, or the address of a PostgreSQL database.",
      "Journalen: en fil eller adressen på en PostgreSQL-database.", valueName: "place"))
  var from: String

  @Option(
    help: ArgumentHelp(
      "The new place: a file, or the address of a PostgreSQL database.",
      "Det nye sted: en fil eller adressen på en PostgreSQL-database.", valueName: "place"))
  var to: String

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the password of the database.",
      "En fil, hvis første linje er adgangskoden til databasen.", valueName: "file"))
  var passwordFile: String?

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    for place in [from, to] where JournalServer.isAddress(place) {
      guard let trouble = JournalServer.trouble(withAddress: place) else { continue }
      throw ValidationError(trouble.found, remedy: trouble.remedy)
    }
  }

  func run() async throws {
    let copied = try await Journal.copy(from: location(from), to: location(to))
    if output.json {
      return try Output.print(
        json: Report(last: copied.last.description, deliveries: copied.deliveries, arrivals: copied.arrivals))
    }
    let (deliveries, arrivals) = (copied.deliveries, copied.arrivals)
    let text = LocalizedText(
      "\(deliveries.counted("delivery", "deliveries")) and \(arrivals.counted("arrival")) are copied, with the chain verified on both sides up to \(copied.last). Name \(to) under journal: in the settings, and do not use \(from) again",
      "\(deliveries.counted("levering", "leveringer")) og \(arrivals.counted("modtagelse", "modtagelser")) er kopieret, med kæden kontrolleret på begge sider til og med \(copied.last). Skriv \(to) under journal: i indstillingerne, og brug ikke \(from) igen"
    )
    Output.print(text.shown)
  }

  private func location(_ place: String) -> JournalLocation {
    guard JournalServer.isAddress(place) else { return .file(FilePath(place)) }
    return .server(JournalServer(address: place, passwordFile: passwordFile.map { FilePath($0) }))
  }

  private struct Report: Encodable {
    let last: String
    let deliveries: Int
    let arrivals: Int
  }
}
