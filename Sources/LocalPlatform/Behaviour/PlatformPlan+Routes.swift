public import ExchangeSettings
import FilsluseBase
import FoundationEssentials
public import SystemPackage
import TriggerFiles

extension PlatformPlan {
  /// A plan on which a user's own routes can be tried before anything is ordered: the accounts' systems, the systems at
  /// the other ends, and every route. Systems that have no SFTP user's name in the settings are named after their first
  /// route. A route says whom its files are for, and not to whom a system belongs, which may serve many authorities:
  /// one whose authority the settings do not state gets a number of the test series.
  ///
  /// - Parameters:
  ///   - settings: the settings.
  ///   - register: the route register that they name, with the routes that arrive.
  ///   - directory: the platform's folder, whose host key the settings of a trial name; the systems of such accounts
  ///     keep the account's key.
  public init(of settings: ExchangeSettings, register: RouteRegister?, directory: FilePath? = nil) {
    var draft = PlanDraft(settings, directory)
    for route in settings.routes {
      draft.add(
        OrderedRoute(
          name: route.name, account: route.account, kind: route.kind, municipality: route.municipality, arrives: false))
    }
    for route in register?.routes ?? [] where route.direction == .in {
      draft.add(
        OrderedRoute(
          name: route.name, account: route.account, kind: route.kind, municipality: route.municipality?.code,
          arrives: true))
    }
    self.init(systems: draft.systems, routes: draft.routes)
  }
}

extension PlatformPlanFile {
  /// A plan of a user's own routes. An account that trusts this platform's host key is a trial's: the platform gets the
  /// account's port, and the account's key lets its system in, so that the user's own settings work there. Any other
  /// account may be a real one, also on this machine, where a tunnel can lead anywhere.
  ///
  /// - Parameters:
  ///   - settings: the settings.
  ///   - register: the route register that they name, with the routes that arrive.
  ///   - directory: the platform's folder, whose host key the settings of a trial name.
  public init(of settings: ExchangeSettings, register: RouteRegister?, directory: FilePath) {
    self.init(
      plan: PlatformPlan(of: settings, register: register, directory: directory),
      port: settings.accounts.first { $0.isOfPlatform(in: directory) }?.port)
  }
}

extension Account {
  /// True if it is an account of a trial on the platform in a folder: it trusts that platform's host key, and belongs
  /// to no real environment.
  package func isOfPlatform(in directory: FilePath) -> Bool {
    guard environment == nil, case .knownHosts(let file) = hostKeys else { return false }
    let here = FilePath(FileManager.default.currentDirectoryPath)
    let own = PlatformFolders(root: directory).knownHosts
    return here.pushing(file).lexicallyNormalized() == here.pushing(own).lexicallyNormalized()
  }

  /// The key that the platform in a folder lets its system in with: that of a trial's account, by its whole path.
  fileprivate func trialKey(in directory: FilePath?) -> FilePath? {
    guard let directory, isOfPlatform(in: directory), let file = keys.first?.file else { return nil }
    return FilePath(FileManager.default.currentDirectoryPath).pushing(file)
  }
}

/// A route of either direction.
private struct OrderedRoute {
  let name: String
  let account: String
  let kind: RouteKind
  let municipality: String?
  let arrives: Bool
}

/// A plan in the making.
private struct PlanDraft {
  private(set) var systems: [PlatformSystem] = []
  private(set) var routes: [PlatformRoute] = []
  private let settings: ExchangeSettings
  /// The names of the systems by their UUIDs.
  private var names: [SystemID: String] = [:]
  /// The names of the routes of each sender.
  private var routeNames: Set<[String]> = []

  init(_ settings: ExchangeSettings, _ directory: FilePath?) {
    self.settings = settings
    for account in settings.accounts {
      guard let system = account.itSystem else { continue }
      _ = name(
        of: system, wanted: account.user, title: account.name,
        authority: account.authority ?? CVRNumber.ofTestSeries("9003"),
        keyFile: account.trialKey(in: directory))
    }
  }

  mutating func add(_ route: OrderedRoute) {
    let user = settings.account(named: route.account)?.user ?? route.account
    switch route.kind {
    case .explicit(let addressing, let recipient):
      let sender = name(of: addressing.senderITSystem, wanted: route.arrives ? stem(route) : user)
      let receiver = name(of: recipient, wanted: route.arrives ? user : stem(route))
      append(route, .explicit, addressing, from: sender, to: receiver)
    case .implicit(let addressing):
      let own = settings.account(named: route.account)?.itSystem
      let sender = name(of: addressing.senderITSystem, wanted: route.arrives ? stem(route) : user)
      let recipient = route.arrives ? own : nil
      let receiver = name(
        of: recipient ?? .made(for: "system of \(addressing.recipientAuthority)"),
        wanted: route.arrives ? user : stem(route), authority: recipient == nil ? addressing.recipientAuthority : nil)
      append(route, .implicit, addressing, from: sender, to: receiver)
    case .direct(let users):
      // A direct delivery names its recipients' users and needs no route.
      for user in users { _ = name(of: .made(for: "user \(user)"), wanted: user) }
    }
  }

  private mutating func append(
    _ route: OrderedRoute, _ kind: PlatformRoute.Kind, _ addressing: Addressing, from sender: String,
    to recipient: String
  ) {
    // Both ends of one route may stand in one list.
    guard routeNames.insert([sender, route.name]).inserted else { return }
    routes.append(
      PlatformRoute(
        name: route.name, infRef: addressing.infRef, kind: kind, from: sender, addressing.senderAuthority,
        to: recipient, addressing.recipientAuthority, municipality: route.municipality))
  }

  /// The route's name without its municipality: `flis` of `flis-0751`.
  private func stem(_ route: OrderedRoute) -> String {
    guard let code = route.municipality, route.name.hasSuffix("-\(code)") else { return route.name }
    return String(route.name.dropLast(code.count + 1))
  }

  /// The name of a system, which is added where it is new.
  private mutating func name(
    of system: SystemID, wanted: String, title: String? = nil, authority: CVRNumber? = nil, keyFile: FilePath? = nil
  ) -> String {
    if let known = names[system] { return known }
    let base = Self.userName(wanted)
    var name = base
    var number = 2
    while systems.contains(where: { $0.name == name }) {
      name = "\(base.prefix(28))-\(number)"
      number += 1
    }
    names[system] = name
    systems.append(
      PlatformSystem(
        name: name, title: title ?? wanted, itSystem: system, authority: authority ?? CVRNumber.ofTestSeries("9004"),
        keyFile: keyFile))
    return name
  }

  /// A text as a user's name: lower case, with a dash for everything that such a name cannot hold.
  private static func userName(_ text: String) -> String {
    let spelt = text.lowercased().replacing("æ", with: "ae").replacing("ø", with: "oe").replacing("å", with: "aa")
    let name = String(
      spelt.unicodeScalars.map { scalar in
        let fits = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
        return fits ? Character(scalar) : "-"
      }.prefix(28))
    let startsWell = name.unicodeScalars.first.map { ("a"..."z").contains($0) } ?? false
    return startsWell && name != "sshd" ? name : "s-\(name)"
  }
}

extension SystemID {
  /// The UUID of a system that the settings do not name: the same one for the same words.
  static func made(for words: String) -> SystemID {
    let hex = SHA256.digest(of: Array(words.utf8)).hex
    let digits = Array(hex.utf8).map { Character(Unicode.Scalar($0)) }
    let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
    do {
      return try SystemID(groups.map { String($0) }.joined(separator: "-"))
    } catch {
      preconditionFailure("the digits of a digest make a UUID: \(error)")
    }
  }
}
