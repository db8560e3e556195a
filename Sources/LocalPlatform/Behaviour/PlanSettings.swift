import ExchangeSettings
import SystemPackage
import TriggerFiles

extension PlatformPlan {
  /// The settings that a system of the plan exchanges files with.
  ///
  /// - Parameters:
  ///   - account: the system's login; its name is the system's.
  ///   - source: where the settings file stands; journal and inbox stand beside it.
  func settings(for system: PlatformSystem, account: Account, source: FilePath) -> ExchangeSettings {
    let sent = routes.filter { $0.sender == system.name }
    let received = routes.filter { $0.recipient == system.name }
    return ExchangeSettings(
      source: source, accounts: [account],
      routes: sent.compactMap { route(for: $0, from: system, account: account.name) },
      arrivals: arrivals(for: received, account: account.name),
      register: Set(
        (sent + received).map(\.infRef.name).filter { infRef in InfRef.check(infRef).contains { $0.severity == .error }
        }),
      watch: WatchSettings(
        database: source.removingLastComponent().appending("watch.sqlite"),
        infRefRules: system.pickUpWithin.sorted { $0.key < $1.key }.map { infRef, period in
          InfRefRule(accounts: [account.name], infRef: infRef, pickUp: PickUpLimit(within: RulePeriod(period)))
        }))
  }

  private func route(for route: PlatformRoute, from system: PlatformSystem, account: String) -> Route? {
    let addressing = Addressing(
      infRef: route.infRef, senderITSystem: system.itSystem, senderAuthority: route.senderAuthority,
      recipientAuthority: route.recipientAuthority)
    switch route.kind {
    case .implicit:
      return Route(name: route.name, account: account, kind: .implicit(addressing), municipality: route.municipality)
    case .explicit:
      guard let recipient = self.system(named: route.recipient) else { return nil }
      return Route(
        name: route.name, account: account, kind: .explicit(addressing, recipientITSystem: recipient.itSystem),
        municipality: route.municipality)
    }
  }

  /// One way in per sender and InfRef, with all the authorities that were ordered for it.
  private func arrivals(for routes: [PlatformRoute], account: String) -> [ArrivalRoute] {
    struct Origin: Hashable {
      let sender: String
      let infRef: InfRef
    }
    let byOrigin = Dictionary(grouping: routes) { Origin(sender: $0.sender, infRef: $0.infRef) }
    return byOrigin.sorted { ($0.key.sender, $0.key.infRef.name) < ($1.key.sender, $1.key.infRef.name) }.map {
      origin, routes in
      ArrivalRoute(
        name: "\(origin.sender)-\(origin.infRef)", account: account, infRef: origin.infRef, senders: [origin.sender],
        senderITSystems: system(named: origin.sender).map { [$0.itSystem] },
        senderAuthorities: Self.distinct(routes.map(\.senderAuthority)),
        recipientAuthorities: Self.distinct(routes.map(\.recipientAuthority)))
    }
  }

  private static func distinct(_ authorities: [CVRNumber]) -> [CVRNumber] {
    Set(authorities).sorted { $0.digits < $1.digits }
  }
}
