internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The check that no IT-system's UUID and no login key is used in both external test and production: each platform has
/// its own instances and keys (contract section 5, external test first).
struct EnvironmentCheck {
  let settings: ExchangeSettings
  /// The routes of the register.
  var routes: [RegisteredRoute] = []
  var positions = SettingsPositions()

  /// The first use of a UUID or key.
  private struct Use {
    let environment: ExchangeEnvironment
    let what: LocalizedText
    var file: FilePath
    var position: SourcePosition?
  }

  /// One finding for each UUID and each key that is used in both, at its first use in the second environment, and a
  /// warning for each key that cannot be compared.
  func findings() -> [RegisterFinding] {
    let environments = Set(settings.accounts.compactMap(\.environment)).union(routes.lazy.compactMap(\.environment))
    return environments.count > 1 ? systemFindings() + keyFindings() : []
  }

  private func systemFindings() -> [RegisterFinding] {
    var first: [SystemID: Use] = [:]
    var reported: Set<SystemID> = []
    var findings: [RegisterFinding] = []
    func add(_ system: SystemID?, _ use: @autoclosure () -> Use, in environment: ExchangeEnvironment) {
      guard let system else { return }
      guard let earlier = first[system] else { return first[system] = use() }
      guard earlier.environment != environment, reported.insert(system).inserted else { return }
      findings.append(
        Self.finding(
          .systemInBothEnvironments, LocalizedText("the IT-system \(system)", "it-systemet \(system)"), earlier, use(),
          LocalizedText(
            "test and production are two instances with two UUIDs: copy the right one from the administration module",
            "test og produktion er to instanser med to UUID'er: kopiér den rigtige fra administrationsmodulet")))
    }
    for account in settings.accounts {
      guard let environment = account.environment else { continue }
      add(account.itSystem, use(account, environment), in: environment)
    }
    for route in settings.ownRoutes {
      guard let environment = settings.account(named: route.account)?.environment else { continue }
      let use = Use(
        environment: environment, what: Self.route(route.name), file: settings.source,
        position: positions.routes[route.name])
      add(route.addressing?.senderITSystem, use, in: environment)
      if case .explicit(_, let recipient) = route.kind { add(recipient, use, in: environment) }
    }
    for arrival in settings.arrivals {
      guard let environment = settings.account(named: arrival.account)?.environment else { continue }
      let name = Entry.shown(arrival.name)
      let use = Use(
        environment: environment, what: LocalizedText("the arrival \(name)", "ankomsten \(name)"),
        file: settings.source, position: positions.arrivals[arrival.name])
      for system in arrival.senderITSystems ?? [] { add(system, use, in: environment) }
    }
    let environments = Dictionary(
      settings.accounts.compactMap { account in account.environment.map { (account.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    for route in routes {
      guard let environment = route.environment ?? environments[route.account] else { continue }
      let use = {
        Use(
          environment: environment, what: Self.route(route.name), file: settings.routesFile ?? settings.source,
          position: route.position)
      }
      add(route.addressing?.senderITSystem, use(), in: environment)
      add(route.recipientITSystem, use(), in: environment)
    }
    return findings
  }

  private func keyFindings() -> [RegisterFinding] {
    let accounts = settings.accounts.compactMap { account in account.environment.map { (account, $0) } }
    guard Set(accounts.map(\.1)).count > 1 else { return [] }
    var first: [String: Use] = [:]
    var reported: Set<String> = []
    var findings: [RegisterFinding] = []
    for (account, environment) in accounts {
      for key in account.keys {
        let identities = KeyIdentity.identities(of: key)
        if identities.isEmpty { findings.append(uncompared(key, of: account)) }
        for identity in identities.sorted() {
          guard let earlier = first[identity] else {
            first[identity] = use(account, environment)
            continue
          }
          guard earlier.environment != environment, reported.insert(identity).inserted else { continue }
          let shown = identity.hasPrefix("SHA256:") ? " \(identity)" : ""
          findings.append(
            Self.finding(
              .keyInBothEnvironments, LocalizedText("the key\(shown)", "nøglen\(shown)"), earlier,
              use(account, environment),
              LocalizedText(
                "make a key of its own for production (ssh-keygen) and have its public half registered there",
                "lav en egen nøgle til produktion (ssh-keygen), og få dens offentlige del registreret d\u{E9}r"
              )))
        }
      }
    }
    return findings
  }

  private func uncompared(_ key: AccountKey, of account: Account) -> RegisterFinding {
    let file: FilePath?
    if case .agent(.publicKey(let publicHalf), _) = key { file = publicHalf } else { file = key.file }
    let path = file.map { " \($0)" } ?? ""
    let name = Entry.shown(account.name)
    return RegisterFinding(
      code: .uncomparedKey, severity: .warning, file: settings.source, position: positions.accounts[account.name],
      message: LocalizedText(
        "the key\(path) of the account \(name) cannot be read, so it is not compared with the other environment's keys",
        "nøglen\(path) til kontoen \(name) kan ikke læses og er ikke sammenlignet med det andet miljøs nøgler"),
      remedy: LocalizedText(
        "correct key:, or run the check as the user that may read it",
        "ret key:, eller kør kontrollen som den bruger, der må læse den"))
  }

  private func use(_ account: Account, _ environment: ExchangeEnvironment) -> Use {
    let name = Entry.shown(account.name)
    return Use(
      environment: environment, what: LocalizedText("the account \(name)", "kontoen \(name)"), file: settings.source,
      position: positions.accounts[account.name])
  }

  private static func route(_ name: String) -> LocalizedText {
    LocalizedText("the route \(Entry.shown(name))", "ruten \(Entry.shown(name))")
  }

  private static func finding(
    _ code: RegisterFindingCode, _ thing: LocalizedText, _ one: Use, _ two: Use, _ remedy: LocalizedText
  ) -> RegisterFinding {
    let uses = [one, two].map { use in
      let line = use.position.map { LocalizedText(" (line \($0.line))", " (linje \($0.line))") } ?? LocalizedText("")
      return (use.environment, use.what + line)
    }
    return RegisterFinding(
      code: code, file: two.file, position: two.position,
      message: LocalizedText(
        "\(thing.en) is used in \(uses[0].0.title()) by \(uses[0].1.en) and in \(uses[1].0.title()) by \(two.what.en)",
        "\(thing.da) bruges i \(uses[0].0.title(in: .danish)) af \(uses[0].1.da) og i \(uses[1].0.title(in: .danish)) af \(two.what.da)"
      ), remedy: remedy)
  }
}

extension ExchangeSettings {
  /// The IT-systems and login keys that an account of these settings and one of other settings use in different
  /// environments: a set-up may have a folder for each.
  package func sharedWithOtherEnvironment(of other: ExchangeSettings) -> [RegisterFinding] {
    var both = other
    both.accounts += accounts
    return EnvironmentCheck(settings: both).findings().filter { $0.severity == .error }
  }
}
