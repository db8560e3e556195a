import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes record order`: a step of the order of routes, or of their pickup monitoring.
struct RecordOrder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: LocalizedText(
      "Record that routes, or their pickup monitoring, are ordered, confirmed or ended.",
      "Optegn, at ruter, eller overvågningen af dem, er bestilt, bekræftet eller opsagt."
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The step: ordered, confirmed or ended.",
      "Trinnet: ordered (bestilt), confirmed (bekræftet) eller ended (opsagt)."),
    completion: .list(RouteOrder.State.allCases.map(\.rawValue)),
    transform: ListedValue.parse)
  var state: RouteOrder.State

  @Flag(
    help: ArgumentHelp(
      "It is the order of pickup monitoring, not of the route itself.",
      "Det er bestillingen af overvågning, ikke af selve ruten."))
  var monitoring = false

  @OptionGroup var selection: RouteSelectionOptions
  @OptionGroup var recording: RecordingOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let recorder = try Recording(settings, recording, language, output)
    let routes = try selection.routes(of: recorder.register)
    let subject: RouteOrder.Subject = monitoring ? .monitoring : .route
    try recorder.add(
      routes.map { route -> RecordedEvent in
        let terms = OrderTerms(of: route, environment: recorder.environment(of: route))
        return .order(RouteOrder(route: route.name, subject: subject, state: state, terms: terms))
      })
  }
}

/// `filsluse routes record agreement`: the approval of service agreements by an authority.
struct RecordAgreement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement",
    abstract: LocalizedText(
      "Record that an authority has approved the service agreement of routes.",
      "Optegn, at en myndighed har godkendt ruters serviceaftale."
    ).shown,
    discussion: LocalizedText(
      """
      Where the sending and the receiving authority of a route differ, both have to approve; each approval is recorded by \
      itself, with --authority. An approval holds for the systems, the InfRef and the environment that the route has when \
      it is recorded.
      """,
      """
      Er en rutes afsendende og modtagende myndighed forskellige, skal begge godkende; hver godkendelse optegnes for sig, \
      med --authority. En godkendelse gælder for de systemer, den InfRef og det miljø, som ruten har, når den optegnes.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "The CVR number of the authority that approved; needed where two have to.",
      "CVR-nummeret for den myndighed, der har godkendt; kræves, hvor to skal.", valueName: "cvr"))
  var authority: String?

  @Flag(
    help: ArgumentHelp(
      "Record that the approval does not hold: it was recorded by mistake, or withdrawn.",
      "Optegn, at godkendelsen ikke gælder: den er optegnet ved en fejl eller trukket tilbage."))
  var withdraw = false

  @OptionGroup var selection: RouteSelectionOptions
  @OptionGroup var recording: RecordingOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let recorder = try Recording(settings, recording, language, output)
    let routes = try selection.routes(of: recorder.register)
    let approvals = try routes.map { ($0, try approver(of: $0)) }
    var events: [RecordedEvent] = []
    for (route, authority) in approvals {
      let approval = recorder.register.approval(of: route, by: authority)
      if withdraw, approval == nil {
        throw refusal(
          .badData, "\(route.name) has no approval by \(authority.digits) that could be withdrawn",
          "\(route.name) har ingen godkendelse fra \(authority.digits), der kan trækkes tilbage")
      }
      guard let earlier = approval, !withdraw else {
        events.append(
          .agreement(
            route: route.name, authority: authority, state: withdraw ? .withdrawn : .approved,
            terms: OrderTerms(ofAgreementOn: route, environment: recorder.environment(of: route))))
        continue
      }
      Output.note("filsluse: \(Printable.text(earlier.sentence[language.chosen]))")
    }
    let after = try recorder.add(events)
    if output.json { return }
    for route in routes {
      let missing = route.approvers.filter { after.approval(of: route, by: $0) == nil }
      guard !missing.isEmpty else { continue }
      let words = LocalizedText("still to be approved by", "mangler stadig godkendelse fra")[language.chosen]
      Output.print("\(route.name): \(words) \(missing.map(\.digits).joined(separator: ", "))")
    }
  }

  /// Returns the authority to record as approving a route.
  private func approver(of route: RegisteredRoute) throws(CommandFailure) -> CVRNumber {
    let approvers = route.approvers
    let known = approvers.map(\.digits).joined(separator: ", ")
    guard let first = approvers.first else {
      throw refusal(
        .badData, "\(route.name) is a direct route, which rests on no service agreement",
        "\(route.name) er en direkte rute, som ikke hviler på nogen serviceaftale")
    }
    guard let authority else {
      if approvers.count == 1 { return first }
      throw refusal(
        .usage, "\(route.name) has to be approved by two authorities", "\(route.name) skal godkendes af to myndigheder",
        remedy: LocalizedText("name one with --authority: \(known)", "angiv en med --authority: \(known)"))
    }
    guard let approver = approvers.first(where: { $0.digits == authority }) else {
      throw refusal(
        .badData, "\(authority) does not approve \(route.name), which needs \(known)",
        "\(authority) godkender ikke \(route.name), som kræver \(known)")
    }
    return approver
  }

  private func refusal(
    _ status: ExitStatus, _ english: String, _ danish: String, remedy: LocalizedText? = nil
  ) -> CommandFailure {
    CommandFailure(status, LocalizedText(english, danish), remedy: remedy, in: language.chosen)
  }
}
