internal import FilsluseBase
internal import TriggerFiles

// The kind of the route, with its addresses.
extension RouteReading {
  mutating func kind(_ direction: RegisteredRoute.Direction, _ account: Account?) -> RouteKind? {
    guard let word = word(.kind, usually: RouteKind.Name.explicit) else {
      checkAddresses()
      return nil
    }
    if word == .direct { return direct() }
    if line.cells[.recipients] != nil {
      fail(
        .conflict, .recipients,
        LocalizedText(
          "the platform finds the recipients of an \(word.rawValue) route",
          "platformen finder selv modtagerne på en \(word.rawValue) rute"),
        LocalizedText("remove it, or write kind direct", "fjern den, eller skriv kind direct"))
    }
    require(.infRef)
    let infRef = infRef(direction == .out ? .route : .arrival)
    if word == .implicit, let infRef, infRef.requiresExplicitRoute {
      fail(
        .conflict, .kind,
        LocalizedText(
          "files with \(infRef.name) are only carried by explicit routes",
          "filer med \(infRef.name) sendes kun ad eksplicitte ruter"),
        LocalizedText("write explicit, and the recipient-it-system", "skriv explicit og recipient-it-system"))
    }
    let own = (system: account?.itSystem, authority: account?.authority)
    let shared = authority(.authority)
    let sender = system(.senderITSystem) ?? (direction == .out && line.cells[.senderITSystem] == nil ? own.system : nil)
    let senderAuthority =
      authority(.senderAuthority)
      ?? (line.cells[.senderAuthority] == nil ? shared ?? (direction == .out ? own.authority : nil) : nil)
    let recipientAuthority =
      authority(.recipientAuthority)
      ?? (line.cells[.recipientAuthority] == nil ? shared ?? (direction == .in ? own.authority : nil) : nil)
    let recipient =
      system(.recipientITSystem) ?? (direction == .in && line.cells[.recipientITSystem] == nil ? own.system : nil)
    // An account with problems may well have the values.
    let isJudged = account != nil
    if sender == nil, isJudged || direction == .in { require(.senderITSystem) }
    if senderAuthority == nil, shared == nil, isJudged || direction == .in, line.cells[.authority] == nil {
      require(.senderAuthority)
    }
    if recipientAuthority == nil, shared == nil, line.cells[.authority] == nil { require(.recipientAuthority) }
    if word == .explicit, recipient == nil, isJudged || direction == .out {
      require(
        .recipientITSystem,
        LocalizedText(
          "the recipient's IT-system, as the route is explicit", "modtagersystemet, da ruten er eksplicit"))
    }
    guard let infRef, let sender, let senderAuthority, let recipientAuthority else { return nil }
    let addressing = Addressing(
      infRef: infRef, senderITSystem: sender, senderAuthority: senderAuthority, recipientAuthority: recipientAuthority)
    if word == .implicit { return .implicit(addressing) }
    return recipient.map { .explicit(addressing, recipientITSystem: $0) }
  }

  /// Checks the addresses of a line whose kind or direction cannot be read.
  mutating func checkAddresses() {
    for column in [RegisterColumn.authority, .senderAuthority, .recipientAuthority] { _ = authority(column) }
    for column in [RegisterColumn.senderITSystem, .recipientITSystem] { _ = system(column) }
  }

  private mutating func direct() -> RouteKind? {
    for column in [
      RegisterColumn.infRef, .senderITSystem, .senderAuthority, .recipientITSystem, .recipientAuthority, .authority,
    ] where line.cells[column] != nil {
      fail(
        .conflict, column,
        LocalizedText(
          "a direct route tells the platform nothing but the recipients",
          "en direkte rute fortæller kun platformen, hvem modtagerne er"), LocalizedText("remove it", "fjern den"))
    }
    require(.recipients)
    let users = list(.recipients)
    if users.contains(DataFileDescriptor.routedRecipient) {
      reject(.badValue, .recipients, expected: LocalizedText("SFTP users", "SFTP-brugere"))
    }
    return users.isEmpty ? nil : .direct(recipients: users)
  }
}
