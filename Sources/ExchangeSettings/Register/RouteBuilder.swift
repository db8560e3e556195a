internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Makes routes of filled lines, and reports every value that is wrong or missing.
struct RouteBuilder {
  let accounts: [String: Account]
  /// True for every name of an account in the settings, including those whose account has problems.
  let accountNames: [String]
  /// The InfRefs that the settings declare.
  let declared: Set<String>
  /// The folder of the list, at which relative paths start.
  let folder: FilePath
  let log: RegisterLog
  var cache = ValueCache()

  /// Values read before: a list repeats most of them.
  struct ValueCache {
    var systems: [String: SystemID] = [:]
    var authorities: [String: CVRNumber] = [:]
    var infRefs: [String: InfRef] = [:]
    var days: [String: CivilDay] = [:]
    var municipalities: [String: Municipality] = [:]
  }

  /// The route of a filled line; `nil` where something about it is wrong, which is reported.
  mutating func route(_ filled: RouteExpansion.Filled) -> RegisteredRoute? {
    var reading = RouteReading(builder: self, filled: filled)
    let route = reading.route()
    cache = reading.builder.cache
    return route
  }
}

/// The reading of one filled line.
struct RouteReading {
  var builder: RouteBuilder
  private let line: RegisterLine
  private let filled: RouteExpansion.Filled
  private var isSound = true
  private var log: RegisterLog { builder.log }

  init(builder: RouteBuilder, filled: RouteExpansion.Filled) {
    self.builder = builder
    self.filled = filled
    line = filled.line
  }

  mutating func route() -> RegisteredRoute? {
    let municipality = municipality()
    let name = name(municipality)
    let direction = word(.direction, RegisteredRoute.Direction.self) ?? .out
    let account = account()
    let kind = kind(direction, account)
    let outgoing = outgoing(direction, name ?? "", municipality)
    let specification = DataSpecification(
      file: path(.specification, name ?? "", municipality), version: text(.specificationVersion),
      format: text(.format), encoding: text(.encoding), frequency: text(.frequency))
    let validity = (from: day(.validFrom), to: day(.validTo))
    if let from = validity.from, let to = validity.to, to < from {
      fail(
        .conflict, .validTo,
        LocalizedText("the last day \(to) is before the first, \(from)", "sidste dag \(to) er før den første, \(from)"),
        LocalizedText("correct one of the two", "ret en af de to"))
    }
    let roles = (
      sender: word(.senderRole, RegisteredRoute.SystemRole.self),
      recipient: word(.recipientRole, RegisteredRoute.SystemRole.self)
    )
    let environment = word(.environment, ExchangeEnvironment.self)
    let superseded = day(.supersededOn)
    let pickUp = pickUp()
    let wireName = wireName()
    guard isSound, let name, let kind, let account = line.cells[.account]?.text else { return nil }
    let route = RegisteredRoute(
      name: name, position: line.position, direction: direction, account: account, kind: kind,
      municipality: municipality, senderAuthorityName: text(.senderName),
      recipientAuthorityName: text(.recipientName), senderRole: roles.sender, recipientRole: roles.recipient,
      environment: environment, pickUp: pickUp, contact: text(.contact), validFrom: validity.from,
      validTo: validity.to, supersededOn: superseded, specification: specification.isEmpty ? nil : specification,
      notMunicipalities: list(.notMunicipalities), wireName: wireName, outgoing: outgoing)
    if let fault = Route(route).wireNameFault(suffixes: builder.accounts[account]?.suffixes ?? .default) {
      fail(.badValue, .wireName, fault.message, fault.remedy)
      return nil
    }
    return route
  }

  // MARK: Reporting

  private mutating func fail(
    _ code: RegisterFindingCode, _ column: RegisterColumn?, _ message: LocalizedText, _ remedy: LocalizedText
  ) {
    isSound = false
    let position = column.flatMap { line.cells[$0]?.position } ?? line.position
    log.report(
      code, at: position, (column.map { LocalizedText("\($0.rawValue): ") } ?? LocalizedText("")) + message, remedy)
  }

  private mutating func require(_ column: RegisterColumn, _ why: LocalizedText? = nil) {
    guard line.cells[column] == nil else { return }
    let meaning = why ?? column.meaning
    fail(
      .missingValue, column,
      LocalizedText("the value is missing, expected \(meaning.en)", "værdien mangler, forventede \(meaning.da)"),
      LocalizedText("add it to the line or to its template", "tilføj den på linjen eller i dens skabelon"))
  }

  private mutating func reject(
    _ code: RegisterFindingCode, _ column: RegisterColumn, expected: LocalizedText, _ remedy: LocalizedText? = nil
  ) {
    let found = Entry.shown(line.cells[column]?.text ?? "")
    fail(
      code, column,
      LocalizedText("found \(found), expected \(expected.en)", "fandt \(found), forventede \(expected.da)"),
      remedy ?? LocalizedText("correct it", "ret den"))
  }

  // MARK: Values

  private func text(_ column: RegisterColumn) -> String? { line.cells[column]?.text }

  private func list(_ column: RegisterColumn) -> [String] {
    text(column)?.split(separator: "|").map { String($0).trimmingBlanks } ?? []
  }

  private mutating func word<Word: RawRepresentable & CaseIterable>(
    _ column: RegisterColumn, _: Word.Type
  ) -> Word? where Word.RawValue == String {
    guard let text = text(column) else { return nil }
    guard let word = Word(rawValue: text) else {
      let all = Word.allCases.map(\.rawValue)
      let nearest = NearestName.to(text, among: all)
      let words = all.joined(separator: ", ")
      reject(
        .badValue, column, expected: LocalizedText("one of \(words)", "et af \(words)"),
        nearest.map { LocalizedText("did you mean \($0)?", "mente du \($0)?") })
      return nil
    }
    return word
  }

  private mutating func day(_ column: RegisterColumn) -> CivilDay? {
    guard let text = text(column) else { return nil }
    if let known = builder.cache.days[text] { return known }
    guard let day = CivilDay(text) else {
      reject(.invalidDate, column, expected: LocalizedText("a date such as 2026-03-01", "en dato som 2026-03-01"))
      return nil
    }
    builder.cache.days[text] = day
    return day
  }

  private mutating func system(_ column: RegisterColumn) -> SystemID? {
    guard let text = text(column) else { return nil }
    if let known = builder.cache.systems[text] { return known }
    do throws(ValueError) {
      let system = try SystemID(text)
      builder.cache.systems[text] = system
      return system
    } catch {
      reject(.invalidUUID, column, expected: error.expected, error.remedy)
      return nil
    }
  }

  private mutating func authority(_ column: RegisterColumn) -> CVRNumber? {
    guard let text = text(column) else { return nil }
    if let known = builder.cache.authorities[text] { return known }
    do throws(ValueError) {
      let authority = try CVRNumber(text)
      builder.cache.authorities[text] = authority
      return authority
    } catch {
      reject(.invalidCVR, column, expected: error.expected, error.remedy)
      return nil
    }
  }

  private mutating func infRef(_ place: InfRefPlace) -> InfRef? {
    guard let text = text(.infRef) else { return nil }
    if let known = builder.cache.infRefs[text] { return known }
    for finding in InfRef.check(text, register: builder.declared, place: place) {
      let code = RegisterFindingCode.unfitInfRef
      let message = LocalizedText(
        "infref: found \(Entry.shown(text)): \(finding.message(in: .english))",
        "infref: fandt \(Entry.shown(text)): \(finding.message(in: .danish))")
      let remedy = LocalizedText(finding.remedy(in: .english), finding.remedy(in: .danish))
      log.report(code, at: line.cells[.infRef]?.position, message, remedy, severity: finding.severity)
      if finding.severity == .error { isSound = false }
    }
    guard let infRef = try? InfRef(text, register: builder.declared) else { return nil }
    builder.cache.infRefs[text] = infRef
    return infRef
  }

  private mutating func municipality() -> Municipality? {
    guard let text = text(.municipality) else { return nil }
    if let known = builder.cache.municipalities[text] { return known }
    guard let municipality = Municipality(code: text) ?? MunicipalityName.municipality(named: text) else {
      reject(
        .unknownMunicipality, .municipality,
        expected: LocalizedText(
          "one of the 98 municipalities by code or name, such as 0751, 751 or Aarhus",
          "en af de 98 kommuner ved kode eller navn, som 0751, 751 eller Aarhus"))
      return nil
    }
    builder.cache.municipalities[text] = municipality
    return municipality
  }

  private mutating func account() -> Account? {
    require(.account)
    guard let name = text(.account) else { return nil }
    guard builder.accountNames.contains(name) else {
      let nearest = NearestName.to(name, among: builder.accountNames)
      let known = builder.accountNames.joined(separator: ", ")
      reject(
        .unknownAccount, .account,
        expected: LocalizedText("an account of the settings: \(known)", "en konto i indstillingerne: \(known)"),
        nearest.map { LocalizedText("did you mean \($0)?", "mente du \($0)?") }
          ?? LocalizedText("add the account to the settings", "tilføj kontoen i indstillingerne"))
      return nil
    }
    return builder.accounts[name]
  }

  private mutating func pickUp() -> RulePeriod? {
    guard let text = text(.pickUp) else { return nil }
    guard let period = RulePeriod(text) else {
      reject(
        .badValue, .pickUp,
        expected: LocalizedText("a period such as 4h or 4h business", "en frist som 4h eller 4h business"))
      return nil
    }
    return period
  }

  private mutating func period(_ column: RegisterColumn) -> Duration? {
    guard let text = text(column) else { return nil }
    guard let period = DurationText.parse(text) else {
      reject(.badValue, column, expected: LocalizedText("a period such as 10s or 30d", "et tidsrum som 10s eller 30d"))
      return nil
    }
    return period
  }

  // MARK: Names and folders

  /// The name: as the line says it, or receiver (or template) and municipality.
  private mutating func name(_ municipality: Municipality?) -> String? {
    let first = filled.receiver ?? filled.template.map { String($0.prefix { $0 != "|" }) }
    let standard = first.flatMap { first in municipality.map { "\(first)-\($0.code)" } }
    guard let name = (text(.name).map { filling($0, "", municipality) }) ?? standard else {
      require(.name)
      return nil
    }
    guard name.utf8.count <= 255, name.escapingControls == name, !name.contains("{") else {
      reject(
        .badValue, .name,
        expected: LocalizedText(
          "1 to 255 bytes without control characters, with {municipality}, {receiver} or {template} where a template names it",
          "1 til 255 byte uden styretegn, med {municipality}, {receiver} eller {template}, hvor en skabelon navngiver den"
        ))
      return nil
    }
    return name
  }

  /// A text with its placeholders filled in.
  private func filling(_ text: String, _ name: String, _ municipality: Municipality?) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var filled = text.replacing("{receiver}", with: self.filled.receiver ?? "")
    filled.replace("{template}", with: self.filled.template ?? "")
    if let municipality { filled.replace("{municipality}", with: municipality.code) }
    if !name.isEmpty { filled.replace("{name}", with: name) }
    return filled
  }

  private mutating func path(_ column: RegisterColumn, _ name: String, _ municipality: Municipality?) -> FilePath? {
    guard let text = text(column) else { return nil }
    let filled = filling(text, name, municipality)
    guard !filled.contains("{"), let path = LocalPath.resolve(filled, in: builder.folder) else {
      reject(
        .badValue, column,
        expected: LocalizedText(
          "a path, with {name}, {municipality} or {receiver} where it differs",
          "en sti, med {name}, {municipality} eller {receiver}, hvor den er forskellig"))
      return nil
    }
    return path
  }

  private mutating func outgoing(
    _ direction: RegisteredRoute.Direction, _ name: String, _ municipality: Municipality?
  ) -> WatchedFolder? {
    let settled = period(.settledFor)
    let kept = period(.keepSent)
    let accepted = word(.accepted, AfterAcceptance.self)
    guard let path = path(.outgoing, name, municipality) else {
      for column in [RegisterColumn.settledFor, .readyMarker, .accepted, .keepSent] where line.cells[column] != nil {
        if line.cells[.outgoing] == nil { require(.outgoing) }
      }
      return nil
    }
    if direction == .in {
      fail(
        .conflict, .outgoing, LocalizedText("the account receives by this route", "kontoen modtager ad denne rute"),
        LocalizedText("remove it, or write direction out", "fjern den, eller skriv direction out"))
    }
    var folder = WatchedFolder(path: path, readyMarker: text(.readyMarker), keepSent: kept)
    if let settled { folder.settledFor = settled }
    if let accepted { folder.whenAccepted = accepted }
    if let marker = folder.readyMarker {
      let isSound = marker.hasPrefix(".") && (2...32).contains(marker.utf8.count) && !marker.contains("/")
      if !isSound || marker.escapingControls != marker {
        reject(.badValue, .readyMarker, expected: LocalizedText("an ending such as .ready", "en endelse som .ready"))
      }
    }
    if kept != nil, folder.whenAccepted == .remove {
      fail(
        .conflict, .keepSent, LocalizedText("accepted files are removed at once", "accepterede filer fjernes straks"),
        LocalizedText("remove one of the two", "fjern en af de to"))
    }
    return folder
  }

  private mutating func wireName() -> WireNameTemplate? {
    guard let text = text(.wireName) else { return nil }
    do throws(WireNameTemplate.Malformed) {
      return try WireNameTemplate(text)
    } catch {
      reject(
        .badValue, .wireName,
        expected: LocalizedText("a name such as {stem}.{route}{ext}", "et navn som {stem}.{route}{ext}"))
      return nil
    }
  }

  // MARK: Addressing

  private enum KindWord: String, CaseIterable {
    case explicit, implicit, direct
  }

  private mutating func kind(_ direction: RegisteredRoute.Direction, _ account: Account?) -> RouteKind? {
    let word = word(.kind, KindWord.self) ?? .explicit
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

extension Route {
  /// The settings' route that a route of the register is.
  init(_ route: RegisteredRoute, standing: RouteStanding? = nil) {
    self.init(
      name: route.name, account: route.account, kind: route.kind, municipality: route.municipality?.code,
      notMunicipalities: route.notMunicipalities, wireName: route.wireName, outgoing: route.outgoing,
      standing: standing)
  }
}
