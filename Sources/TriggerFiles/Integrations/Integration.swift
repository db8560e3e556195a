/// One integration of KOMBIT's interface catalogue, or of the documents and public pages beside it.
///
/// The catalogue names neither SFTP nor InfRefs. Every statement here cites its source, and says whether a document
/// states it or we infer it.
public struct Integration: Sendable, Hashable, Codable {
  /// The carrier of an integration's data.
  public enum Carrier: String, Sendable, Hashable, Codable, CaseIterable {
    /// Files over SFTP with a trigger.
    case files
    /// Files over SFTP without trigger or metadata, beside a web service.
    case bareFiles = "files-bare"
    /// Files over SFTP with a trigger, and a web service.
    case filesAndWebService = "files+ws"
    /// A web service; only its sortiment comes as files (SF7002).
    case webServiceWithSortiment = "ws+sortiment"
    /// A web service.
    case webService = "ws"
    /// Messages of the Beskedfordeler.
    case messages
    /// Log-in: browser or token traffic.
    case login
    /// The documents do not say.
    case unsaid

    /// True if files go over SFTP, with a trigger or without.
    public var movesFiles: Bool {
      switch self {
      case .files, .bareFiles, .filesAndWebService, .webServiceWithSortiment: true
      case .webService, .messages, .login, .unsaid: false
      }
    }

    /// True if the integration's own data go with a trigger, which names an InfRef.
    public var usesTriggers: Bool { self == .files || self == .filesAndWebService }

    /// The carrier in words.
    public var title: LocalizedText {
      switch self {
      case .files: LocalizedText("files over SFTP with a trigger", "filer via SFTP med trigger")
      case .bareFiles:
        LocalizedText("a web service; files over SFTP without a trigger", "webservice; filer via SFTP uden trigger")
      case .filesAndWebService:
        LocalizedText("files over SFTP with a trigger, and a web service", "filer via SFTP med trigger samt webservice")
      case .webServiceWithSortiment:
        LocalizedText(
          "a web service; its sortiment comes as files (SF7002)", "webservice; sortimentet kommer som filer (SF7002)")
      case .webService: LocalizedText("a web service", "webservice")
      case .messages: LocalizedText("messages of the Beskedfordeler", "beskeder via Beskedfordeleren")
      case .login: LocalizedText("log-in", "login")
      case .unsaid: LocalizedText("not said in the catalogue", "fremgår ikke af kataloget")
      }
    }
  }

  /// Another name of an integration: an older number, a part, a service or an InfRef.
  public struct Alias: Sendable, Hashable, Codable {
    /// The name.
    public let name: String
    /// The meaning of the name.
    public let meaning: LocalizedText

    init(_ name: String, _ english: String, _ danish: String) {
      self.name = name
      meaning = LocalizedText(english, danish)
    }
  }

  /// A person or an office to ask.
  public struct Contact: Sendable, Hashable, Codable {
    /// The matter.
    public let matter: LocalizedText
    /// The address, or the service of the catalogue that is ordered.
    public let address: LocalizedText
  }

  /// The number with its part; the title of the dialogue integration, which has no number.
  public let id: String
  /// The Danish title.
  public let title: String
  /// The version that the documents describe; `nil` where they name none.
  public let edition: String?
  /// True if the catalogue has it.
  public let isInCatalogue: Bool
  /// Its other names.
  public let aliases: [Alias]
  /// The giver and the taker.
  public let way: LocalizedText
  /// The carrier of its data.
  public let carrier: Carrier
  /// The sources that the carrier rests on.
  public let carrierBasis: [IntegrationSource]
  /// Its InfRefs.
  public let infRefs: [IntegrationStatement]
  /// Its pickup monitoring (contract section 6).
  public let monitoring: [IntegrationStatement]
  /// Further statements.
  public let statements: [IntegrationStatement]
  /// The people to ask.
  public let contacts: [Contact]

  init(
    _ id: String, _ title: String, way: LocalizedText, _ carrier: Carrier, basis: [IntegrationSource],
    edition: String? = nil, isInCatalogue: Bool = true, aliases: [Alias] = [], infRefs: [IntegrationStatement] = [],
    monitoring: [IntegrationStatement] = [], statements: [IntegrationStatement] = [], contacts: [Contact] = []
  ) {
    self.id = id
    self.title = title
    self.edition = edition
    self.isInCatalogue = isInCatalogue
    self.aliases = aliases
    self.way = way
    self.carrier = carrier
    carrierBasis = basis
    self.infRefs = infRefs
    self.monitoring = monitoring
    self.statements = statements
    self.contacts = contacts
  }

  /// True if files go over SFTP, with a trigger or without.
  public var movesFiles: Bool { carrier.movesFiles }

  /// The id and the title.
  public var name: String { id == title ? id : "\(id) \(title)" }
}

extension Integration {
  /// Every integration in the documents, those that move files first.
  public static let all: [Integration] = withFiles + withoutFiles + namedInPublic

  /// Returns the integration of a number: that of its part if known, else of the whole.
  public static func about(_ number: IntegrationNumber) -> Integration? {
    entry(number.id) ?? (number.part == nil ? nil : entry(number.number))
  }

  /// The parts of an integration that has only parts, such as SF1590.
  public static func parts(of number: IntegrationNumber) -> [Integration] {
    number.part == nil ? all.filter { $0.id.hasPrefix(number.number + "_") } : []
  }

  private static func entry(_ id: String) -> Integration? {
    all.first { $0.id == id } ?? all.first { $0.aliases.contains { $0.name == id } }
  }

  /// The rules of the catalogue that hold for every integration.
  public static let commonRules: [IntegrationStatement] = [
    .known(
      LocalizedText(
        "exists in two environments: external test (Extest) and production (Prod)",
        "findes i to miljøer: ekstern test (Extest) og produktion (Prod)"),
      .catalogue("KOMBIT test- og produktionsmiljøer – kaldet Extest og Prod")),
    .known(
      LocalizedText(
        "a new version must be taken up within six months (duty of vendors under SKI 02.19)",
        "en ny version skal tages i brug inden seks måneder (leverandørers pligt efter SKI 02.19)"),
      .catalogue("opdatere sin implementering af snitfladen indenfor 6 (seks) måneder")),
    .known(
      LocalizedText(
        "its description is in Digitaliseringskataloget (digitaliseringskataloget.dk)",
        "beskrivelsen ligger i Digitaliseringskataloget (digitaliseringskataloget.dk)"),
      .catalogue("pr. 27. februar 2020 tilgængelige på Digitaliseringskataloget.dk")),
    .known(
      LocalizedText(
        "the catalogue is a selection; the full list is in Digitaliseringskataloget",
        "kataloget er et udvalg; den fulde liste ligger i Digitaliseringskataloget"),
      .catalogue("Den fulde liste over snitflader")),
  ]
}
