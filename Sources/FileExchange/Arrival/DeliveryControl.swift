internal import ExchangeSettings
internal import TriggerFiles

/// Whether an arrival is one that its account expects (contract section 5: sender **and** authority are checked).
struct DeliveryControl: Sendable {
  let account: Account
  /// What the account expects.
  let routes: [ArrivalRoute]
  private let register: Set<String>

  /// What came of a check.
  enum Verdict: Sendable {
    /// It is expected, by that route.
    case expected(ArrivalRoute)
    /// It is not, for a reason that says what to do.
    case refused(String)
  }

  init(account: Account, settings: ExchangeSettings) {
    self.account = account
    routes = settings.arrivals.filter { $0.account == account.name }
    register = settings.register
  }

  func judge(_ metadata: FileMetadata) -> Verdict {
    guard let routing = metadata.fileContentDescriptor.routingInfo else {
      return .refused(
        "it has no routing info, so that nothing says what it is or whose: direct transmissions are not taken here; ask \(metadata.fileDescriptor.sender) to send it by a route"
      )
    }
    if let ours = account.itSystem, let theirs = routing.recipientITSystem, ours != theirs {
      return .refused(
        "it is meant for the IT-system \(theirs.rawValue), and \(account.name) is \(ours.rawValue); ask the platform's help desk, or correct it-system: of the account"
      )
    }
    let candidates = routes.filter { $0.infRef.utf8.elementsEqual(routing.infRef.utf8) }
    guard !candidates.isEmpty else {
      return .refused(UnexpectedInfRef.reason(routing.infRef, account, routes, register))
    }
    let judged = candidates.map { ($0, objections(of: $0, to: metadata, routing)) }
    if let fitting = judged.first(where: \.1.isEmpty) { return .expected(fitting.0) }
    let closest = judged.map(\.1).min { $0.count < $1.count } ?? []
    return .refused(
      "InfRef \(routing.infRef): \(closest.joined(separator: ", ")); if this is right, permit it under arrivals:")
  }

  private func objections(of route: ArrivalRoute, to metadata: FileMetadata, _ routing: RoutingInfo) -> [String] {
    var found: [String] = []
    let sender = metadata.fileDescriptor.sender
    let rule = routing.isSortiment ? " (a sortiment only comes from the shared classification system, FK-KLA)" : ""
    if let senders = route.senders, !senders.contains(where: { $0.utf8.elementsEqual(sender.utf8) }) {
      found.append("sender \(sender) is not permitted by \(route.name)\(rule)")
    }
    if let systems = route.senderITSystems, !systems.contains(routing.senderITSystem) {
      found.append("sender system \(routing.senderITSystem.rawValue) is not permitted by \(route.name)\(rule)")
    }
    if let authorities = route.senderAuthorities, !authorities.contains(routing.senderAuthority) {
      found.append("sender authority \(routing.senderAuthority.digits) is not permitted by \(route.name)")
    }
    if let authorities = route.recipientAuthorities, !authorities.contains(routing.recipientAuthority) {
      found.append("recipient authority \(routing.recipientAuthority.digits) is not permitted by \(route.name)")
    }
    return found
  }
}

extension RoutingInfo {
  fileprivate var isSortiment: Bool {
    if case .sortiment = InfRef.explain(infRef).kind { return true }
    return false
  }
}
