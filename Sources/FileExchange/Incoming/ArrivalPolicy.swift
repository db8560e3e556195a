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
    /// It is expected by this route.
    case expected(ArrivalRoute)
    /// It is not expected; the reason has the remedy.
    case refused(ArrivalReason)
  }

  init(account: Account, settings: ExchangeSettings) {
    self.account = account
    routes = settings.arrivals.filter { $0.account == account.name }
    register = settings.register
  }

  /// Judges an arrival by what the journal has of it; `nil` where only the machine that lists IN can.
  func judge(_ arrival: Arrival) -> Verdict? {
    // The journal does not have the name that it has in IN.
    if case .otherName = arrival.reason { return nil }
    guard let metadata = try? arrival.readMetadata() else { return nil }
    let transfer = TransferKey(metadata.fileTransferUUID, atMost: account.longestTransferID)
    return judge(metadata, of: transfer, named: arrival.wireName.bytes)
  }

  /// Judges metadata in IN.
  ///
  /// - Parameter name: the name of the file beside it.
  func judge(_ metadata: FileMetadata, of transfer: TransferKey, named name: [UInt8]) -> Verdict {
    if let objection = transfer.objection { return .refused(objection) }
    let file = metadata.fileDescriptor
    guard Array(file.fileName.utf8) == name else {
      return .refused(.otherName(stated: file.fileName, found: String(validating: name, as: UTF8.self)))
    }
    do {
      _ = try WireName(file.fileName, suffixes: account.suffixes)
    } catch {
      return .refused(.unusableName(error.name, fault: error.message))
    }
    return judge(metadata)
  }

  func judge(_ metadata: FileMetadata) -> Verdict {
    guard let routing = metadata.fileContentDescriptor.routingInfo else {
      return judgeDirect(metadata.fileDescriptor)
    }
    if let ours = account.itSystem, let theirs = routing.recipientITSystem, ours != theirs {
      return .refused(.otherSystem(theirs: theirs.rawValue, account: account.name, ours: ours.rawValue))
    }
    let candidates = routes.filter { $0.infRef == routing.infRef }
    guard !candidates.isEmpty else {
      return .refused(UnexpectedInfRef.reason(routing.infRef, account, routes, register))
    }
    let judged = candidates.map { ($0, objections(of: $0, to: metadata, routing)) }
    if let fitting = judged.first(where: \.1.isEmpty) { return .expected(fitting.0) }
    let closest = judged.map(\.1).min { $0.count < $1.count } ?? []
    return .refused(
      .notPermitted(infRef: routing.infRef, objections: closest, isSortiment: routing.infRef.isSortiment))
  }

  /// Checks a direct transmission, which is recognised by its sender only, and must name this account's user (contract
  /// section 3). Further content of its descriptor is kept in the metadata, for the receiver's program.
  private func judgeDirect(_ file: DataFileDescriptor) -> Verdict {
    let sender = file.sender
    func isSame(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
    if file.recipients.contains(where: { isSame($0, DataFileDescriptor.routedRecipient) }) {
      return .refused(.withoutRoute(sender: sender))
    }
    guard file.recipients.contains(where: { isSame($0, account.user) }) else {
      return .refused(.otherRecipients(file.recipients, user: account.user, account: account.name))
    }
    let direct = routes.filter(\.isDirect)
    if let fitting = direct.first(where: { $0.senders?.contains { isSame($0, sender) } ?? false }) {
      return .expected(fitting)
    }
    if direct.isEmpty { return .refused(.directNotTaken(sender: sender)) }
    return .refused(.directSender(sender, routes: direct.map(\.name)))
  }

  private func objections(
    of route: ArrivalRoute, to metadata: FileMetadata, _ routing: RoutingInfo
  ) -> [ArrivalReason.Objection] {
    var found: [ArrivalReason.Objection] = []
    let sender = metadata.fileDescriptor.sender
    if let senders = route.senders, !senders.contains(where: { $0.utf8.elementsEqual(sender.utf8) }) {
      found.append(.sender(sender, route: route.name))
    }
    if let systems = route.senderITSystems, !systems.contains(routing.senderITSystem) {
      found.append(.senderSystem(routing.senderITSystem.rawValue, route: route.name))
    }
    if let authorities = route.senderAuthorities, !authorities.contains(routing.senderAuthority) {
      found.append(.senderAuthority(routing.senderAuthority.digits, route: route.name))
    }
    if let authorities = route.recipientAuthorities, !authorities.contains(routing.recipientAuthority) {
      found.append(.recipientAuthority(routing.recipientAuthority.digits, route: route.name))
    }
    return found
  }
}

/// Explains why an InfRef that no arrival route names is not accepted, in the words of the contract (section 4).
enum UnexpectedInfRef {
  static func reason(
    _ infRef: InfRef, _ account: Account, _ routes: [ArrivalRoute], _ register: Set<String>
  ) -> ArrivalReason {
    let explanation = InfRef.explain(infRef.name, register: register)
    let routed = routes.compactMap { route in route.infRef.map { (name: route.name, infRef: $0) } }
    if case .sortiment = explanation.kind, let other = routed.first(where: \.infRef.isSortiment) {
      return .otherSortiment(infRef: infRef, expected: other.infRef, route: other.name)
    }
    switch explanation.entry?.carrier {
    case .webService: return .webServiceInfRef(infRef)
    case .form: return .formInfRef(infRef)
    case .sftp, nil: break
    }
    let wrong = explanation.findings.first { $0.severity == .error && $0.code != .unknown }
    let fault = wrong.map { LocalizedText($0.message, $0.danishMessage) }
    let meant = wrong?.suggestion.flatMap { suggestion in
      routed.first { $0.infRef == InfRef(unchecked: suggestion) }
    }
    if let fault, let meant {
      return .misspeltInfRef(infRef, meant: meant.infRef, route: meant.name, fault: fault)
    }
    if routes.isEmpty { return .nothingExpected(account: account.name) }
    return .unexpectedInfRef(infRef, account: account.name, fault: fault)
  }
}

extension ArrivalPolicy {
  /// Returns a warning if the name mentions another municipality than that of the recipient authority in the settings;
  /// `nil` for none. The file is still accepted.
  func municipalityWarning(_ metadata: FileMetadata) -> String? {
    guard let routing = metadata.fileContentDescriptor.routingInfo else { return nil }
    let name = Array(metadata.fileDescriptor.fileName.utf8)
    return routes.lazy.filter { $0.infRef == routing.infRef }.compactMap {
      $0.municipalityWarning(name: name, recipientAuthority: routing.recipientAuthority.digits)
    }.first.map { "warning: \($0)" }
  }
}
