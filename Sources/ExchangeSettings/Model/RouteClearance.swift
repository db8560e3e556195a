public import FilsluseBase
public import SystemPackage
public import TriggerFiles

/// The verdict on a route before a file is sent by it, by the route register (contract sections 4 and 5).
///
/// Refusals apply in production only. In external test, an InfRef that is not created yet is a remark. In an unknown
/// environment, only a changed data specification is checked.
public struct RouteClearance: Sendable, Hashable {
  /// One reason for or against sending, with its remedy.
  public struct Reason: Sendable, Hashable {
    /// The finding.
    public let message: LocalizedText
    /// The remedy.
    public let remedy: LocalizedText
    /// True for a reason about this route only; false for one about all routes kept in the same place.
    public var isOfThisRoute = true
  }

  /// The reasons against sending, unless a person overrides them.
  public private(set) var refusals: [Reason] = []
  /// The reasons that a person should know; they do not stop sending.
  public private(set) var remarks: [Reason] = []

  /// Checks a route.
  ///
  /// - Parameters:
  ///   - route: the route.
  ///   - settings: the settings that it belongs to.
  ///   - today: the day of sending; evaluated only if the route's validity is checked.
  ///   - specification: reads the digest of the local copy of the data specification and returns `nil` if it cannot be
  ///     read; called only if one was declared.
  public init(
    _ route: Route, settings: ExchangeSettings, today: @autoclosure () -> CivilDay,
    specification: (FilePath) -> SHA256Digest? = { _ in nil }
  ) {
    let said = [settings.account(named: route.account)?.environment, route.standing?.environment].compactMap(\.self)
    // Production wins over any other environment, whether account or route names it.
    let environment: ExchangeEnvironment? = said.contains(.production) ? .production : said.first
    let isProduction = environment == .production
    guard let standing = route.standing else {
      if isProduction, settings.routesFile != nil {
        refusals.append(Self.unregistered)
      } else if environment != nil {
        remarks.append(settings.routesFile == nil ? Self.unrecorded : Self.unregistered)
      }
      return
    }
    if let infRef = route.addressing?.infRef, infRef.isSplitPerMunicipality, standing.infRefState != .created,
      let environment
    {
      let reason = Self.notCreated(infRef, standing.infRefState)
      if environment == .production { refusals.append(reason) } else { remarks.append(reason) }
    }
    if isProduction, let reason = Self.unorderedRoute(route, standing) { refusals.append(reason) }
    if isProduction, let reason = Self.outsideValidity(standing, today()) { refusals.append(reason) }
    if let file = standing.specification, let declared = standing.declaredSpecification {
      let own = specification(file)
      if own != declared {
        let reason =
          own == nil
          ? Self.unreadableSpecification(file) : Self.changedSpecification(file, route.addressing?.infRef)
        if settings.changedSpecification == .block { refusals.append(reason) } else { remarks.append(reason) }
      }
    }
  }

  private static let unregistered = Reason(
    message: LocalizedText(
      "the route is not in the register, and routes-file: is used",
      "ruten står ikke i registret, og routes-file: bruges"),
    remedy: LocalizedText(
      "move it from routes: to the list of the register", "flyt den fra routes: til registrets liste"))

  private static let unrecorded = Reason(
    message: LocalizedText(
      "nothing is recorded of routes under routes:, so states and orders are not checked",
      "intet er optegnet om ruter under routes:, så tilstande og bestillinger kontrolleres ikke"),
    remedy: LocalizedText(
      "keep the routes in a register: routes-file: routes.csv", "hold ruterne i et register: routes-file: routes.csv"),
    isOfThisRoute: false)

  private static func notCreated(_ infRef: InfRef, _ state: InfRefState?) -> Reason {
    let (en, da) =
      state.map { ($0.rawValue, $0.title(in: .danish)) } ?? ("without a recorded state", "uden optegnet tilstand")
    return Reason(
      message: LocalizedText(
        "\(infRef) is \(en), and only a created InfRef can carry a file",
        "\(infRef) er \(da), og kun en oprettet InfRef kan bære en fil"),
      remedy: LocalizedText(
        "ask kdi@kombit.dk when it is created, and then: ",
        "spørg kdi@kombit.dk, hvornår den er oprettet, og derefter: ")
        + LocalizedText.step(.recordCreatedInfRef(infRef.name)))
  }

  /// Returns the reason if the record has no confirmed order of the present route.
  private static func unorderedRoute(_ route: Route, _ standing: RouteStanding) -> Reason? {
    guard standing.isOrderConfirmed else { return notConfirmed(route) }
    if standing.orderEnvironments.contains(.externalTest) {
      return otherOrder(
        route,
        LocalizedText(
          "the order of the route was for external test, and this is production",
          "bestillingen af ruten gjaldt ekstern test, og dette er produktion"))
    }
    guard !standing.changedSinceOrder.isEmpty else { return nil }
    let columns = standing.changedSinceOrder.joined(separator: ", ")
    return otherOrder(
      route,
      LocalizedText(
        "the order of the route was for other values than the list has now: \(columns)",
        "bestillingen af ruten gjaldt andre værdier, end listen har nu: \(columns)"))
  }

  private static func otherOrder(_ route: Route, _ message: LocalizedText) -> Reason {
    Reason(
      message: message,
      remedy: LocalizedText(
        "correct the list, or order the route anew (helpdesk@serviceplatformen.dk), record its confirmation too, and begin with: ",
        "ret listen, eller bestil ruten igen (helpdesk@serviceplatformen.dk), optegn også bekræftelsen, og begynd med: "
      )
        + LocalizedText.step(.recordOrder(route: route.name)))
  }

  private static func notConfirmed(_ route: Route) -> Reason {
    let place = route.municipality.map { code in Municipality(code: code)?.title ?? code }
    return Reason(
      message: LocalizedText(
        "the order of the route\(place.map { " for \($0)" } ?? "") is not confirmed",
        "bestillingen af ruten\(place.map { " for \($0)" } ?? "") er ikke bekræftet"),
      remedy: LocalizedText(
        "ask helpdesk@serviceplatformen.dk, and when it is confirmed: ",
        "spørg helpdesk@serviceplatformen.dk, og når den er bekræftet: ")
        + LocalizedText.step(.recordConfirmedOrder(route: route.name)))
  }

  private static func outsideValidity(_ standing: RouteStanding, _ today: @autoclosure () -> CivilDay) -> Reason? {
    guard standing.validFrom != nil || standing.validTo != nil else { return nil }
    let today = today()
    if let first = standing.validFrom, today < first {
      return Reason(
        message: LocalizedText("the route may be used from \(first) on", "ruten må bruges fra den \(first)"),
        remedy: LocalizedText("wait, or correct valid-from", "vent, eller ret valid-from"))
    }
    if let last = standing.validTo, today > last {
      return Reason(
        message: LocalizedText("the last day of the route was \(last)", "rutens sidste dag var \(last)"),
        remedy: LocalizedText("correct valid-to, or order the route again", "ret valid-to, eller bestil ruten igen"))
    }
    return nil
  }

  private static func unreadableSpecification(_ file: FilePath) -> Reason {
    Reason(
      message: LocalizedText(
        "the data specification \(file) cannot be read, so it cannot be compared with the declared one",
        "dataspecifikationen \(file) kan ikke læses og derfor ikke sammenlignes med den, der er erklæret"),
      remedy: LocalizedText("put the copy back, or correct its path", "læg eksemplaret tilbage, eller ret dets sti"))
  }

  private static func changedSpecification(_ file: FilePath, _ infRef: InfRef?) -> Reason {
    let record = infRef.map { infRef in
      LocalizedText(", and then: ", ", og derefter: ")
        + LocalizedText.step(.recordDeclaration(infRef: infRef.name, specification: file.string))
    }
    return Reason(
      message: LocalizedText(
        "the data specification \(file) is another than the declared one",
        "dataspecifikationen \(file) er en anden end den, der er erklæret"),
      remedy: LocalizedText(
        "send in a new edition of the GDPR declaration (kdi@kombit.dk)",
        "indsend en ny udgave af GDPR-erklæringen (kdi@kombit.dk)") + (record ?? LocalizedText("")))
  }
}

extension LocalizedText {
  /// A step that this toolkit offers, in the words of this process.
  static func step(_ step: Remedy.Step) -> LocalizedText {
    LocalizedText(step.description, step.inDanish)
  }
}

extension InfRefState {
  /// The state as a report in a language names it.
  public func title(in language: ReportLanguage = .english) -> String {
    switch (language, self) {
    case (.english, _): rawValue
    case (.danish, .requested): "bestilt"
    case (.danish, .assigned): "tildelt"
    case (.danish, .declared): "erklæret"
    case (.danish, .created): "oprettet"
    }
  }
}
