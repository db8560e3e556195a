internal import TriggerFiles

/// The thing that a task is done once for, on one route: a record of the task holds for every route with the same
/// scope.
struct TaskScope: Hashable {
  private var infRef: InfRef?
  private var sender: String?
  private var recipient: String?
  private var authority: String?

  /// - Parameter municipality: the code of another municipality than the route's.
  init(of task: OnboardingTask, on route: RegisteredRoute, municipality: String? = nil) {
    let frequency = task.frequency
    switch frequency.scope {
    case .agreement:
      infRef = route.infRef
      if task.parties.contains(.receiver) { recipient = Self.recipient(of: route) }
    case .authority:
      // An order per authority is one per InfRef and recipient, too; access of an authority is one for all.
      if !task.parties.contains(.authority) {
        infRef = route.infRef
        recipient = Self.recipient(of: route)
      }
    case .system:
      let end = Self.end(of: task.parties.first, on: route)
      if end != .recipient { sender = Self.sender(of: route) }
      if end != .sender { recipient = Self.recipient(of: route) }
    case .connection:
      sender = Self.sender(of: route)
      recipient = Self.recipient(of: route)
    }
    if frequency.isPerAuthority || task.parties.contains(.municipality) {
      authority = municipality ?? route.municipality?.code ?? route.addressing?.recipientAuthority.digits
    }
  }

  private enum End {
    case sender, recipient
  }

  /// The end of a route that a party's system is at; `nil` where the register does not say.
  private static func end(of party: TaskParty?, on route: RegisteredRoute) -> End? {
    let role: RegisteredRoute.SystemRole
    switch party {
    case .sender: return .sender
    case .receiver: return .recipient
    case .fagsystem: role = .fagsystem
    case .invoiceSystem: role = .invoices
    default: return nil
    }
    if route.recipientRole == role { return .recipient }
    return route.senderRole == role ? .sender : nil
  }

  private static func sender(of route: RegisteredRoute) -> String {
    route.addressing?.senderITSystem.rawValue ?? route.account
  }

  /// Returns the receiving system; for an implicit route the receiving authority, whose system the platform finds.
  private static func recipient(of route: RegisteredRoute) -> String {
    if let system = route.recipientITSystem { return system.rawValue }
    if case .direct(let users) = route.kind { return users.joined(separator: " ") }
    return route.addressing?.recipientAuthority.digits ?? ""
  }
}
