/// The facts about one integration in KOMBIT's interface catalogue and the documents beside it.
public struct IntegrationFact: Sendable, Hashable, Codable {
  /// The carrier of its data.
  public enum Carrier: String, Sendable, Hashable, Codable {
    /// Files over SFTP with a trigger.
    case files = "files over SFTP"
    /// Files over SFTP without trigger or metadata, beside a web service.
    case bareFiles = "a web service; files over SFTP without a trigger"
    /// Files over SFTP and a web service.
    case filesAndWebService = "files over SFTP, and a web service"
    /// A web service; only its sortiment comes as files (SF7002).
    case webServiceWithSortiment = "a web service; its sortiment comes as files (SF7002)"
    /// A web service.
    case webService = "a web service"
    /// Messages of the Beskedfordeler.
    case messages
    /// Log-in: browser or token traffic.
    case login = "log-in"
    /// The catalogue does not say.
    case unsaid = "not said in the catalogue"
  }

  /// The number with its part; the dialogue integration has none.
  public let id: String
  /// The Danish title.
  public let title: String
  /// The giver and the taker.
  public let way: String
  /// The carrier of its data.
  public let carrier: Carrier
  /// The facts about its InfRef.
  public let infRef: String
  /// Further facts.
  public let notes: [String]

  init(
    _ id: String, _ title: String, _ way: String, _ carrier: Carrier, infRef: String = "none", notes: [String] = []
  ) {
    self.id = id
    self.title = title
    self.way = way
    self.carrier = carrier
    self.infRef = infRef
    self.notes = notes
  }

  /// True if files with a trigger belong to it.
  public var movesFiles: Bool { carrier == .files || carrier == .filesAndWebService }

  /// The facts about a number: of its part where that is known, else of the whole.
  public static func about(_ number: IntegrationNumber) -> IntegrationFact? {
    all.first { $0.id == number.id } ?? (number.part == nil ? nil : all.first { $0.id == number.number })
  }

  /// The parts of an integration that has only parts, such as SF1590.
  public static func parts(of number: IntegrationNumber) -> [IntegrationFact] {
    number.part == nil ? all.filter { $0.id.hasPrefix(number.number + "_") } : []
  }

  /// Every integration that the documents name.
  public static let all: [IntegrationFact] = withFiles + withoutFiles + namedInPublic
}

extension IntegrationFact {
  private static let register = "not stated in the documents: your own register declares it"

  private static let withFiles: [IntegrationFact] = [
    IntegrationFact(
      "SF1630", "Ledelsesinformation - dataload",
      "fagsystem → Serviceplatformen → the municipality's LIS and the shared FLIS", .files,
      infRef: "FagsystemdefineredeDataRefGDPR<number>_<version>, assigned per vendor system",
      notes: [
        "services FagsystemdefineredeDataAflever_1 and FagsystemdefineredeDataHent_1; service description SF1630_B",
        "explicit route; always split per municipality; format and frequency are agreed between the two",
        "InfRef and GDPR-erklæring: kdi@kombit.dk",
      ]),
    IntegrationFact(
      "SF1630_B", "Ledelsesinformation - dataload: service description", "the description of SF1630's services",
      .files, infRef: "that of SF1630: FagsystemdefineredeDataRefGDPR<number>_<version>"),
    IntegrationFact(
      "SF7001", "Overfør Klassifikation til abonnent", "classification system (FK-KLA) → subscriber", .files,
      infRef: register, notes: ["needs the agreements of FM04, then a subscription in KLA"]),
    IntegrationFact(
      "SF7002", "Overfør Sortiment til abonnent",
      "classification system (FK-KLA) → fagsystem, fakturahåndterings-, bogførings- or debitorsystem", .files,
      infRef: "SortimentOverfør_1, SortimentOverfør_2; SF7002 on the form that orders monitoring (TFH206)",
      notes: ["the version follows the XML structure; explicit to the fakturahåndteringssystem, with _1 (TFH223)"]),
    IntegrationFact(
      "SF1590_A", "ØiR - Afsend økonomipostering til ØiR (Finans)",
      "fagsystem → bogføringssystem (finansbilag), and back (forretningssvar)", .filesAndWebService, infRef: register,
      notes: ["bulk by file and asynchronous; immediate by web service", "sheets of KSD also call it SF2002"]),
    IntegrationFact(
      "SF1590_C", "Udbetaling (not in the catalogue)", "fagsystem → KMD Udbetaling (udbetalingsanmodninger)",
      .filesAndWebService, infRef: register, notes: ["service terms EP_FS1 and EP_FS2"]),
    IntegrationFact(
      "SF1590_B", "Afsend debitorregistrering til Debitor", "fagsystem ↔ debitorsystem", .webServiceWithSortiment,
      infRef: "its sortiment: SortimentOverfør_1 or _2", notes: ["public parts B_01 to B_04"]),
    IntegrationFact(
      "SF1590_D", "ØiR - Godkend faktura", "fakturahåndteringssystem → fagsystem, answer back",
      .webServiceWithSortiment,
      infRef: "FakturaInformationAfsend_1 is a web-service route (TF111); its sortiment: SortimentOverfør_1 or _2"),
    IntegrationFact(
      "SF2900", "Fordelingskomponenten", "one system of an authority → one of another or the same", .bareFiles,
      infRef: "none for sagsdokumenter; attachments of forms (SF1415) go with a trigger",
      notes: ["at most 2 GB; a business receipt is required", "suggested name <SFTP user>_SAGSDOKUMENT_<number>.<ext>"]),
  ]

  private static let withoutFiles: [IntegrationFact] = [
    IntegrationFact("SF0741", "Sagshændelser fra AES", "AES → municipal users", .unsaid),
    IntegrationFact("SF0810", "Indlæggelser og Udskrivninger", "hospitals → fagsystem", .messages),
    IntegrationFact("SF0830", "Sygesikringsudtræk", "→ fagsystem", .messages),
    IntegrationFact("SF1320_A", "CPR - Hændelser", "CPR → fagsystem", .messages),
    IntegrationFact("SF1411_A", "Hent informationer om social pension", "UDK → fagsystem", .webService),
    IntegrationFact("SF1411_B", "Hent information om helbredsprocent", "pension case → fagsystem", .webService),
    IntegrationFact("SF1411_D", "Besked om information om social pension", "UDK → fagsystem", .messages),
    IntegrationFact("SF1411_E", "Besked om tillægsprocent", "pension case → fagsystem", .messages),
    IntegrationFact("SF1460_A", "Modtag besked", "Beskedfordeler → receiver", .messages),
    IntegrationFact("SF1460_B", "Vedligehold værdiliste i beskedabonnement", "receiver → Beskedfordeler", .webService),
    IntegrationFact("SF1460_C", "Aflever besked", "sender → Beskedfordeler", .messages),
    IntegrationFact("SF1460_D", "Modtag besked via pull", "Beskedfordeler → receiver", .messages),
    IntegrationFact("SF1470", "Sags- og Dokumentindeks", "fagsystem ↔ index", .webService),
    IntegrationFact("SF1490", "Ydelsesindekset", "fagsystem ↔ index", .webService),
    IntegrationFact("SF1500", "Organisation services", "fagsystem ↔ Organisation", .webService),
    IntegrationFact(
      "SF1510", "Klassifikation services", "fagsystem ↔ Klassifikation", .webService, notes: ["by files: SF7001"]),
    IntegrationFact("SF1511", "Sikkerhed Hent token fra Context Handler", "user system ↔ Context Handler", .login),
    IntegrationFact("SF1512", "Security Token Service, indgående", "provider ↔ STS", .login),
    IntegrationFact("SF1514", "Security Token Service, udgående", "consumer ↔ STS", .login),
    IntegrationFact("SF1515", "SAMLSingleLogout", "user system ↔ Context Handler", .login),
    IntegrationFact("SF1518", "Administrationsmodul webservice", "authority ↔ administration module", .webService),
    IntegrationFact("SF1520", "CPR replica opslag", "CPR replica → fagsystem", .webService),
    IntegrationFact(
      "SF1590_E", "Afsend Betalingsanmodning til NemKonto", "fagsystem → NKS", .unsaid,
      notes: ["another integration than SF1590_A to D; the alternative that it replaces is MQ"]),
    IntegrationFact("SF1600", "Print på Serviceplatformen", "fagsystem → Digital Post or Fjernprint", .webService),
    IntegrationFact("SF1605", "Modtag Digital post", "Digital Post → fagsystem", .unsaid),
    IntegrationFact("SF1690", "Jobcenter - Kontanthjælp Modtag jobcentersag", "jobcenter → KY", .webService),
    IntegrationFact("SF1780", "Jobcenter - Send bevilling til jobcentersag", "KY → jobcenter", .webService),
    IntegrationFact("SF2090", "Jobcenter SDP Hændelser vedr. sygedagpengefravær", "KSD → jobcenter", .unsaid),
    IntegrationFact("SF2093", "Jobcenter SDP Afsend anmodning om forlængelse", "KSD ↔ jobcenter", .unsaid),
    IntegrationFact("SF2095", "Jobcenter SDP Afsend status på jobcentersag", "jobcenter → KSD", .webService),
    IntegrationFact("SF2096", "Jobcenter SDP Opslag på sag og sagsresume", "KSD → jobcenter", .webService),
    IntegrationFact("SF2250", "NemSMS - Afsend SMS og tilmeld borger", "fagsystem → citizen", .unsaid),
    IntegrationFact("SF2860", "Terminalservice", "UDK ↔ municipalities", .webService),
  ]

  private static let namedInPublic: [IntegrationFact] = [
    IntegrationFact(
      "SF2520", "Modregning i kontanthjælp til forskudsvis udlagt underholdsbidrag", "KY → UDK Debitor", .files,
      infRef: register, notes: ["one file per municipality (named on KOMBIT's public pages, not in the catalogue)"]),
    IntegrationFact(
      "SF2530", "Send forespørgsel til og modtag svar fra Betalingsadministration", "KY ↔ UDK Debitor", .files,
      infRef: register, notes: ["named on KOMBIT's public pages, not in the catalogue"]),
    IntegrationFact(
      "SF0770_B", "Indberet til SKAT eIndkomst", "fagsystem ↔ SKAT", .filesAndWebService, infRef: register,
      notes: ["bulk by SFTP, single by SOAP (named on KOMBIT's public pages, not in the catalogue)"]),
    IntegrationFact(
      "SF1415", "Formularer til Kommunernes Pensionssystem", "forms → KP", .files, infRef: register,
      notes: ["attachments with a trigger; seen: HelbredstillægAnsøgningBilag_1"]),
  ]
}
