internal import TriggerFiles

extension SettingsReader {
  private static let routedKeys = [
    "infref", "recipient-it-system", "recipient-authority", "sender-it-system", "sender-authority",
  ]
  private static let routeKeys =
    ["account", "kind", "municipality", "not-municipalities", "name", "recipients", "outgoing"] + routedKeys
  private static let kinds = ["explicit", "implicit", "direct"]

  func readRoute(name: String, entry: Entry) -> Route? {
    guard let section = Section(entry, keys: Self.routeKeys) else { return nil }
    let account = accountName(section)
    let municipality = section["municipality"].map(self.municipality)
    let template = section["name"].map(wireNameTemplate)
    let passedOver = each(section["not-municipalities"], "words and numbers of file names", notMunicipality)
    let outgoing = section["outgoing"].map(watchedFolder)
    let kind = section.required("kind", "explicit, implicit or direct").flatMap(self.kind)
    let routing: RouteKind? =
      switch kind {
      case "direct": direct(section)
      case let kind?: routed(section, kind: kind, account: account)
      case nil: nil
      }
    guard let account, let routing, municipality != .some(nil), template != .some(nil), outgoing != .some(nil) else {
      return nil
    }
    let route = Route(
      name: name, account: account, kind: routing, municipality: municipality ?? nil,
      notMunicipalities: passedOver ?? [], wireName: template ?? nil, outgoing: outgoing ?? nil)
    if let entry = section["name"] { checkWireNames(of: route, entry) }
    if let entry = section["not-municipalities"], route.municipalityRule == nil {
      log.report(
        .conflict, at: entry.place, keyPath: entry.keyPath,
        "nothing is passed over: names are judged where a route has municipality: or carries SF1630",
        remedy: "add municipality:, or remove it", severity: .warning)
    }
    return route
  }

  private func wireNameTemplate(_ entry: Entry) -> WireNameTemplate? {
    guard let text = entry.text("a name such as {stem}.{route}{ext}") else { return nil }
    do throws(WireNameTemplate.Malformed) {
      return try WireNameTemplate(text)
    } catch {
      entry.report(
        .badValue, "found \(error.found) in \(Entry.shown(text)), expected \(error.expected)",
        remedy: "write it like {stem}.{route}{ext}")
      return nil
    }
  }

  /// The shortest names there are have to be good ones (contract section 7); each file's own is checked before it is sent.
  private func checkWireNames(of route: Route, _ entry: Entry) {
    if route.wireName?.has(.municipality) ?? false, route.municipality == nil {
      entry.report(
        .conflict, "found {municipality}, but the route names no municipality",
        remedy: "add municipality:, or leave it out of the name")
      return
    }
    let suffixes = accounts.first { $0.name == route.account }?.suffixes ?? .default
    for file in ["a.b", "a"] {
      guard let name = route.wireName(of: file) else { return }
      do throws(WireNameError) {
        _ = try WireName(name, suffixes: suffixes)
      } catch {
        entry.report(
          .badValue, "the file \(file) would be called \(error.name) in OUT: \(error.message)",
          remedy: "write a name that the wire can carry, such as {stem}.{route}{ext}")
        return
      }
    }
  }

  private func kind(_ entry: Entry) -> String? {
    guard let text = entry.text("explicit, implicit or direct") else { return nil }
    guard Self.kinds.contains(text) else {
      entry.report(
        .badValue, "found \(Entry.shown(text)), expected explicit, implicit or direct",
        remedy: NearestName.to(text, among: Self.kinds).map { "did you mean \"\($0)\"?" })
      return nil
    }
    return text
  }

  private func direct(_ section: Section) -> RouteKind? {
    for key in Self.routedKeys {
      section[key]?.report(
        .conflict, "a direct route tells the platform nothing but the recipients, expected no \(key)",
        remedy: "remove it")
    }
    guard let entry = section.required("recipients", "the recipients' SFTP users") else { return nil }
    return each(entry, "SFTP users", directRecipient).map { .direct(recipients: $0) }
  }

  private func directRecipient(_ entry: Entry) -> String? {
    let name = userName(entry)
    if name == DataFileDescriptor.routedRecipient {
      entry.report(
        .badValue, "found \(DataFileDescriptor.routedRecipient), expected an SFTP user",
        remedy: "leave it out: explicit and implicit routes imply it")
    }
    return name
  }

  private func routed(_ section: Section, kind: String, account: String?) -> RouteKind? {
    section["recipients"]?.report(
      .conflict, "the platform finds the recipients of an \(kind) route, expected no recipients", remedy: "remove it")
    let infRef = section.required("infref", "the InfRef that the route is ordered for")
      .flatMap { self.infRef($0, in: .route) }
    let recipient = section.required("recipient-authority", "the recipient's CVR number").flatMap(cvr)
    let accountSettings = accounts.first { $0.name == account }
    let accountKnown = accountSettings != nil
    let senderSystem = sender(
      "sender-it-system", section, accountKnown, accountSettings?.itSystem, "it-system", systemID)
    let senderAuthority = sender(
      "sender-authority", section, accountKnown, accountSettings?.authority, "authority", cvr)
    let system = recipientSystem(section, kind: kind, infRef: infRef)
    guard let infRef, let recipient, let senderSystem, let senderAuthority else { return nil }
    let addressing = Addressing(
      infRef: infRef, senderITSystem: senderSystem, senderAuthority: senderAuthority, recipientAuthority: recipient
    )
    if kind == "implicit" { return .implicit(addressing) }
    return system.map { .explicit(addressing, recipientITSystem: $0) }
  }

  /// A value about the sender: the route's own, or else the account's.
  private func sender<Value>(
    _ key: String, _ section: Section, _ accountKnown: Bool, _ accountsOwn: Value?, _ accountKey: String,
    _ read: (Entry) -> Value?
  ) -> Value? {
    if let own = section[key] { return read(own) }
    // An account that could not be read has been reported; it may well have the value.
    if accountsOwn == nil, accountKnown {
      _ = section.required(key, "it here or \(accountKey) at the account")
    }
    return accountsOwn
  }

  private func recipientSystem(_ section: Section, kind: String, infRef: InfRef?) -> SystemID? {
    if kind == "explicit" {
      return section.required("recipient-it-system", "the recipient's IT-system, as the route is explicit").flatMap(
        systemID)
    }
    section["recipient-it-system"]?.report(
      .conflict, "an implicit route leaves the IT-system to the platform, expected no recipient-it-system",
      remedy: "remove it, or write kind: explicit")
    if let infRef, infRef.requiresExplicitRoute {
      section["kind"]?.report(
        .conflict, "found implicit, expected explicit: files with \(infRef.name) are only carried by explicit routes",
        remedy: "write kind: explicit and name the recipient-it-system")
    }
    return nil
  }

  /// The value is one word or number that would name a municipality; any other value has no effect.
  private func notMunicipality(_ entry: Entry) -> String? {
    entry.value(
      "a word or number that names a municipality, such as Vejen or 0400",
      remedy: "write it as it stands in the file names, each word or number as an entry of its own"
    ) { text in
      let namings = MunicipalityNaming.all(in: text)
      return namings.count == 1 && namings.allSatisfy({ $0.text.utf8.elementsEqual(text.utf8) || $0.text == text })
        ? text : nil
    }
  }

  private func municipality(_ entry: Entry) -> String? {
    entry.value("a municipality's code of 4 digits, such as 0101") { text in
      text.utf8.count == 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? text : nil
    }
  }
}
