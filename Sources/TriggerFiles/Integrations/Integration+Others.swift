/// The integrations that move no files by the catalogue.
extension Integration {
  /// An integration of the catalogue, with the words that its carrier rests on.
  private static func other(
    _ id: String, _ title: String, _ way: LocalizedText, _ carrier: Carrier, _ words: String,
    and furtherWords: String? = nil, isReading: Bool = false, _ statements: IntegrationStatement...
  ) -> Integration {
    let basis = [words, furtherWords].compactMap(\.self).map { words in
      isReading ? IntegrationSource.reading(of: words) : IntegrationSource.catalogue(words)
    }
    return Integration(id, title, way: way, carrier, basis: basis, statements: statements)
  }

  private static func way(_ english: String, _ danish: String) -> LocalizedText { LocalizedText(english, danish) }

  private static func way(_ both: String) -> LocalizedText { LocalizedText(both) }

  static let withoutFiles: [Integration] = registers + messageBroker + identity + caseWork + [dialogue]

  private static let registers: [Integration] = [
    other(
      "SF0741", "Sagshændelser fra AES", way("AES → municipal users", "AES → kommunale brugere"), .unsaid,
      "advisere kommunebrugere"),
    other(
      "SF0810", "Indlæggelser og Udskrivninger", way("hospitals → fagsystem", "sygehuse → fagsystem"), .messages,
      "fungerer via Beskedfordeleren"),
    other(
      "SF0830", "Sygesikringsudtræk", way("→ fagsystem"), .messages, "fungerer via Beskedfordeleren",
      .known(
        LocalizedText("messages, in spite of “udtræk” in its name", "beskeder, trods „udtræk“ i navnet"),
        .catalogue("fungerer via Beskedfordeleren"))),
    other(
      "SF1320_A", "CPR - Hændelser", way("CPR → fagsystem"), .messages,
      "via det fælleskommunale støttesystem Beskedfordeler"),
    other(
      "SF1411_A", "Hent informationer om social pension", way("UDK → fagsystem"), .webService,
      "hente informationer for en given persons", isReading: true),
    other(
      "SF1411_B", "Hent information om helbredsprocent",
      way("municipal pension case → fagsystem", "kommunal pensionssag → fagsystem"), .webService, "hente oplysninger",
      isReading: true),
    other(
      "SF1411_D", "Besked om information om social pension", way("UDK → fagsystem"), .messages,
      "sende beskeder", and: "abonnere"),
    other(
      "SF1411_E", "Besked om tillægsprocent",
      way("municipal pension case → fagsystem", "kommunal pensionssag → fagsystem"), .messages,
      "sende beskeder", and: "abonnere"),
    other("SF1520", "CPR replica opslag", way("CPR replica → fagsystem"), .webService, "indeholder en service"),
    other(
      "SF2860", "Terminalservice", way("UDK ↔ municipalities", "UDK ↔ kommuner"), .webService,
      "styret og datafiltreret adgang", isReading: true),
  ]

  private static let messageBroker: [Integration] = [
    other(
      "SF1460_A", "Modtag besked", way("Beskedfordeler → receiver", "Beskedfordeler → modtager"), .messages,
      "det REST endpoint hos Modtagersystemet"),
    other(
      "SF1460_B", "Vedligehold værdiliste i beskedabonnement",
      way("receiver → Beskedfordeler", "modtager → Beskedfordeler"), .webService, "Servicens operationer kaldes"),
    other(
      "SF1460_C", "Aflever besked", way("sender → Beskedfordeler", "afsender → Beskedfordeler"), .messages,
      "over AMQP"),
    other(
      "SF1460_D", "Modtag besked via pull", way("Beskedfordeler → receiver", "Beskedfordeler → modtager"), .messages,
      "over AMQP"),
  ]

  private static let identity: [Integration] = [
    other(
      "SF1470", "Sags- og Dokumentindeks", way("fagsystem ↔ index", "fagsystem ↔ indeks"), .webService,
      "udstilles tre services"),
    other(
      "SF1490", "Ydelsesindekset", way("fagsystem ↔ index", "fagsystem ↔ indeks"), .webService,
      "udstilles tre services"),
    other("SF1500", "Organisation services", way("fagsystem ↔ Organisation"), .webService, "udstiller 11 services"),
    other(
      "SF1510", "Klassifikation services", way("fagsystem ↔ Klassifikation"), .webService, "udstiller 4 services",
      .known(LocalizedText("by files: SF7001", "som filer: SF7001"), .catalogue())),
    other(
      "SF1511", "Sikkerhed Hent token fra Context Handler",
      way("user system ↔ Context Handler", "brugervendt system ↔ Context Handler"), .login, "Single Sign On"),
    other(
      "SF1512", "Security Token Service, indgående", way("provider ↔ STS", "udbyder ↔ STS"), .login,
      "token-baserede sikkerhedsmodel"),
    other(
      "SF1514", "Security Token Service, udgående", way("consumer ↔ STS", "anvender ↔ STS"), .login,
      "token-baserede sikkerhedsmodel"),
    other(
      "SF1515", "SAMLSingleLogout", way("user system ↔ Context Handler", "brugervendt system ↔ Context Handler"),
      .login, "LogoutRequest"),
    other(
      "SF1518", "Administrationsmodul webservice",
      way("authority ↔ administration module", "myndighed ↔ administrationsmodul"), .webService,
      "Fælleskommunal webservice"),
  ]

  private static let caseWork: [Integration] = [
    other(
      "SF1590_E", "Afsend Betalingsanmodning til NemKonto", way("fagsystem → NKS"), .unsaid,
      "infrastruktur med en MQ Server", and: "formidler betalingsanmodninger uændret",
      .known(
        LocalizedText("the alternative that it replaces is MQ", "det alternativ, den erstatter, er MQ"),
        .catalogue("infrastruktur med en MQ Server")),
      .reading(
        LocalizedText("another integration than SF1590_A to D", "en anden integration end SF1590_A til D"))),
    other(
      "SF1600", "Print på Serviceplatformen",
      way("fagsystem → Digital Post or Fjernprint", "fagsystem → Digital Post eller Fjernprint"), .webService,
      "en og samme service udstillet på Serviceplatformen"),
    other("SF1605", "Modtag Digital post", way("Digital Post → fagsystem"), .unsaid, "modtage digitale meddelelser"),
    other(
      "SF1690", "Jobcenter - Kontanthjælp Modtag jobcentersag", way("jobcenter → KY"), .webService,
      "udstille en snitflade", isReading: true),
    other(
      "SF1780", "Jobcenter - Send bevilling til jobcentersag", way("KY → jobcenter"), .webService, "kalde en service"),
    other(
      "SF2090", "Jobcenter SDP Hændelser vedr. sygedagpengefravær", way("KSD → jobcenter"), .unsaid,
      "sendes oplysninger"),
    other(
      "SF2093", "Jobcenter SDP Afsend anmodning om forlængelse", way("KSD ↔ jobcenter"), .unsaid, "forespørger"),
    other(
      "SF2095", "Jobcenter SDP Afsend status på jobcentersag", way("jobcenter → KSD"), .webService,
      "modtager således et kald", isReading: true),
    other(
      "SF2096", "Jobcenter SDP Opslag på sag og sagsresume", way("KSD → jobcenter"), .webService,
      "hente en angiven borgers", isReading: true),
    other(
      "SF2250", "NemSMS - Afsend SMS og tilmeld borger", way("fagsystem → citizen", "fagsystem → borger"), .unsaid,
      "forbinder brugeren med NemSMS"),
  ]

  private static let dialogue = other(
    "Dialogintegration med SAPA", "Dialogintegration med SAPA",
    way("browser"), .login, "navigere imellem it-systemer")
}
