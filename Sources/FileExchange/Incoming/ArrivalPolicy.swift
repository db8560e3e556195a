internal import ExchangeSettings
internal import TriggerFiles

/// The policy for arrivals: accepts those that the account expects (contract section 5: sender **and** authority are
/// checked).
struct ArrivalPolicy: Sendable {
  let account: Account
  /// The arrivals that the account expects.
  let routes: [ArrivalRoute]
  private let register: Set<String>

  /// The result of a check.
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
      return judgeDirect(metadata.fileDescriptor)
    }
    if let ours = account.itSystem, let theirs = routing.recipientITSystem, ours != theirs {
      return .refused(
        "it is meant for the IT-system \(theirs.rawValue), and \(account.name) is \(ours.rawValue); ask the platform's help desk, or correct it-system: of the account"
      )
    }
    let candidates = routes.filter { $0.infRef == routing.infRef }
    guard !candidates.isEmpty else {
      return .refused(UnexpectedInfRef.reason(routing.infRef, account, routes, register))
    }
    let judged = candidates.map { ($0, objections(of: $0, to: metadata, routing)) }
    if let fitting = judged.first(where: \.1.isEmpty) { return .expected(fitting.0) }
    let closest = judged.map(\.1).min { $0.count < $1.count } ?? []
    let remedy =
      routing.infRef.isSortiment && closest.contains(where: \.isOfSender)
      ? "a sortiment only comes from the shared classification system (FK-KLA), so do not permit it: tell the platform's help desk, and have the sortiment sent by the classification system"
      : "if this is right, permit it under arrivals:"
    return .refused("InfRef \(routing.infRef): \(closest.map(\.text).joined(separator: ", ")); \(remedy)")
  }

  /// The objection of a route to an arrival.
  private struct Objection {
    let text: String
    /// True if it concerns the sender.
    var isOfSender = false
  }

  /// A direct transmission is known by its sender alone, and has to name this account's user (contract section 3). What
  /// else its content descriptor holds is kept in the metadata, for the receiver's program.
  private func judgeDirect(_ file: DataFileDescriptor) -> Verdict {
    let sender = file.sender
    func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
    if file.recipients.contains(where: { isSame($0, DataFileDescriptor.routedRecipient) }) {
      return .refused(
        "Recipients is \(DataFileDescriptor.routedRecipient), and there is no routing info, so that nothing says what it is or whose; ask \(sender) to send it again"
      )
    }
    guard file.recipients.contains(where: { isSame($0, account.user) }) else {
      return .refused(
        "it was sent directly, and its recipients (\(Self.list(file.recipients))) do not name \(account.user), the user of \(account.name); ask the platform's help desk why it came here"
      )
    }
    let direct = routes.filter(\.isDirect)
    if let fitting = direct.first(where: { $0.senders?.contains { isSame($0, sender) } ?? false }) {
      return .expected(fitting)
    }
    let remedy =
      "if it should be, add an arrival of kind: direct with senders: [\(sender)] under arrivals:, or ask \(sender) to send it by a route"
    if direct.isEmpty {
      return .refused(
        "it has no routing info, so that nothing but its sender, \(sender), says what it is: direct transmissions are not taken here; \(remedy)"
      )
    }
    return .refused(
      "it was sent directly, and sender \(sender) is not permitted by \(Self.list(direct.map(\.name))); \(remedy)")
  }

  /// Names in a message: of many, the first.
  private static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", … (\(names.count) in all)" : "")
  }

  private func objections(of route: ArrivalRoute, to metadata: FileMetadata, _ routing: RoutingInfo) -> [Objection] {
    var found: [Objection] = []
    let sender = metadata.fileDescriptor.sender
    if let senders = route.senders, !senders.contains(where: { $0.utf8.elementsEqual(sender.utf8) }) {
      found.append(Objection(text: "sender \(sender) is not permitted by \(route.name)", isOfSender: true))
    }
    if let systems = route.senderITSystems, !systems.contains(routing.senderITSystem) {
      found.append(
        Objection(
          text: "sender system \(routing.senderITSystem.rawValue) is not permitted by \(route.name)", isOfSender: true))
    }
    if let authorities = route.senderAuthorities, !authorities.contains(routing.senderAuthority) {
      found.append(
        Objection(text: "sender authority \(routing.senderAuthority.digits) is not permitted by \(route.name)"))
    }
    if let authorities = route.recipientAuthorities, !authorities.contains(routing.recipientAuthority) {
      found.append(
        Objection(text: "recipient authority \(routing.recipientAuthority.digits) is not permitted by \(route.name)"))
    }
    return found
  }
}
