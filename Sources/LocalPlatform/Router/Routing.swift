import FilsluseBase
import TriggerFiles

/// Decides who gets a file, from the trigger and the plan. It is pure: it looks at no folder.
struct Routing: Sendable {
  let plan: PlatformPlan

  /// The recipients of a delivery, each once.
  ///
  /// - Throws: `Refusals` with everything that speaks against it.
  func recipients(of trigger: Trigger, from sender: PlatformSystem, name: WireName, size: UInt64) throws(Refusals)
    -> [PlatformSystem]
  {
    var refusals = discrepancies(of: trigger.fileDescriptor, from: sender, name: name, size: size)
    var recipients: [PlatformSystem] = []
    do throws(Refusals) {
      recipients = try resolve(trigger, from: sender)
    } catch {
      refusals += error.reasons
    }
    if !refusals.isEmpty { throw Refusals(reasons: refusals) }
    return recipients
  }

  private func discrepancies(
    of file: DataFileDescriptor, from sender: PlatformSystem, name: WireName, size: UInt64
  ) -> [Refusal] {
    var found: [Refusal] = []
    if !file.sender.utf8.elementsEqual(sender.name.utf8) {
      found.append(Refusal(.otherSender, "Sender is \(file.sender), the file lay in the OUT of \(sender.name)"))
    }
    if !file.fileName.utf8.elementsEqual(name.string.utf8) {
      found.append(Refusal(.otherFileName, "FileName is \(file.fileName), the trigger lay beside \(name.string)"))
    }
    if file.sizeInBytes != size {
      found.append(
        Refusal(.otherSize, "SizeInBytes is \(file.sizeInBytes), the data file has \(size.counted("byte"))"))
    }
    return found
  }

  private func resolve(_ trigger: Trigger, from sender: PlatformSystem) throws(Refusals) -> [PlatformSystem] {
    guard plan.system(named: sender.name) != nil else {
      throw Refusals(.routeNotOrdered, "\(sender.name) is no longer a system of this platform's plan")
    }
    let named = trigger.fileDescriptor.recipients
    let routed = named.filter { $0.utf8.elementsEqual(DataFileDescriptor.routedRecipient.utf8) }
    if routed.isEmpty { return try direct(to: named, trigger) }
    guard routed.count == named.count else {
      throw Refusals(
        .mixedRecipients,
        "Recipients are \(named.joined(separator: ", ")): ROUTING_V1_0_0 stands alone, or user names do")
    }
    guard let routing = trigger.fileContentDescriptor.routingInfo else {
      throw Refusals(.missingRouting, "ROUTING_V1_0_0 asks for SFTPDynamicRoutingInfo in FileContentDescriptor")
    }
    return try ordered(routing, from: sender)
  }

  private func direct(to names: [String], _ trigger: Trigger) throws(Refusals) -> [PlatformSystem] {
    var refusals: [Refusal] = []
    var recipients: [PlatformSystem] = []
    if trigger.fileContentDescriptor.routingInfo != nil {
      refusals.append(Refusal(.needlessRouting, "for routing by InfRef, Recipients is ROUTING_V1_0_0 alone"))
    }
    for name in names {
      guard let system = plan.systems.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        refusals.append(Refusal(.unknownRecipient, "\(name) is no SFTP user of this platform"))
        continue
      }
      if !recipients.contains(system) { recipients.append(system) }
    }
    if !refusals.isEmpty { throw Refusals(reasons: refusals) }
    return recipients
  }

  private func ordered(_ routing: RoutingInfo, from sender: PlatformSystem) throws(Refusals) -> [PlatformSystem] {
    let errors = InfRef.check(routing.infRef.name, register: Set(plan.routes.map(\.infRef.name))).filter {
      $0.severity == .error
    }
    guard errors.isEmpty else {
      throw Refusals(reasons: errors.map { Refusal(.unusableInfRef, "\(routing.infRef): \($0.description)") })
    }
    guard routing.senderITSystem == sender.itSystem else {
      throw Refusals(
        .otherSenderSystem, "SenderIt-system is \(routing.senderITSystem), that of \(sender.name) is \(sender.itSystem)"
      )
    }
    guard routing.recipientITSystem != nil || !needsExplicitRoute(routing.infRef) else {
      throw Refusals(
        .explicitRouteRequired, "\(routing.infRef) is only carried by an explicit route, which names RecipientIt-system"
      )
    }
    let routes = plan.routes.filter { serves($0, routing, from: sender) }
    let systems = plan.systems.filter { system in routes.contains { $0.recipient == system.name } }
    guard !systems.isEmpty else {
      let recipient = routing.recipientITSystem.map { ", IT-system \($0)" } ?? ""
      throw Refusals(
        .routeNotOrdered,
        "no route is ordered for \(routing.infRef) from \(sender.name), authority \(routing.senderAuthority), to authority "
          + "\(routing.recipientAuthority)\(recipient)")
    }
    return systems
  }

  /// Required for SF1630 and for the sortiment route of SF7002. The platform has this rule of its own on purpose: it
  /// tests the client, which asks `InfRef.requiresExplicitRoute`.
  private func needsExplicitRoute(_ infRef: InfRef) -> Bool {
    switch infRef.kind {
    case .sortiment, .fagsystemdefineredeData: return true
    case .other: return false
    }
  }

  private func serves(_ route: PlatformRoute, _ routing: RoutingInfo, from sender: PlatformSystem) -> Bool {
    guard route.sender == sender.name, route.infRef == routing.infRef,
      route.senderAuthority == routing.senderAuthority, route.recipientAuthority == routing.recipientAuthority
    else { return false }
    switch route.kind {
    case .implicit: return routing.recipientITSystem == nil
    case .explicit: return routing.recipientITSystem == plan.system(named: route.recipient)?.itSystem
    }
  }
}

/// All reasons for refusing one delivery; at least one.
struct Refusals: Error, Hashable {
  let reasons: [Refusal]

  init(reasons: [Refusal]) { self.reasons = reasons }
  init(_ code: RefusalCode, _ detail: String) { reasons = [Refusal(code, detail)] }
}
