internal import SystemPackage
internal import TriggerFiles

/// A route as the file writes it.
private struct RouteForm {
  typealias Kind = RouteKind.Name

  var account = ""
  var kind = Kind.direct
  var infRef: InfRef?
  var senderITSystem: SystemID?
  var senderAuthority: CVRNumber?
  var recipientITSystem: SystemID?
  var recipientAuthority: CVRNumber?
  var recipients: [String]?
  var municipality: String?
  var notMunicipalities: [String] = []
  var wireName: WireNameTemplate?
  var outgoing: WatchedFolder?

  private static let kinds = LocalizedText("explicit, implicit or direct", "explicit, implicit eller direct")

  static let table = KeyTable("Routes", blank: RouteForm()) { table in
    table.required(
      "account", \.account, .accountName, missing: LocalizedText("the name of an account", "navnet på en konto"),
      "The account that sends.")
    table.required(
      "kind", \.kind, .word(kinds), missing: kinds,
      "How the platform learns who gets the file. explicit: the recipient's authority and IT-system are both named; implicit: the platform's rules find the system; direct: the recipients' SFTP users are named, and nothing else."
    )
    table.optional(
      "infref", \.infRef, .infRef(in: .route),
      needed: LocalizedText("the InfRef that the route is ordered for", "den InfRef, som ruten er bestilt til"),
      otherwise: "required unless kind: direct", "The InfRef, exactly as it was assigned to you.")
    table.optional(
      "sender-it-system", \.senderITSystem, .systemID,
      needed: LocalizedText("it here or it-system at the account", "den her eller it-system ved kontoen"),
      otherwise: "the account's it-system", example: "3b241101-e2bb-4255-8caf-4136c566a962",
      "The IT-system instance that sends.")
    table.optional(
      "sender-authority", \.senderAuthority, .cvr,
      needed: LocalizedText("it here or authority at the account", "den her eller authority ved kontoen"),
      otherwise: "the account's authority", "The authority on whose behalf it sends.")
    table.optional(
      "recipient-it-system", \.recipientITSystem, .systemID,
      needed: LocalizedText(
        "the recipient's IT-system, as the route is explicit", "modtagerens it-system, da ruten er eksplicit"),
      otherwise: "required for kind: explicit",
      "The IT-system instance that receives.")
    table.optional(
      "recipient-authority", \.recipientAuthority, .cvr,
      needed: LocalizedText("the recipient's CVR number", "modtagerens CVR-nummer"),
      otherwise: "required unless kind: direct", "The authority that shall have the file.")
    table.optional(
      "recipients", \.recipients, .list(of: .directRecipient, LocalizedText("SFTP users", "SFTP-brugere")),
      needed: LocalizedText("the recipients' SFTP users", "modtagernes SFTP-brugere"),
      otherwise: "required for kind: direct", "The recipients' SFTP users of a direct route.")
    table.optional(
      "municipality", \.municipality, .municipality,
      "The municipality that every file of this route belongs to. A file whose name says another, by its code (0101 or 101) or its name, is refused before anything is sent; files of SF1630 are also where theirs says two."
    )
    table.key(
      "not-municipalities", \.notMunicipalities,
      .list(of: .notMunicipality, LocalizedText("words and numbers of file names", "ord og tal i filnavne")),
      "Words and numbers in file names that mean no municipality on this route; the journal keeps what was passed over. For a single file: filsluse send --holds-municipality 0101, or the column holds-municipality of a list."
    )
    table.optional(
      "name", \.wireName, .wireName,
      otherwise: "the file's own name; {stem}.{route}{ext} where a list or pattern names its municipality",
      example: "\"{stem}.{route}{ext}\"",
      "The names of the files in OUT: {stem} (must be there), {ext} with its full stop, {route}, {municipality}. Two routes that send files of one name need it. A file that was sent under another name is not known under this one, and sent again."
    )
    table.optional(
      "outgoing", \.outgoing, .section(WatchedFolder.table) { $0.checkKeepSent() },
      "A local folder whose files `filsluse run` delivers by this route: plain ones, no links. A folder that everybody may write into needs the sticky bit (1777)."
    )
  }

  /// The fields of routes that carry routing information.
  static var routed: [PartialKeyPath<RouteForm>] {
    [\.infRef, \.recipientITSystem, \.recipientAuthority, \.senderITSystem, \.senderAuthority]
  }

  init() {}

  /// Leaves out the sender where the account names the same one.
  init(_ route: Route, _ accounts: [Account]) {
    let own = accounts.first { $0.name == route.account }
    account = route.account
    switch route.kind {
    case .explicit: kind = .explicit
    case .implicit: kind = .implicit
    case .direct(let users): (kind, recipients) = (.direct, users)
    }
    infRef = route.addressing?.infRef
    senderITSystem = route.addressing.flatMap { $0.senderITSystem == own?.itSystem ? nil : $0.senderITSystem }
    senderAuthority = route.addressing.flatMap { $0.senderAuthority == own?.authority ? nil : $0.senderAuthority }
    recipientITSystem = route.recipientITSystem
    recipientAuthority = route.addressing?.recipientAuthority
    municipality = route.municipality
    notMunicipalities = route.notMunicipalities
    wireName = route.wireName
    outgoing = route.outgoing
  }
}

extension ExchangeSettings {
  /// The key path of a route's outgoing folder, below that of the route.
  static var outgoingFolderKeys: [String] {
    [RouteForm.table.name(of: \.outgoing), WatchedFolder.table.name(of: \.path)]
  }
}

extension ValueType<[Route]> {
  static var routes: Self {
    .named(LocalizedText("routes", "ruter"), RouteForm.table, name: \.name, form: { RouteForm($0, $1.accounts) }) {
      name, fields in
      fields.readRoute(named: name)
    }
  }
}

extension SectionFields<RouteForm> {
  fileprivate mutating func readRoute(named name: String) -> Route? {
    read(\.account)
    if read(\.kind) { checkKeys(of: form.kind) } else { skip(RouteForm.routed + [\.recipients]) }
    readRest()
    guard let kind = routeKind(), isSound else { return nil }
    let route = Route(
      name: name, account: form.account, kind: kind, municipality: form.municipality,
      notMunicipalities: form.notMunicipalities, wireName: form.wireName, outgoing: form.outgoing)
    checkWireNames(of: route)
    if !form.notMunicipalities.isEmpty, route.municipalityRule == nil {
      warn(
        .conflict, at: \.notMunicipalities,
        LocalizedText(
          "nothing is passed over: names are judged where a route has municipality: or carries SF1630",
          "intet springes over: navne bedømmes, hvor en rute har municipality: eller fører SF1630"),
        remedy: LocalizedText("add municipality:, or remove it", "tilføj municipality:, eller fjern den"))
    }
    return route
  }

  /// Reports keys that the kind requires or has no use for.
  private mutating func checkKeys(of kind: RouteForm.Kind) {
    if kind == .direct {
      refuse(RouteForm.routed) { key in
        LocalizedText(
          "a direct route tells the platform nothing but the recipients, expected no \(key)",
          "en direkte rute fortæller kun platformen, hvem der modtager, forventede ingen \(key)")
      }
      return require(\.recipients)
    }
    refuse([\.recipients]) { key in
      LocalizedText(
        "the platform finds the recipients of an \(kind.rawValue) route, expected no \(key)",
        "platformen finder modtagerne på en rute med kind: \(kind.rawValue), forventede ingen \(key)")
    }
    require(\.infRef)
    require(\.recipientAuthority)
    if kind == .explicit { return require(\.recipientITSystem) }
    refuse(
      [\.recipientITSystem],
      { key in
        LocalizedText(
          "an implicit route leaves the IT-system to the platform, expected no \(key)",
          "en implicit rute overlader it-systemet til platformen, forventede ingen \(key)")
      }, remedy: LocalizedText("remove it, or write kind: explicit", "fjern den, eller skriv kind: explicit"))
  }

  private mutating func routeKind() -> RouteKind? {
    if form.kind == .direct { return form.recipients.map { .direct(recipients: $0) } }
    if form.kind == .implicit, let infRef = form.infRef, infRef.requiresExplicitRoute {
      report(
        .conflict, at: \.kind,
        LocalizedText(
          "found implicit, expected explicit: files with \(infRef.name) are only carried by explicit routes",
          "fandt implicit, forventede explicit: filer med \(infRef.name) går kun ad eksplicitte ruter"),
        remedy: LocalizedText(
          "write kind: explicit and name the recipient-it-system", "skriv kind: explicit, og nævn recipient-it-system"))
    }
    // An account that could not be read has been reported; it may well have the values.
    guard let account = reader.accounts.first(where: { $0.name == form.account }) else { return nil }
    if account.itSystem == nil, self[\.senderITSystem] == nil { require(\.senderITSystem) }
    if account.authority == nil, self[\.senderAuthority] == nil { require(\.senderAuthority) }
    guard let infRef = form.infRef, let recipient = form.recipientAuthority,
      let system = form.senderITSystem ?? account.itSystem, let authority = form.senderAuthority ?? account.authority
    else { return nil }
    let addressing = Addressing(
      infRef: infRef, senderITSystem: system, senderAuthority: authority, recipientAuthority: recipient)
    if form.kind == .implicit { return .implicit(addressing) }
    return form.recipientITSystem.map { .explicit(addressing, recipientITSystem: $0) }
  }

  private mutating func checkWireNames(of route: Route) {
    let suffixes = reader.accounts.first { $0.name == route.account }?.suffixes ?? .default
    guard let fault = route.wireNameFault(suffixes: suffixes) else { return }
    report(fault.code, at: \.wireName, fault.message, remedy: fault.remedy)
  }
}

extension Route {
  /// A fault of the template for names in OUT, with its remedy.
  struct WireNameFault {
    let code: SettingsProblem.Code
    let message: LocalizedText
    let remedy: LocalizedText
  }

  /// Returns the fault of the template for names in OUT; `nil` where it has none. It checks the shortest possible names
  /// (contract section 7); each file's own name is checked before it is sent.
  func wireNameFault(suffixes: WireSuffixes) -> WireNameFault? {
    guard let template = wireName else { return nil }
    if template.has(.municipality), municipality == nil {
      return WireNameFault(
        code: .conflict,
        message: LocalizedText(
          "found {municipality}, but the route names no municipality",
          "fandt {municipality}, men ruten har ingen kommune"),
        remedy: LocalizedText(
          "add municipality:, or leave it out of the name", "tilføj municipality, eller udelad den i navnet"))
    }
    for file in ["a.b", "a"] {
      do throws(WireNameError) {
        _ = try WireName(template.name(of: file, by: self), suffixes: suffixes)
      } catch {
        return WireNameFault(
          code: .badValue,
          message: LocalizedText(
            "the file \(file) would be called \(error.name) in OUT: \(error.message.en)",
            "filen \(file) ville hedde \(error.danishName) i OUT: \(error.message.da)"),
          remedy: LocalizedText(
            "write a name that the wire can carry, such as {stem}.{route}{ext}",
            "skriv et navn, som kan bruges på serveren, fx {stem}.{route}{ext}"))
      }
    }
    return nil
  }
}

// MARK: Values of a route

extension ValueType<String> {
  fileprivate static var directRecipient: Self {
    let user = ValueType.userName
    return Self(expected: user.expected) { entry, reader in
      let name = user.read(entry, reader)
      guard name == DataFileDescriptor.routedRecipient else { return name }
      entry.report(
        .badValue,
        .found(
          LocalizedText(DataFileDescriptor.routedRecipient), expected: LocalizedText("an SFTP user", "en SFTP-bruger")),
        remedy: LocalizedText(
          "leave it out: explicit and implicit routes imply it", "udelad den: den følger af explicit og implicit"))
      return nil
    } write: { name, _ in
      .text(name)
    }
  }

  /// One word or number that would name a municipality; any other value has no effect.
  fileprivate static var notMunicipality: Self {
    .text(
      LocalizedText(
        "a word or number that names a municipality, such as Vejen or 0400",
        "et ord eller tal, der nævner en kommune, som Vejen eller 0400"),
      remedy: LocalizedText(
        "write it as it stands in the file names, each word or number as an entry of its own",
        "skriv det, som det står i filnavnene, hvert ord eller tal som sit eget led")
    ) { text in
      let mentions = MunicipalityMention.all(in: text)
      return mentions.count == 1
        && mentions.allSatisfy { $0.text.utf8.elementsEqual(text.utf8) || $0.text == text }
    }
  }

  fileprivate static var municipality: Self {
    .text(
      LocalizedText("a municipality's code, such as 0101", "en kommunes kode, fx 0101"),
      { text in
        let isCode = text.utf8.count == 4 && text.hasPrefix("0") && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return Municipality(code: text)?.code ?? (isCode ? text : nil)
      }, write: { .text($0) })
  }
}

extension ValueType<WireNameTemplate> {
  fileprivate static var wireName: Self {
    let expected = LocalizedText("a name such as {stem}.{route}{ext}", "et navn som {stem}.{route}{ext}")
    return Self(expected: expected) { entry, _ in
      guard let text = entry.text(expected) else { return nil }
      do throws(WireNameTemplate.Malformed) {
        return try WireNameTemplate(text)
      } catch {
        entry.report(
          .badValue,
          .found(
            error.found + LocalizedText(" in \(Entry.shown(text))", " i \(Entry.shown(text))"), expected: error.expected
          ),
          remedy: LocalizedText("write it like {stem}.{route}{ext}", "skriv det som {stem}.{route}{ext}"))
        return nil
      }
    } write: { template, _ in
      .text(template.description)
    }
  }
}
