internal import ExchangeSettings
internal import TriggerFiles

/// Whether an arrival is one that its account expects (contract section 5: sender **and** authority are checked).
struct DeliveryControl: Sendable {
  let account: String
  let routes: [ArrivalRoute]

  init(account: String, settings: ExchangeSettings) {
    self.account = account
    routes = settings.arrivals.filter { $0.account == account }
  }

  /// Why the arrival is not expected here, in a sentence with its remedy; `nil` when it is.
  func objection(to metadata: FileMetadata) -> String? {
    let infRef: String?
    if case .routing(let routing) = metadata.fileContentDescriptor { infRef = routing.infRef } else { infRef = nil }
    let named = infRef.map { "InfRef \($0)" } ?? "no InfRef"
    let sameInfRef = routes.filter { route in
      infRef.map { Array(route.infRef.utf8) == Array($0.utf8) } ?? false
    }
    if infRef != nil, sameInfRef.isEmpty {
      return "\(named) is not expected by \(account); if it should be, add it under arrivals:"
    }
    let candidates = infRef == nil ? routes : sameInfRef
    let objections = candidates.map { Self.objections(of: $0, to: metadata) }
    if objections.contains(where: \.isEmpty) { return nil }
    guard let closest = objections.min(by: { $0.count < $1.count }) else {
      return "\(account) expects nothing: there is no route for it under arrivals:"
    }
    return "\(named): " + closest.joined(separator: ", ") + "; if this is right, permit it under arrivals:"
  }

  private static func objections(of route: ArrivalRoute, to metadata: FileMetadata) -> [String] {
    var found: [String] = []
    if let senders = route.senders, !senders.contains(metadata.fileDescriptor.sender) {
      found.append("sender \(metadata.fileDescriptor.sender) is not permitted by \(route.name)")
    }
    guard case .routing(let routing) = metadata.fileContentDescriptor else { return found + ["it has no routing info"] }
    if let systems = route.senderITSystems, !systems.contains(routing.senderITSystem) {
      found.append("sender system \(routing.senderITSystem.rawValue) is not permitted by \(route.name)")
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
