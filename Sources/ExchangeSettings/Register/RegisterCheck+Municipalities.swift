internal import FilsluseBase
internal import TriggerFiles

// The CVR numbers of municipalities.
extension RegisterCheck {
  /// Routes that give a municipality the number of another one, or a second number. Only a number that stands for
  /// sender and recipient alike is a municipality's own: a shared recipient serves many municipalities. In external
  /// test one number may stand in for all, and in a trial on the local platform numbers are made up, so it is a warning
  /// there.
  func municipalityFindings() -> [RegisterFinding] {
    let numbered = register.routes.compactMap { route in Self.ownNumber(of: route).map { (route: route, own: $0) } }
    var lines: [OwnNumber: Set<Int>] = [:]
    for (route, own) in numbered { lines[own, default: []].insert(route.position.line) }
    var byAuthority: [CVRNumber: (route: RegisteredRoute, own: OwnNumber)] = [:]
    var byMunicipality: [Municipality: (route: RegisteredRoute, own: OwnNumber)] = [:]
    var findings: [RegisterFinding] = []
    for (route, own) in numbered {
      let candidates = [byAuthority[own.authority], byMunicipality[own.municipality]].compactMap { $0 }
      if let earlier = candidates.first(where: { $0.own != own }) {
        let count = lines[earlier.own]?.count ?? 1
        findings.append(municipalityFinding(route, own, earlier: earlier.route, earlier.own, lines: count))
      } else if candidates.isEmpty {
        byAuthority[own.authority] = (route: route, own: own)
        byMunicipality[own.municipality] = (route: route, own: own)
      }
    }
    return findings
  }

  /// A municipality and the number that a route gives it as its own.
  private struct OwnNumber: Hashable {
    let municipality: Municipality
    let authority: CVRNumber
  }

  private static func ownNumber(of route: RegisteredRoute) -> OwnNumber? {
    let approvers = route.approvers
    guard let municipality = route.municipality, approvers.count == 1 else { return nil }
    return OwnNumber(municipality: municipality, authority: approvers[0])
  }

  /// The finding about a route and an earlier one that contradict. Either of the two may be the wrong one.
  ///
  /// - Parameter lines: the number of lines that give the earlier one's municipality the same number: a command changes
  ///   one, and would leave that municipality with two numbers where there are more.
  private func municipalityFinding(
    _ route: RegisteredRoute, _ own: OwnNumber, earlier: RegisteredRoute, _ other: OwnNumber, lines: Int
  ) -> RegisterFinding {
    let (name, earlierName) = (Entry.shown(route.name), Entry.shown(earlier.name))
    let isOfAnother = own.municipality != other.municipality
    let number = LocalizedText(
      "\(own.municipality.title) has the CVR number \(own.authority), ",
      "\(own.municipality.title) har CVR-nummeret \(own.authority), ")
    let earlierLine =
      isOfAnother
      ? EarlierLine(
        position: earlier.position,
        before: number
          + LocalizedText(
            "which \(other.municipality.title) has in ", "som \(other.municipality.title) har i "),
        after: LocalizedText(""))
      : EarlierLine(
        position: earlier.position, before: number + LocalizedText("and ", "og "),
        after: LocalizedText(" says \(other.authority)", " siger \(other.authority)"))
    let question: LocalizedText =
      isOfAnother
      ? LocalizedText(
        "look \(own.authority) up in the business register: if it belongs to \(other.municipality.title), \(name) is wrong; if it belongs to \(own.municipality.title), correct ",
        "slå \(own.authority) op i CVR: hører det til \(other.municipality.title), er \(name) forkert; hører det til \(own.municipality.title), så ret "
      )
      : LocalizedText(
        "look \(own.municipality.title) up in the business register: if \(other.authority) is its number, \(name) is wrong; if \(own.authority) is, correct ",
        "slå \(own.municipality.title) op i CVR: er \(other.authority) dens nummer, er \(name) forkert; er det \(own.authority), så ret "
      )
    let step = Remedy.Step.correctAuthority(
      line: earlier.lineWords, authority: isOfAnother ? nil : own.authority.digits)
    let correction: LocalizedText =
      lines == 1
      ? LocalizedText("\(earlierName) first: ", "først \(earlierName): ") + LocalizedText.step(step)
      : LocalizedText(
        "the \(lines) lines of \(other.municipality.title) first, all together",
        "først de \(lines) linjer for \(other.municipality.title), alle på én gang")
    let isTrial = trialAccounts.contains(route.account) && environment(of: route) == nil
    let mayBeMadeUp: LocalizedText =
      isTrial
      ? LocalizedText(
        "made-up numbers are fine in a trial; for the real platform ",
        "i en prøve er opdigtede numre i orden; til den rigtige platform: ") : LocalizedText("")
    var finding = finding(
      .municipalityAuthority, route,
      severity: isTrial || environment(of: route) == .externalTest ? .warning : .error,
      earlierLine.message(line: earlier.position.line, of: register.source), mayBeMadeUp + question + correction)
    finding.earlier = earlierLine
    return finding
  }
}
