/// The integrations that move files: those of the catalogue, SF1590_C, and further ones named in public pages.
extension Integration {
  static let withFiles = [sf1630, sf7001, sf7002, sf1590A, sf1590C, sf1590B, sf1590D, sf2900]

  static let namedInPublic = [sf2520, sf2530, sf0770B, sf1415]

  static let declared = IntegrationStatement.open(
    LocalizedText(
      "not stated in the documents: your own register declares it",
      "fremgår ikke af dokumenterne: jeres eget register angiver den"))

  static let monitoringUnsaid = IntegrationStatement.open(
    LocalizedText(
      "no task of the documents orders it; how long “timely” is stands nowhere",
      "ingen opgave i dokumenterne bestiller den; hvad „rettidig“ er, står ingen steder"))

  static let routeContact = Contact(
    matter: LocalizedText("SFTP route", "SFTP-rute"),
    address: LocalizedText(
      "the service “Etablering af SFTP-rute mellem dataafgiver og datamodtager” in Digitaliseringskataloget; helpdesk@serviceplatformen.dk",
      "servicen „Etablering af SFTP-rute mellem dataafgiver og datamodtager“ i Digitaliseringskataloget; helpdesk@serviceplatformen.dk"
    ))

  static let monitoringContact = Contact(
    matter: LocalizedText("pickup monitoring", "overvågning af rettidig afhentning"),
    address: LocalizedText("helpdesk@serviceplatformen.dk"))

  static let sortimentMonitoringContact = Contact(
    matter: LocalizedText("pickup monitoring of the sortiment", "overvågning af rettidig afhentning af sortimentet"),
    address: LocalizedText(
      "the pre-filled form in the attachments of SF7002, sent to helpdesk@serviceplatformen.dk",
      "den forudfyldte formular i bilagene til SF7002, sendt til helpdesk@serviceplatformen.dk"))

  private static let infRefContact = Contact(
    matter: LocalizedText("InfRef and GDPR declaration", "InfRef og GDPR-erklæring"),
    address: LocalizedText("kdi@kombit.dk"))

  private static let sf1630 = Integration(
    "SF1630", "Ledelsesinformation - dataload",
    way: LocalizedText(
      "fagsystem → Serviceplatformen → the municipality's LIS (up to 98) and the shared FLIS",
      "fagsystem → Serviceplatformen → kommunens LIS (op til 98) og den fælles FLIS"),
    .files,
    basis: [.catalogue("levere et dataudtræk til Serviceplatformen"), .sf1630("en rutebaseret SFTP-løsning")],
    edition: "1.0",
    aliases: [
      Alias("SF1630_B", "its service description", "servicebeskrivelsen til den"),
      Alias("FagsystemdefineredeDataAflever_1", "its service for delivering", "servicen, der afleveres med"),
      Alias("FagsystemdefineredeDataHent_1", "its service for collecting", "servicen, der hentes med"),
      Alias("FagsystemdefineredeDataRefGDPR<number>_<version>", "its InfRef", "InfRef til den"),
    ],
    infRefs: [
      .known(
        LocalizedText(
          "FagsystemdefineredeDataRefGDPR<number>_<version>, assigned by KOMBIT for one vendor's system",
          "FagsystemdefineredeDataRefGDPR<nummer>_<version>, tildelt af KOMBIT til én leverandørs system"), .sf1630())
    ],
    monitoring: [monitoringUnsaid],
    statements: [
      .known(
        LocalizedText(
          "the route is explicit: it names authority and system of the recipient",
          "ruten er eksplicit: den angiver modtagerens myndighed og system"), .sf1630()),
      .known(
        LocalizedText(
          "data files are always split per municipality", "datafiler er altid opdelt pr. kommune"), .sf1630()),
      .known(
        LocalizedText(
          "the extract is specified alike for LIS and FLIS, and may be limited in time",
          "udtrækket er specificeret ens for LIS og FLIS og kan være afgrænset i tid"), .sf1630()),
      .known(
        LocalizedText(
          "format, frequency and encoding are agreed between sender and recipient",
          "format, hyppighed og tegnsæt aftales mellem afsender og modtager"), .sf1630()),
      .known(
        LocalizedText(
          "KOMBIT publishes data documentation for AULA, KP, DUBU, KY and KSD; for others only when the sender asks",
          "KOMBIT offentliggør datadokumentation for AULA, KP, DUBU, KY og KSD; for andre kun, hvis afsenderen beder om det"
        ), .sf1630()),
    ],
    contacts: [infRefContact, routeContact, monitoringContact])

  private static let sf7001 = Integration(
    "SF7001", "Overfør Klassifikation til abonnent",
    way: LocalizedText(
      "classification system (FK-KLA) → subscriber", "klassifikationssystemet (FK-KLA) → abonnent"),
    .files,
    basis: [
      .catalogue("eksport af Klassifikationer til abonnenter"),
      .sf1590D("sortimenter og klassifikationer kan distribueres via Serviceplatformens SFTP-service"),
    ],
    infRefs: [declared], monitoring: [monitoringUnsaid],
    statements: [
      .known(LocalizedText("used with SF1590", "bruges sammen med SF1590"), .catalogue("i forbindelse med SF1590")),
      .known(
        LocalizedText(
          "needs the agreements of SF1590_D:FM04, then a subscription in KLA",
          "kræver aftalerne i SF1590_D:FM04 og derefter et abonnement i KLA"), .sf1590D()),
    ],
    contacts: [routeContact, monitoringContact])

  private static let sf7002 = Integration(
    "SF7002", "Overfør Sortiment til abonnent",
    way: LocalizedText(
      "classification system (FK-KLA) → subscriber: fagsystem, fakturahåndterings-, bogførings- or debitorsystem",
      "klassifikationssystemet (FK-KLA) → abonnent: fagsystem, fakturahåndterings-, bogførings- eller debitorsystem"),
    .files,
    basis: [
      .catalogue("eksport af Sortimenter til abonnenter"),
      .sf1590D("sortimenter og klassifikationer kan distribueres via Serviceplatformens SFTP-service"),
    ],
    aliases: [
      Alias("SortimentOverf\u{F8}r_1", "its InfRef", "InfRef til den"),
      Alias("SortimentOverf\u{F8}r_2", "its InfRef", "InfRef til den"),
    ],
    infRefs: [
      .known(
        LocalizedText(
          "SortimentOverfør_1 or SortimentOverfør_2, by the XML structure that the fagsystem wants (SF1590_D:TF106)",
          "SortimentOverfør_1 eller SortimentOverfør_2, efter den XML-struktur, fagsystemet ønsker (SF1590_D:TF106)"),
        .sf1590D()),
      .known(
        LocalizedText(
          "SF7002 on the form that orders monitoring for a fakturahåndteringssystem (SF1590_D:TFH206)",
          "SF7002 på formularen, der bestiller overvågning for et fakturahåndteringssystem (SF1590_D:TFH206)"),
        .sf1590D("InfRef=SF7002")),
      .reading(
        LocalizedText("SF7002 on that form stands for both", "SF7002 på den formular står for dem begge")),
    ],
    monitoring: [
      .known(
        LocalizedText(
          "of the fagsystem's IN, if it imports the sortiment by subscription (SF1590_D:TF106)",
          "af fagsystemets IN, hvis det importerer sortimentet ved abonnement (SF1590_D:TF106)"), .sf1590D()),
      .known(
        LocalizedText(
          "of the fakturahåndteringssystem's IN, ordered once for the system (SF1590_D:TFH206)",
          "af fakturahåndteringssystemets IN, bestilt én gang for systemet (SF1590_D:TFH206)"), .sf1590D()),
    ],
    statements: [
      .known(
        LocalizedText(
          "a sortiment holds registration values with reference to classifications, for the use of an interface by chosen IT-system instances",
          "et sortiment rummer registreringsværdier med henvisning til klassifikationer, til udvalgte it-systeminstansers brug af en snitflade"
        ), .catalogue()),
      .known(
        LocalizedText(
          "the route to the fakturahåndteringssystem is explicit, with SortimentOverfør_1 (SF1590_D:TFH223)",
          "ruten til fakturahåndteringssystemet er eksplicit, med SortimentOverfør_1 (SF1590_D:TFH223)"), .sf1590D()),
      .reading(
        LocalizedText(
          "SF1590_A and SF1590_B use it for their sortiments, too",
          "SF1590_A og SF1590_B bruger den også til deres sortimenter")),
    ],
    contacts: [routeContact, sortimentMonitoringContact])

  private static let sf2900Pages = "https://docs.kombit.dk/integration/sf2900/2.4/pakke"

  private static let sf2900 = Integration(
    "SF2900", "Fordelingskomponenten",
    way: LocalizedText(
      "one system of an authority → one system of another authority, or of the same",
      "ét system hos en myndighed → ét system hos en anden myndighed eller hos den samme"),
    .bareFiles, basis: [.publicPage(sf2900Pages, "dog uden anvendelse af triggerfil")], edition: "2.4",
    infRefs: [
      .known(
        LocalizedText("none for sagsdokumenter", "ingen til sagsdokumenter"),
        .publicPage(sf2900Pages, "dog uden anvendelse af triggerfil")),
      .seen(
        LocalizedText(
          "attachments of forms go with a trigger (see SF1415)", "bilag til formularer går med trigger (se SF1415)"),
        .sourceCode("https://github.com/itk-dev/os2forms_fordelingskomponent")),
    ],
    monitoring: [monitoringUnsaid],
    statements: [
      .known(
        LocalizedText(
          "the SFTP user of other exchanges may be used, so bare files may lie in IN and OUT beside pairs",
          "SFTP-brugeren fra andre udvekslinger kan bruges, så filer uden trigger kan ligge i IN og OUT ved siden af par"
        ), .publicPage(sf2900Pages)),
      .known(
        LocalizedText(
          "suggested name: <SFTP user>_SAGSDOKUMENT_<number or UUID>.<extension>",
          "foreslået navn: <SFTP-bruger>_SAGSDOKUMENT_<nummer eller UUID>.<endelse>"), .publicPage(sf2900Pages)),
      .known(LocalizedText("at most 2 GB a file", "højst 2 GB pr. fil"), .publicPage(sf2900Pages)),
      .known(
        LocalizedText(
          "a name that the recipient's folder has already is refused; the sender clears its own OUT",
          "et navn, der allerede findes i modtagerens mappe, afvises; afsenderen rydder selv sin OUT"),
        .publicPage(sf2900Pages)),
      .known(
        LocalizedText(
          "a business receipt is required: the document is handed over only when it is accepted",
          "en forretningskvittering er påkrævet: dokumentet er først overdraget, når det er accepteret"),
        .publicPage(sf2900Pages)),
      .known(LocalizedText("not used with Digital Post", "bruges ikke til Digital Post"), .publicPage(sf2900Pages)),
    ],
    contacts: [routeContact])

  private static let sf2520 = Integration(
    "SF2520", "Modregning i kontanthjælp til forskudsvis udlagt underholdsbidrag",
    way: LocalizedText("KY → UDK Debitor"), .files,
    basis: [.publicPage("https://digitaliseringskataloget.dk/integration/sf2520")], isInCatalogue: false,
    infRefs: [declared], monitoring: [monitoringUnsaid],
    statements: [
      .known(
        LocalizedText(
          "file service KontanthjaelpsudbetalingSend 1.0: fixed-format file, one for each municipality",
          "filservicen KontanthjaelpsudbetalingSend 1.0: fil i fast format, én pr. kommune"),
        .publicPage("https://digitaliseringskataloget.dk/integration/sf2520"))
    ],
    contacts: [routeContact, monitoringContact])

  private static let sf2530 = Integration(
    "SF2530", "Send forespørgsel til og modtag svar fra Betalingsadministration",
    way: LocalizedText("KY ↔ UDK Debitor"), .files,
    basis: [.publicPage("https://digitaliseringskataloget.dk/integration/sf2530")], isInCatalogue: false,
    infRefs: [declared], monitoring: [monitoringUnsaid],
    statements: [
      .known(
        LocalizedText("asynchronous, files both ways", "asynkron, filer begge veje"),
        .publicPage("https://digitaliseringskataloget.dk/integration/sf2530"))
    ],
    contacts: [routeContact, monitoringContact])

  private static let incomePages =
    "https://www.serviceplatformen.dk/administration/serviceOverview/show?uuid=17beeccc-6b60-4a55-b37d-d3f6aaea2fa0"

  private static let sf0770B = Integration(
    "SF0770_B", "Indberet til SKAT eIndkomst (IndkomstOplysningIndberet)", way: LocalizedText("fagsystem ↔ SKAT"),
    .filesAndWebService, basis: [.publicPage(incomePages)], isInCatalogue: false, infRefs: [declared],
    monitoring: [monitoringUnsaid],
    statements: [
      .known(
        LocalizedText(
          "single reports go by SOAP, bulk by SFTP; receipts and error notices come back by SFTP",
          "enkelte indberetninger går via SOAP, masseindberetning via SFTP; kvitteringer og fejlbeskeder kommer tilbage via SFTP"
        ), .publicPage(incomePages))
    ],
    contacts: [routeContact, monitoringContact])

  private static let formsCode = "https://github.com/itk-dev/os2forms_fordelingskomponent"

  private static let sf1415 = Integration(
    "SF1415", "Formularer til Kommunernes Pensionssystem",
    way: LocalizedText("forms → KP", "formularer → KP"), .files, basis: [.sourceCode(formsCode)],
    isInCatalogue: false,
    aliases: [Alias("HelbredstillægAnsøgningBilag_1", "an InfRef of its attachments", "en InfRef til bilagene")],
    infRefs: [
      .seen(
        LocalizedText(
          "called filspecifikation there; HelbredstillægAnsøgningBilag_1 was seen, further ones your own register declares",
          "kaldes filspecifikation dér; HelbredstillægAnsøgningBilag_1 er set, flere angiver jeres eget register"),
        .sourceCode(formsCode))
    ],
    monitoring: [monitoringUnsaid],
    statements: [
      .seen(
        LocalizedText(
          "attachments of forms go by SFTP with a trigger", "bilag til formularer går via SFTP med trigger"),
        .sourceCode(formsCode))
    ],
    contacts: [routeContact])
}
