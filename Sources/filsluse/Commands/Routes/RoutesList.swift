import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes list`: the routes of the register with their states.
struct RoutesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: LocalizedText(
      "List the routes of the register, with the states of InfRef and order.",
      "Vis registrets ruter med tilstanden for InfRef og bestilling."
    ).shown,
    discussion: LocalizedText(
      """
      Of a list with mistakes the routes that can be read are shown, then the mistakes on standard error. It ends with 78, \
      because no other command uses such a list before it is mended.
      """,
      """
      Er der fejl i listen, vises de ruter, der kan læses, og derefter fejlene på standardfejl. Den slutter med 78, for ingen \
      anden kommando bruger sådan en liste, før den er rettet.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "Only routes of this municipality, by code or name.", "Kun ruter for denne kommune, ved kode eller navn.",
      valueName: "0751"))
  var municipality: String?

  @Option(
    help: ArgumentHelp(
      "Only routes of municipalities in this region.", "Kun ruter for kommuner i denne region.",
      valueName: "Midtjylland"), transform: region)
  var region: Municipality.Region?

  @Option(help: ArgumentHelp("Only routes of this InfRef.", "Kun ruter med denne InfRef."))
  var infref: String?

  @Option(
    help: ArgumentHelp(
      "Only routes to this IT-system, CVR number, name, or receiver of a template.",
      "Kun ruter til dette it-system, CVR-nummer, navn eller denne modtager i en skabelon.", valueName: "receiver"))
  var receiver: String?

  @Option(
    help: ArgumentHelp(
      "Only routes in this state of their InfRef or order; none for those without a recorded order.",
      "Kun ruter i denne tilstand af InfRef eller bestilling; none for dem uden optegnet bestilling."))
  var state: StateName?

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  /// The states for filtering the list.
  enum StateName: String, ExpressibleByArgument, CaseIterable {
    case requested, assigned, declared, created, ordered, confirmed, ended, none
  }

  func run() async throws {
    let (register, refusal) = try settings.loadReadableRegister()
    let wanted = try municipality.map(Self.municipality)
    let readiness = Readiness(register)
    let all = register.routes.map { ListedRoute($0, register, readiness) }
    // The route that is asked for may be one of those that cannot be read.
    if refusal == nil { try check(all, of: register) }
    let listed = all.filter { route in
      (wanted == nil || route.municipality == wanted?.code)
        && (region == nil || route.region == region?.rawValue) && (infref == nil || route.infref == infref)
        && (receiver.map(route.isReceived) ?? true) && (state.map(route.has) ?? true)
    }
    if output.json {
      try Output.print(json: listed)
    } else {
      var table = LongTable(header: ListedRoute.header(in: language.chosen))
      for route in listed { table.add(route.row.map(Printable.text)) }
      table.end()
    }
    if let refusal { throw refusal }
  }

  /// Refuses an InfRef and a receiver that no route has: an empty list of it would read as "there is no route yet".
  private func check(_ all: [ListedRoute], of register: RouteRegister) throws(CommandFailure) {
    if let infref {
      let known = Set(all.compactMap(\.infref)).sorted()
      try KnownName.check(
        infref, isAmong: known, LocalizedText("no route has the InfRef", "ingen rute har InfRef"), register.holder)
    }
    if let receiver, !all.contains(where: { $0.isReceived(by: receiver) }) {
      let known = Set(all.flatMap(\.offeredReceivers)).sorted()
      try KnownName.check(
        receiver, isAmong: known, LocalizedText("no route goes to", "ingen rute går til"), register.holder)
    }
  }

  /// Reads a region's name, with or without the word before it, in any case.
  private static func region(_ text: String) throws -> Municipality.Region {
    let name = text.lowercased().replacing("region ", with: "")
    guard let region = Municipality.Region.allCases.first(where: { $0.rawValue.lowercased() == name }) else {
      let known = Municipality.Region.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "“\(text)” is no region", "„\(text)“ er ingen region",
        remedy: LocalizedText("the regions are \(known)", "regionerne er \(known)"))
    }
    return region
  }

  static func municipality(_ text: String) throws -> Municipality {
    guard let found = Municipality(code: text) ?? MunicipalityName.municipality(named: text) else {
      let near = MunicipalityName.question(about: text).map { "\($0.shown) " }
      throw ValidationError(
        "“\(text)” is no municipality", "„\(text)“ er ingen kommune",
        remedy: LocalizedText(
          "\(near ?? "")write its code or name, such as 0751 or Aarhus",
          "\(near ?? "")skriv dens kode eller navn, fx 0751 eller Aarhus"))
    }
    return found
  }
}

/// A route as the list shows it.
private struct ListedRoute: Encodable {
  let name: String
  let line: Int
  let template: String?
  let receiver: String?
  let direction: String
  let account: String
  let integration: String?
  let infref: String?
  let infrefState: String?
  let orderState: String?
  let monitoringState: String?
  let municipality: String?
  let municipalityName: String?
  let region: String?
  let senderSystem: String?
  let senderAuthority: String?
  let recipientSystem: String?
  let recipientAuthority: String?
  let recipientName: String?
  let recipients: [String]?
  let validFrom: String?
  let validTo: String?
  let contact: String?

  init(_ route: RegisteredRoute, _ register: RouteRegister, _ readiness: Readiness) {
    name = route.name
    line = route.position.line
    (template, receiver) = (route.template, route.receiver)
    direction = route.direction.rawValue
    account = route.account
    integration = readiness.integration(of: route)
    infref = route.infRef?.name
    infrefState = register.infRefState(of: route)?.rawValue
    orderState = register.record.orderState(of: .route, for: route.name)?.rawValue
    monitoringState = register.record.orderState(of: .monitoring, for: route.name)?.rawValue
    municipality = route.municipality?.code
    municipalityName = route.municipality?.name
    region = route.municipality?.region.rawValue
    senderSystem = route.addressing?.senderITSystem.rawValue
    senderAuthority = route.addressing?.senderAuthority.digits
    recipientSystem = route.recipientITSystem?.rawValue
    recipientAuthority = route.addressing?.recipientAuthority.digits
    recipientName = route.recipientAuthorityName
    if case .direct(let users) = route.kind { recipients = users } else { recipients = nil }
    validFrom = route.validFrom?.description
    validTo = route.validTo?.description
    contact = route.contact.map(Masked.name)
  }

  /// The receiver's names in the list's templates: its own name there, and the template's.
  var receiverNames: [String] {
    let templates = template?.split(separator: "|").map { String($0).trimmed } ?? []
    return [receiver].compactMap(\.self) + templates
  }

  /// The names of the receiver that are proposed where one is not known.
  var offeredReceivers: [String] { [recipientName, recipientAuthority].compactMap(\.self) + receiverNames }

  /// Returns true if the text names the receiver: its system, its authority, its name in a template, or a part of its
  /// authority's name.
  func isReceived(by text: String) -> Bool {
    let lowered = text.lowercased()
    return [recipientSystem, recipientAuthority].contains(lowered) || (recipients?.contains(text) ?? false)
      || receiverNames.contains(text) || (recipientName?.lowercased().contains(lowered) ?? false)
  }

  func has(_ state: RoutesList.StateName) -> Bool {
    state == .none ? orderState == nil : infrefState == state.rawValue || orderState == state.rawValue
  }

  static func header(in language: ReportLanguage) -> [String] {
    switch language {
    case .english: ["ROUTE", "WAY", "INFREF", "STATE", "ORDER", "MUNICIPALITY", "RECIPIENT", "ACCOUNT"]
    case .danish: ["RUTE", "VEJ", "INFREF", "TILSTAND", "BESTILLING", "KOMMUNE", "MODTAGER", "KONTO"]
    }
  }

  var row: [String] {
    [
      name, direction, infref ?? "-", infrefState ?? "-", orderState ?? "-",
      municipality.map { "\($0) \(municipalityName ?? "")" } ?? "-",
      recipientAuthority.map { [$0, recipientName].compactMap(\.self).joined(separator: " ") }
        ?? recipients?.joined(separator: ",") ?? "-", account,
    ]
  }
}
