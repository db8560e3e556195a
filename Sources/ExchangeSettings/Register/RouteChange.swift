internal import FilsluseBase
internal import SystemPackage
public import TriggerFiles

/// A difference between two registers, and its meaning for the approver.
public struct RouteChange: Sendable, Hashable {
  /// The sort of difference.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// The route is new.
    case added
    /// The route is gone.
    case removed
    /// A value of the route is another.
    case changed
  }

  /// The sort of difference.
  public let kind: Kind
  /// The route's name.
  public let route: String
  /// The changed column; `nil` for a new or removed route.
  public let column: RegisterColumn?
  /// The value before; `nil` for none.
  public let before: String?
  /// The value after; `nil` for none.
  public let after: String?
  /// The consequences.
  public private(set) var meaning: LocalizedText

  /// The differences from one register to another: changed and removed routes in the order of the old one, then the new
  /// ones in theirs.
  public static func between(_ old: RouteRegister, _ new: RouteRegister) -> [RouteChange] {
    var changes: [RouteChange] = []
    for route in old.routes {
      if let other = new.route(named: route.name) {
        changes += values(of: route, other)
      } else {
        changes.append(RouteChange(kind: .removed, route, refusal + ending))
      }
    }
    return changes
      + new.routes.filter { old.route(named: $0.name) == nil }.map {
        RouteChange(kind: .added, $0, addedMeaning(of: $0))
      }
  }

  private init(kind: Kind, _ route: RegisteredRoute, _ meaning: LocalizedText) {
    (self.kind, self.route, self.meaning) = (kind, route.name, meaning)
    (column, before, after) = (nil, nil, nil)
  }

  private init(_ route: RegisteredRoute, _ column: RegisterColumn, _ before: String?, _ after: String?) {
    (kind, self.route, self.column, self.before, self.after) = (.changed, route.name, column, before, after)
    meaning = Self.meaning(of: column)
  }

  private static func values(of one: RegisteredRoute, _ other: RegisteredRoute) -> [RouteChange] {
    let before = one.values
    let after = other.values
    return RegisterColumn.allCases.compactMap { column in
      guard before[column] != after[column] else { return nil }
      return RouteChange(one, column, before[column], after[column])
    }
  }

  /// The same change in a trial on one machine, where nothing is ordered. A route that is gone refuses its files there,
  /// too.
  package var inTrial: RouteChange {
    let ordering: Set<RegisterColumn> = [
      .infRef, .senderITSystem, .recipientITSystem, .kind, .recipients, .direction, .senderAuthority,
      .recipientAuthority, .municipality, .authority, .specification, .specificationVersion, .format, .encoding,
    ]
    guard column.map(ordering.contains) ?? true else { return self }
    var change = self
    let platform = LocalizedText(
      "nothing is ordered in a trial; on the real platform: ", "i en prøve bestilles intet; på den rigtige platform: ")
    change.meaning = kind == .removed ? Self.refusal + platform + Self.ending : platform + meaning
    return change
  }

  private static let refusal = LocalizedText("its files are refused from now on; ", "dens filer afvises fra nu af; ")
  private static let ending = LocalizedText(
    "end the route at the HelpDesk, as it is invoiced until then",
    "opsig ruten hos HelpDesk, da den faktureres indtil da")

  private static func addedMeaning(of route: RegisteredRoute) -> LocalizedText {
    if route.direction == .in {
      return LocalizedText(
        "the sender's party orders the route; pickup monitoring of IN is ordered for it, and the delivery control permits its sender and authority",
        "afsenderens part bestiller ruten; der bestilles overvågning af afhentning i IN, og modtagekontrollen tillader dens afsender og myndighed"
      )
    }
    let double = route.approvers.count > 1
    return LocalizedText(
      "it is ordered from the HelpDesk for this authority, after \(double ? "both authorities have" : "the authority has") approved the service agreement; it is invoiced",
      "den bestilles hos HelpDesk for denne myndighed, efter at \(double ? "begge myndigheder" : "myndigheden") har godkendt serviceaftalen; den faktureres"
    )
  }

  private static func meaning(of column: RegisterColumn) -> LocalizedText {
    switch column {
    case .infRef:
      LocalizedText(
        "another kind of data: a route order and, for SF1630, a GDPR declaration of its own",
        "en anden slags data: ny rutebestilling og, for SF1630, en egen GDPR-erklæring")
    case .senderITSystem, .recipientITSystem, .kind, .recipients, .direction:
      LocalizedText(
        "files go from or to another system: a new service agreement and a new route order",
        "filer går fra eller til et andet system: ny serviceaftale og ny rutebestilling")
    case .senderAuthority, .recipientAuthority, .municipality, .authority:
      LocalizedText(
        "files belong to another authority: its approval of the service agreement and a route order of its own",
        "filer hører til en anden myndighed: dens godkendelse af serviceaftalen og en egen rutebestilling")
    case .account, .environment:
      LocalizedText(
        "files go by another user and key, and maybe to another environment",
        "filer går med en anden bruger og nøgle, og måske til et andet miljø")
    case .specification, .specificationVersion, .format, .encoding:
      LocalizedText(
        "a changed data specification asks for a new GDPR declaration",
        "en ændret dataspecifikation kræver en ny GDPR-erklæring")
    case .validFrom, .validTo:
      LocalizedText("files are refused outside these days", "filer afvises uden for disse dage")
    case .wireName:
      LocalizedText(
        "files are named otherwise in OUT: one that was sent before is sent again under the new name",
        "filer hedder noget andet i OUT: en fil, der er sendt før, sendes igen under det nye navn")
    case .outgoing, .settledFor, .readyMarker, .accepted, .keepSent:
      LocalizedText(
        "the service takes files from another folder, or in another way, once it reads the settings again",
        "tjenesten tager filer fra en anden mappe, eller på en anden måde, når den genlæser indstillingerne")
    case .notMunicipalities:
      LocalizedText(
        "these words no longer stop a file that belongs to another municipality",
        "disse ord standser ikke længere en fil, der hører til en anden kommune")
    case .integration:
      LocalizedText(
        "other onboarding tasks count for the route", "andre implementeringsopgaver gælder for ruten")
    case .pickUp:
      LocalizedText(
        "a rule under watch: rules that names the period is corrected by hand",
        "en regel under watch: rules, der nævner fristen, rettes i hånden")
    case .frequency:
      LocalizedText("the rules of the watcher are compared with it", "overvågningens regler sammenlignes med det")
    case .supersededOn:
      LocalizedText("six months from that day are left", "der er seks måneder fra den dag")
    case .name, .template, .senderName, .senderRole, .recipientName, .recipientRole, .contact:
      LocalizedText("nothing is sent otherwise", "intet sendes anderledes")
    }
  }
}

extension RegisteredRoute {
  /// The values of the route by column, with templates filled in; a column without a value is left out.
  public var values: [RegisterColumn: String] {
    var values: [RegisterColumn: String] = [:]
    values[.name] = name
    values[.direction] = direction == .out ? nil : direction.rawValue
    values[.account] = account
    switch kind {
    case .explicit: values[.kind] = nil
    case .implicit: values[.kind] = "implicit"
    case .direct(let users): (values[.kind], values[.recipients]) = ("direct", users.joined(separator: "|"))
    }
    values[.infRef] = infRef?.name
    values[.integration] = integration
    values[.municipality] = municipality?.code
    values[.senderITSystem] = addressing?.senderITSystem.rawValue
    values[.senderAuthority] = addressing?.senderAuthority.digits
    values[.recipientITSystem] = recipientITSystem?.rawValue
    values[.recipientAuthority] = addressing?.recipientAuthority.digits
    values[.senderName] = senderAuthorityName
    values[.recipientName] = recipientAuthorityName
    values[.senderRole] = senderRole?.rawValue
    values[.recipientRole] = recipientRole?.rawValue
    values[.environment] = environment?.rawValue
    values[.pickUp] = pickUp?.description
    values[.contact] = contact
    values[.validFrom] = validFrom?.description
    values[.validTo] = validTo?.description
    values[.supersededOn] = supersededOn?.description
    values[.specification] = specification?.file?.string
    values[.specificationVersion] = specification?.version
    values[.format] = specification?.format
    values[.encoding] = specification?.encoding
    values[.frequency] = specification?.frequency
    values[.wireName] = wireName?.description
    values[.notMunicipalities] = notMunicipalities.isEmpty ? nil : notMunicipalities.joined(separator: "|")
    if let outgoing {
      values[.outgoing] = outgoing.path.string
      values[.settledFor] =
        outgoing.settledFor == WatchedFolder(path: "").settledFor ? nil : DurationText.format(outgoing.settledFor)
      values[.readyMarker] = outgoing.readyMarker
      values[.accepted] = outgoing.whenAccepted == .keep ? nil : outgoing.whenAccepted.rawValue
      values[.keepSent] = outgoing.keepSent.map(DurationText.format)
    }
    return values
  }
}
