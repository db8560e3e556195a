internal import FilsluseBase
internal import TriggerFiles

extension RegisterCheck {
  // MARK: InfRefs

  /// InfRefs of SF1630 without a recorded assignment, or used by systems of two vendors.
  func infRefFindings() -> [RegisterFinding] {
    var findings = unassignedFindings()
    var firstSender: [InfRefUse: RegisteredRoute] = [:]
    let environments = sendingEnvironments
    for route in register.routes {
      guard let addressing = route.addressing, addressing.infRef.isSplitPerMunicipality else { continue }
      let infRef = addressing.infRef
      let use = InfRefUse(infRef: infRef, environment: environment(of: route))
      // One system has a different instance, and so a different UUID, in each environment.
      let owner = register.record.owner(of: infRef).flatMap { owner -> SystemID? in
        let isElsewhere = use.environment.map { environments[owner]?.contains($0) == false } ?? false
        return isElsewhere ? nil : owner
      }
      let rightful = owner ?? firstSender[use]?.addressing?.senderITSystem
      if let rightful, rightful != addressing.senderITSystem {
        findings.append(
          finding(
            .infRefOfOtherSystem, route,
            LocalizedText(
              "\(addressing.senderITSystem) sends \(infRef), which belongs to the IT-system \(rightful)",
              "\(addressing.senderITSystem) sender \(infRef), som hører til it-systemet \(rightful)"),
            LocalizedText(
              "an InfRef of SF1630 belongs to one vendor's system: correct sender-it-system, or order an InfRef of its own; where it is the same system's instance in another environment, record that as the owner",
              "en InfRef til SF1630 hører til én leverandørs system: ret sender-it-system, eller bestil en egen InfRef; er det samme systems instans i et andet miljø, så optegn den som ejer"
            )))
      } else {
        firstSender[use] = firstSender[use] ?? route
      }
    }
    return findings
  }

  /// InfRefs of SF1630 without a recorded assignment, once each. Where no route of production uses one, it is a
  /// warning: external test, and a trial on one machine, come before the assignment.
  private func unassignedFindings() -> [RegisterFinding] {
    var order: [InfRef] = []
    var users: [InfRef: [RegisteredRoute]] = [:]
    for route in register.routes {
      guard let infRef = route.addressing?.infRef, infRef.isSplitPerMunicipality else { continue }
      if users[infRef] == nil { order.append(infRef) }
      users[infRef, default: []].append(route)
    }
    return order.compactMap { infRef in
      let isAssigned = register.record.states(of: infRef).contains { $0.state >= .assigned }
      guard !isAssigned, register.record.editions(of: infRef).isEmpty, let routes = users[infRef] else { return nil }
      let inProduction = routes.first { environment(of: $0) == .production }
      let (count, route) = (routes.count, inProduction ?? routes[0])
      // Accounts of a trial belong to no environment, and their InfRef may be invented.
      let mayBeTrial = routes.allSatisfy { environment(of: $0) == nil }
      let trial =
        mayBeTrial
        ? LocalizedText(
          "nothing is to be done in a trial; for the real platform ",
          "i en prøve skal der intet gøres; til den rigtige platform: ") : LocalizedText("")
      return RegisterFinding(
        code: .unassignedInfRef, severity: inProduction == nil ? .warning : .error, file: register.source,
        position: route.infRefPosition ?? route.position,
        message: LocalizedText(
          "the record has no assignment of \(infRef), which \(count.counted("route")) \(count == 1 ? "uses" : "use"); an InfRef is never made up",
          "optegnelsen har ingen tildeling af \(infRef), som \(count.counted("rute", "ruter")) bruger; en InfRef findes man ikke selv på"
        ),
        remedy: trial
          + LocalizedText(
            "order it from kdi@kombit.dk, and when it is assigned: ",
            "bestil den hos kdi@kombit.dk, og når den er tildelt: ") + LocalizedText.step(.recordInfRef(infRef.name)))
    }
  }

  /// The environments that each system sends in, by accounts and routes.
  private var sendingEnvironments: [SystemID: Set<ExchangeEnvironment>] {
    var environments: [SystemID: Set<ExchangeEnvironment>] = [:]
    for account in settings.accounts {
      guard let system = account.itSystem, let environment = account.environment else { continue }
      environments[system, default: []].insert(environment)
    }
    for route in register.routes {
      guard let system = route.addressing?.senderITSystem, let environment = environment(of: route) else { continue }
      environments[system, default: []].insert(environment)
    }
    return environments
  }

  private struct InfRefUse: Hashable {
    let infRef: InfRef
    let environment: ExchangeEnvironment?
  }

  /// Routes of sortiments from another system than the classification system, or with the wrong version.
  func sortimentFindings() -> [RegisterFinding] {
    var findings: [RegisterFinding] = []
    var versions: [SystemID: RegisteredRoute] = [:]
    for route in register.routes {
      guard let infRef = route.infRef, infRef.isSortiment else { continue }
      if route.senderRole != .classification {
        findings.append(
          finding(
            .sortimentSender, route,
            LocalizedText(
              "\(infRef) is sent by the shared classification system (FK-KLA) alone, and the sender is not said to be it",
              "\(infRef) sendes kun af det fælles klassifikationssystem (FK-KLA), og afsenderen er ikke angivet som det"
            ),
            LocalizedText(
              "correct the sender, and write sender-role classification where it is FK-KLA",
              "ret afsenderen, og skriv sender-role classification, hvor det er FK-KLA")))
      }
      guard let recipient = route.recipientITSystem else { continue }
      let other = versions[recipient]
      if route.recipientRole == .invoices, infRef.name.hasSuffix("_2") {
        findings.append(
          finding(
            .sortimentVersion, route,
            LocalizedText(
              "the route to a system that handles invoices is version 1 (TFH223)",
              "ruten til et fakturahåndteringssystem er version 1 (TFH223)"),
            LocalizedText("write SortimentOverf\u{F8}r_1", "skriv SortimentOverf\u{F8}r_1")))
      } else if let other, other.infRef != infRef {
        let (infRef, name) = (other.infRef?.name ?? "", Entry.shown(other.name))
        let earlier = EarlierLine(
          position: other.position,
          before: LocalizedText(
            "the recipient has \(infRef) by the route \(name) (", "modtageren får \(infRef) ad ruten \(name) ("),
          after: LocalizedText("), and takes one version", ") og tager én version"))
        var contradiction = finding(
          .sortimentVersion, route, earlier.message(line: other.position.line, of: register.source),
          LocalizedText(
            "ask the recipient which XML structure it reads (TF106), and correct the other route",
            "spørg modtageren, hvilken XML-struktur den læser (TF106), og ret den anden rute"))
        contradiction.earlier = earlier
        findings.append(contradiction)
      }
      versions[recipient] = other ?? route
    }
    return findings
  }

  // MARK: Values

  /// Returns a finding for each CVR number with a wrong check digit.
  func authorityFindings() -> [RegisterFinding] {
    var seen: Set<CVRNumber> = []
    return register.routes.flatMap { route in
      route.approvers.filter { !$0.hasValidCheckDigit && seen.insert($0).inserted }.map { authority in
        finding(
          .cvrCheckDigit, route, severity: .warning,
          LocalizedText(
            "the check digit of the CVR number \(authority) does not fit",
            "kontrolcifferet i CVR-nummeret \(authority) passer ikke"),
          LocalizedText(
            "compare it with the business register; numbers of test authorities are often like that",
            "sammenlign med CVR; testmyndigheders numre er ofte sådan"))
      }
    }
  }

  // MARK: Life of a route

  /// Returns findings on expired routes, duplicate routes and superseded interfaces.
  func lifeFindings() -> [RegisterFinding] {
    var findings: [RegisterFinding] = []
    var addressed: [Address: RegisteredRoute] = [:]
    for route in register.routes {
      if let last = route.validTo, last < today {
        findings.append(
          finding(
            .deadRoute, route, severity: .warning,
            LocalizedText("its last day was \(last)", "dens sidste dag var \(last)"),
            LocalizedText(
              "remove the line, or correct valid-to; a route that is not ended is invoiced",
              "fjern linjen, eller ret valid-to; en rute, der ikke er opsagt, faktureres")))
      } else if register.record.orderState(of: .route, for: route.name) == .ended {
        findings.append(
          finding(
            .deadRoute, route, severity: .warning,
            LocalizedText("the record says that its order was ended", "optegnelsen siger, at den er opsagt"),
            LocalizedText("remove the line", "fjern linjen")))
      }
      let address = Address(route, in: environment(of: route))
      if let other = addressed[address] {
        let name = Entry.shown(other.name)
        let earlier = EarlierLine(
          position: other.position,
          before: LocalizedText(
            "it goes from and to the same as \(name) (", "den går fra og til det samme som \(name) ("),
          after: LocalizedText(")"))
        var doubled = finding(
          .doubledRoute, route, earlier.message(line: other.position.line, of: register.source),
          LocalizedText("keep one of the two", "behold én af de to"))
        doubled.earlier = earlier
        findings.append(doubled)
      } else {
        addressed[address] = route
      }
      if let finding = supersededFinding(route) { findings.append(finding) }
    }
    return findings
  }

  /// The ends of a route on a platform. The platform knows the ends of a direct route by the account alone, and an
  /// account of no known environment may have a platform of its own.
  private struct Address: Hashable {
    let environment: ExchangeEnvironment?
    let account: String?
    let direction: RegisteredRoute.Direction
    let kind: RouteKind
    let municipality: Municipality?

    init(_ route: RegisteredRoute, in environment: ExchangeEnvironment?) {
      self.environment = environment
      account = route.addressing == nil || environment == nil ? route.account : nil
      (direction, kind, municipality) = (route.direction, route.kind, route.municipality)
    }
  }

  /// Returns the deadline for replacing a superseded interface: six months later (contract section 5).
  static func replacementDay(after superseded: CivilDay) -> CivilDay {
    let (year, month, day) = superseded.parts
    let later = month + 6
    let (newYear, newMonth) = later > 12 ? (year + 1, later - 12) : (year, later)
    let last = CivilDay.length(ofMonth: newMonth, year: newYear)
    return CivilDay(year: newYear, month: newMonth, day: min(day, last)) ?? superseded.later(byDays: 182)
  }

  /// The number of days before that deadline from which a superseded route causes a warning.
  static let supersededNotice = 60

  private func supersededFinding(_ route: RegisteredRoute) -> RegisterFinding? {
    guard let superseded = route.supersededOn else { return nil }
    let last = Self.replacementDay(after: superseded)
    guard today >= last.later(byDays: -Self.supersededNotice) else { return nil }
    let isOver = today > last
    return finding(
      .superseded, route, severity: isOver ? .error : .warning,
      LocalizedText(
        "superseded on \(superseded); its six months \(isOver ? "ended" : "end") on \(last)",
        "afløst den \(superseded); de seks måneder \(isOver ? "sluttede" : "slutter") den \(last)"),
      LocalizedText(
        "take up the new version and order its route", "tag den nye version i brug, og bestil dens rute"))
  }
}
