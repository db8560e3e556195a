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

  /// InfRefs of SF1630 without a recorded assignment, once each. Where no route of production uses one, it is a warning:
  /// external test, and a trial on one machine, come before the assignment.
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
      let count = routes.count
      // Accounts of a trial belong to no environment, and their InfRef may be invented.
      let mayBeTrial = routes.allSatisfy { environment(of: $0) == nil }
      let trial =
        mayBeTrial
        ? LocalizedText(
          "nothing is to be done in a trial; for the real platform ",
          "i en prøve skal der intet gøres; til den rigtige platform: ") : LocalizedText("")
      return RegisterFinding(
        code: .unassignedInfRef, severity: inProduction == nil ? .warning : .error, file: register.source,
        position: (inProduction ?? routes[0]).position,
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
        findings.append(
          finding(
            .sortimentVersion, route,
            LocalizedText(
              "the recipient has \(other.infRef?.name ?? "") by the route \(Entry.shown(other.name)) (line \(other.position.line)), and takes one version",
              "modtageren får \(other.infRef?.name ?? "") ad ruten \(Entry.shown(other.name)) (linje \(other.position.line)) og tager én version"
            ),
            LocalizedText(
              "ask the recipient which XML structure it reads (TF106), and correct the other route",
              "spørg modtageren, hvilken XML-struktur den læser (TF106), og ret den anden rute")))
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

  /// Returns findings on routes that give a municipality the number of another one, or a second number. A number is a
  /// municipality's own only if it is both sender and recipient: a shared recipient serves many municipalities. In
  /// external test one number may be used for all, so this is a warning there.
  func municipalityFindings() -> [RegisterFinding] {
    var byAuthority: [CVRNumber: RegisteredRoute] = [:]
    var byMunicipality: [Municipality: RegisteredRoute] = [:]
    var findings: [RegisterFinding] = []
    for route in register.routes {
      guard let municipality = route.municipality, route.approvers.count == 1, let authority = route.approvers.first
      else { continue }
      let owner = byAuthority[authority] ?? route
      let first = byMunicipality[municipality] ?? route
      if let other = owner.municipality, other != municipality {
        let line = owner.position.line
        findings.append(
          municipalityFinding(
            route, municipality,
            LocalizedText(
              "\(authority), which \(other.title) has in line \(line)",
              "\(authority), som \(other.title) har i linje \(line)")))
      } else if let other = first.approvers.first, other != authority {
        findings.append(
          municipalityFinding(
            route, municipality,
            LocalizedText(
              "\(authority), and line \(first.position.line) says \(other)",
              "\(authority), og linje \(first.position.line) siger \(other)")))
      } else {
        byAuthority[authority] = owner
        byMunicipality[municipality] = first
      }
    }
    return findings
  }

  private func municipalityFinding(
    _ route: RegisteredRoute, _ municipality: Municipality, _ found: LocalizedText
  ) -> RegisterFinding {
    finding(
      .municipalityAuthority, route, severity: environment(of: route) == .externalTest ? .warning : .error,
      LocalizedText("\(municipality.title) has the CVR number ", "\(municipality.title) har CVR-nummeret ") + found,
      LocalizedText(
        "compare municipality and authority with the business register, and correct one of the two lines",
        "sammenlign municipality og authority med CVR, og ret en af de to linjer"))
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
      let address = Address(route)
      if let other = addressed[address] {
        findings.append(
          finding(
            .doubledRoute, route,
            LocalizedText(
              "it goes from and to the same as \(Entry.shown(other.name)) (line \(other.position.line))",
              "den går fra og til det samme som \(Entry.shown(other.name)) (linje \(other.position.line))"),
            LocalizedText("keep one of the two", "behold én af de to")))
      } else {
        addressed[address] = route
      }
      if let finding = supersededFinding(route) { findings.append(finding) }
    }
    return findings
  }

  private struct Address: Hashable {
    let account: String
    let direction: RegisteredRoute.Direction
    let kind: RouteKind
    let municipality: Municipality?

    init(_ route: RegisteredRoute) {
      (account, direction, kind, municipality) = (route.account, route.direction, route.kind, route.municipality)
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

  // MARK: Orders and monitoring

  /// Routes that were ordered before every authority had approved the service agreement.
  func orderFindings() -> [RegisterFinding] {
    register.routes.compactMap { route in
      guard let order = register.record.orders(of: .route, for: route.name).first?.entry else { return nil }
      let late = route.approvers.filter { authority in
        guard let approval = register.record.approval(of: route.name, by: authority) else { return true }
        guard let approved = approval.on, let ordered = order.on else { return approval.line > order.line }
        return approved > ordered
      }
      guard !late.isEmpty else { return nil }
      let names = late.map(\.digits).joined(separator: ", ")
      return finding(
        .orderedBeforeApproval, route,
        LocalizedText(
          "it was ordered\(order.on.map { " on \($0)" } ?? "") before the service agreement was approved by \(names)",
          "den blev bestilt\(order.on.map { " den \($0)" } ?? ""), før serviceaftalen var godkendt af \(names)"),
        LocalizedText(
          "have it approved, and then: ", "få den godkendt, og derefter: ")
          + LocalizedText.step(.recordAgreement(route: route.name, authority: late[0].digits)))
    }
  }

  /// Returns findings on routes that have changed since their order was recorded.
  func changeFindings() -> [RegisterFinding] {
    register.routes.compactMap { route in
      let terms = register.record.terms(of: .route, for: route.name)
      var columns = register.changes(of: route, since: terms)
      if let environment = environment(of: route),
        terms.contains(where: { $0.environment.map { $0 != environment } ?? false })
      {
        columns.append(.environment)
      }
      guard !columns.isEmpty else { return nil }
      let names = columns.map(\.rawValue).joined(separator: ", ")
      return finding(
        .changedSinceOrder, route,
        LocalizedText(
          "its order was recorded for other values than these: \(names)",
          "dens bestilling er optegnet for andre værdier end disse: \(names)"),
        LocalizedText(
          "correct the line, or order the route anew, and then: ",
          "ret linjen, eller bestil ruten igen, og derefter: ") + LocalizedText.step(.recordOrder(route: route.name)))
    }
  }

  /// Routes that arrive at an account without a rule for their pickup and without ordered monitoring.
  func monitoringFindings() -> [RegisterFinding] {
    register.routes.compactMap { route in
      guard route.direction == .in, !isWatched(route),
        register.record.orderState(of: .monitoring, for: route.name).map({ $0 == .ended }) ?? true
      else { return nil }
      return finding(
        .unmonitoredArrival, route,
        LocalizedText(
          "it arrives at \(route.account) without a watch rule and without an order of pickup monitoring",
          "den ankommer til \(route.account) uden overvågningsregel og uden bestilt overvågning af afhentning"),
        LocalizedText(
          "order the monitoring, and then: ", "bestil overvågningen, og derefter: ")
          + LocalizedText.step(.recordMonitoring(route: route.name))
          + LocalizedText("; or add a rule under watch: rules", "; eller tilføj en regel under watch: rules")
          + pickUpRule(of: route))
    }
  }

  /// The rule that watches the pickup of a route within its own period; empty where the list says none.
  private func pickUpRule(of route: RegisteredRoute) -> LocalizedText {
    guard let pickUp = route.pickUp, let infRef = route.infRef else { return LocalizedText("") }
    let (account, name) = (YAMLText.scalar(route.account), YAMLText.scalar(infRef.name))
    return LocalizedText(": - { account: \(account), infref: \(name), pick-up-within: \(pickUp) }")
  }

  /// Frequencies of data specifications that could be the `expect:` of a watch rule and are not.
  func frequencyFindings() -> [RegisterFinding] {
    var offered: Set<[String]> = []
    return register.routes.compactMap { route in
      guard route.direction == .in, let frequency = route.specification?.frequency,
        !isWatched(route, by: { $0.expected != nil }),
        offered.insert([route.account, route.infRef?.name ?? route.name, frequency]).inserted
      else { return nil }
      let message = LocalizedText(
        "its data specification says that files come \(Entry.shown(frequency)), and no watch rule expects them",
        "dens dataspecifikation siger, at filer kommer \(Entry.shown(frequency)), og ingen overvågningsregel venter dem"
      )
      guard Rhythm(frequency) != nil, let infRef = route.infRef else {
        return finding(
          .unexpectedFrequency, route, severity: .warning, message,
          LocalizedText(
            "add a rule with expect: under watch: rules; a frequency such as daily by 06:00 is offered as a rule",
            "tilføj en regel med expect: under watch: rules; en frekvens som daily by 06:00 tilbydes som regel"))
      }
      let rule =
        "- { account: \(YAMLText.scalar(route.account)), infref: \(YAMLText.scalar(infRef.name)), expect: \(YAMLText.scalar(frequency)) }"
      return finding(
        .unexpectedFrequency, route, severity: .warning, message,
        LocalizedText("add under watch: rules: \(rule)", "tilføj under watch: rules: \(rule)"))
    }
  }

  private func isWatched(
    _ route: RegisteredRoute, by fits: (InfRefRule) -> Bool = { $0.pickUp != nil || $0.expected != nil }
  ) -> Bool {
    settings.watch.infRefRules.contains { rule in
      guard fits(rule), rule.accounts.contains(route.account) else { return false }
      guard let infRef = route.infRef else {
        if case .direct = rule.subject { return true }
        return false
      }
      return rule.infRef.map { $0 == infRef || InfRef.monitored(by: $0).contains(infRef) } ?? false
    }
  }
}
