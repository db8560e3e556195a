internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The check that no IT-system's UUID and no login key is used in external test and in production: each platform has
/// instances and keys of its own (contract section 5, external test first).
struct EnvironmentCheck {
  let settings: ExchangeSettings
  /// The routes of the register.
  var routes: [RegisteredRoute] = []
  /// The positions of the accounts in the settings, by name.
  var accountPositions: [String: SourcePosition] = [:]

  /// The first use of a UUID or key.
  private struct Use {
    let environment: ExchangeEnvironment
    let what: LocalizedText
    var file: FilePath
    var position: SourcePosition?
  }

  /// One finding for each UUID and each key that is used in both, at its first use in the second environment.
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
      let use = Use(environment: environment, what: Self.route(route.name), file: settings.source)
      add(route.addressing?.senderITSystem, use, in: environment)
      if case .explicit(_, let recipient) = route.kind { add(recipient, use, in: environment) }
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
    var first: [String: Use] = [:]
    var reported: Set<String> = []
    var findings: [RegisterFinding] = []
    for (account, environment) in accounts {
      for key in account.keys {
        for identity in KeyIdentity.identities(of: key).sorted() {
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

  private func use(_ account: Account, _ environment: ExchangeEnvironment) -> Use {
    let name = Entry.shown(account.name)
    return Use(
      environment: environment, what: LocalizedText("the account \(name)", "kontoen \(name)"), file: settings.source,
      position: accountPositions[account.name])
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
