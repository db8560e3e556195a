public import TriggerFiles

/// The columns of the list: of the header in `routes.csv`, and of each entry in `routes.yaml`.
public enum RegisterColumn: String, Sendable, Hashable, CaseIterable {
  /// The route's name; `@NAME` defines a template in CSV.
  case name
  /// The templates that a line takes its other values from, with `|` between several.
  case template
  /// `out` or `in`.
  case direction
  /// The account that sends or receives.
  case account
  /// `explicit`, `implicit` or `direct`.
  case kind
  /// The InfRef.
  case infRef = "infref"
  /// The integration, where the InfRef does not say it.
  case integration
  /// The municipality, by code or name.
  case municipality
  /// The CVR number of sender and recipient, where they are the same authority.
  case authority
  /// The sending IT-system.
  case senderITSystem = "sender-it-system"
  /// The sending authority.
  case senderAuthority = "sender-authority"
  /// The name of the sending authority.
  case senderName = "sender-name"
  /// The sort of the sending system.
  case senderRole = "sender-role"
  /// The receiving IT-system.
  case recipientITSystem = "recipient-it-system"
  /// The receiving authority.
  case recipientAuthority = "recipient-authority"
  /// The name of the receiving authority.
  case recipientName = "recipient-name"
  /// The sort of the receiving system.
  case recipientRole = "recipient-role"
  /// The recipients' SFTP users of a direct route, with `|` between several.
  case recipients
  /// `external-test` or `production`.
  case environment
  /// The time limit for the pickup of files.
  case pickUp = "pickup"
  /// The contact: a person or mailbox.
  case contact
  /// The first day.
  case validFrom = "valid-from"
  /// The last day.
  case validTo = "valid-to"
  /// The day of the interface's or InfRef's replacement by a newer one.
  case supersededOn = "superseded-on"
  /// The local copy of the data specification.
  case specification
  /// The version of the data specification.
  case specificationVersion = "specification-version"
  /// The format of the files.
  case format
  /// The encoding of the files.
  case encoding
  /// The expected times of files.
  case frequency
  /// The template for names in OUT.
  case wireName = "wire-name"
  /// Words in file names that name no municipality, with `|` between several.
  case notMunicipalities = "not-municipalities"
  /// The watched folder: `filsluse run` delivers its files.
  case outgoing
  /// The time that a file there must stay unchanged.
  case settledFor = "settled-for"
  /// The suffix of ready-markers there.
  case readyMarker = "ready-marker"
  /// `keep` or `remove`.
  case accepted
  /// The retention of accepted files.
  case keepSent = "keep-sent"

  /// All names, for a message.
  static let names = allCases.map(\.rawValue)

  /// The columns by their Danish names in people's tables, which an import takes, too; the list accepts only the
  /// columns' own names.
  static let byDanishName: [String: RegisterColumn] = [
    "navn": .name, "rute": .name, "rutenavn": .name, "skabelon": .template, "retning": .direction, "konto": .account,
    "kommune": .municipality, "kommunekode": .municipality, "kommunenavn": .municipality, "myndighed": .authority,
    "cvr": .authority, "cvr-nummer": .authority, "cvrnummer": .authority, "afsender": .senderITSystem,
    "afsendersystem": .senderITSystem, "afsendermyndighed": .senderAuthority, "afsendernavn": .senderName,
    "modtager": .recipientITSystem, "modtagersystem": .recipientITSystem, "modtagermyndighed": .recipientAuthority,
    "modtagernavn": .recipientName, "modtagere": .recipients, "miljø": .environment, "afhentning": .pickUp,
    "kontakt": .contact, "gyldig-fra": .validFrom, "gyldig-til": .validTo, "afløst": .supersededOn,
    "specifikation": .specification, "tegnsæt": .encoding, "hyppighed": .frequency, "mappe": .outgoing,
  ]

  /// The meaning of the column, with an example.
  public var meaning: LocalizedText {
    switch self {
    case .name:
      LocalizedText(
        "the route's name, by which files are sent; in a template with {receiver}, {municipality} and {template}",
        "rutens navn, som filer sendes efter; i en skabelon med {receiver}, {municipality} og {template}")
    case .template:
      LocalizedText(
        "templates to take values from, such as flis|daily", "skabeloner at hente værdier fra, fx flis|daily")
    case .direction:
      LocalizedText("out (we send, the default) or in (we receive)", "out (vi sender, standard) eller in (vi modtager)")
    case .account: LocalizedText("the account of the settings", "kontoen i indstillingerne")
    case .kind:
      LocalizedText("explicit (the default), implicit or direct", "explicit (standard), implicit eller direct")
    case .infRef: LocalizedText("the InfRef, exactly as it was assigned", "InfRef, nøjagtig som den er tildelt")
    case .integration:
      LocalizedText(
        "the integration, such as SF1590_A, where the InfRef does not say it: its onboarding tasks count",
        "integrationen, fx SF1590_A, hvor InfRef ikke siger det: dens opgaver tæller")
    case .municipality:
      LocalizedText("the municipality: 0751, 751 or Aarhus", "kommunen: 0751, 751 eller Aarhus")
    case .authority:
      LocalizedText(
        "the CVR number of sending and receiving authority where they are the same",
        "CVR-nummeret for afsendende og modtagende myndighed, hvor de er den samme")
    case .senderITSystem:
      LocalizedText("the sending IT-system; otherwise the account's", "afsendersystemet; ellers kontoens")
    case .senderAuthority:
      LocalizedText(
        "the CVR number of the sending authority; otherwise authority, or the account's",
        "den afsendende myndigheds CVR-nummer; ellers authority eller kontoens")
    case .senderName: LocalizedText("the sending authority's name", "den afsendende myndigheds navn")
    case .senderRole:
      LocalizedText(
        "the sending system: classification, fagsystem, invoices or other",
        "afsendersystemet: classification (FK-KLA), fagsystem, invoices (fakturahåndtering) eller other")
    case .recipientITSystem:
      LocalizedText("the receiving IT-system", "modtagersystemet")
    case .recipientAuthority:
      LocalizedText(
        "the CVR number of the receiving authority; otherwise authority",
        "den modtagende myndigheds CVR-nummer; ellers authority")
    case .recipientName: LocalizedText("the receiving authority's name", "den modtagende myndigheds navn")
    case .recipientRole:
      LocalizedText(
        "the receiving system: fagsystem, invoices, classification or other",
        "modtagersystemet: fagsystem, invoices (fakturahåndtering), classification eller other")
    case .recipients:
      LocalizedText("the SFTP users of a direct route", "SFTP-brugerne på en direkte rute")
    case .environment:
      LocalizedText(
        "external-test or production; otherwise the account's", "external-test eller production; ellers kontoens")
    case .pickUp:
      LocalizedText("the time within which files are picked up: 4h business", "fristen for afhentning: 4h business")
    case .contact: LocalizedText("whom to ask about the route", "hvem man spørger om ruten")
    case .validFrom: LocalizedText("the first day of the route: 2026-03-01", "rutens første dag: 2026-03-01")
    case .validTo: LocalizedText("the last day of the route", "rutens sidste dag")
    case .supersededOn:
      LocalizedText(
        "the day on which interface or InfRef was superseded; six months are left then",
        "dagen, hvor grænsefladen eller InfRef blev afløst; derefter er der seks måneder")
    case .specification:
      LocalizedText("your copy of the data specification", "jeres eksemplar af dataspecifikationen")
    case .specificationVersion: LocalizedText("its version", "dens version")
    case .format: LocalizedText("the format of the files: CSV", "filernes format: CSV")
    case .encoding: LocalizedText("the encoding of the files: UTF-8", "filernes tegnsæt: UTF-8")
    case .frequency:
      LocalizedText("when files are to come: daily by 06:00", "hvornår filer skal komme: daily by 06:00")
    case .wireName: LocalizedText("names in OUT: {stem}.{route}{ext}", "navne i OUT: {stem}.{route}{ext}")
    case .notMunicipalities:
      LocalizedText(
        "words in file names that name no municipality: Vejen|0400",
        "ord i filnavne, som ikke er en kommune: Vejen|0400")
    case .outgoing:
      LocalizedText(
        "a folder whose files the service delivers: out/{name}",
        "en mappe, hvis filer tjenesten leverer: out/{name}")
    case .settledFor:
      LocalizedText("how long a file stands still before it is taken: 10s", "hvor længe en fil skal ligge stille: 10s")
    case .readyMarker: LocalizedText("the ending of ready-markers: .ready", "endelsen på klar-mærker: .ready")
    case .accepted:
      LocalizedText("keep or remove accepted files", "keep (behold) eller remove (fjern) accepterede filer")
    case .keepSent: LocalizedText("how long sent files are kept: 30d", "hvor længe sendte filer beholdes: 30d")
    }
  }
}
