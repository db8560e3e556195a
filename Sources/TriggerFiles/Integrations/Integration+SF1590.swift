/// The parts of SF1590, the integrations with finance systems (ØiR), with documented files.
extension Integration {
  static let sf1590A = Integration(
    "SF1590_A", "ØiR - Afsend økonomipostering til ØiR (Finans)",
    way: LocalizedText(
      "fagsystem → bogføringssystem (finansbilag); bogføringssystem → fagsystem (forretningssvar)",
      "fagsystem → bogføringssystem (finansbilag); bogføringssystem → fagsystem (forretningssvar)"),
    .filesAndWebService,
    basis: [
      .sf1590Diagrams("Straksleverance"), .sf1590Diagrams("Masseleverance"),
      .publicPage("https://digitaliseringskataloget.dk/integration/sf1590a"),
    ],
    edition: "2.12",
    aliases: [Alias("SF2002", "its number on the sheets of KSD", "nummeret på arkene for KSD")],
    infRefs: [declared],
    monitoring: [
      .known(
        LocalizedText(
          "of the bogføringssystem's IN: finansbilag (SF1590_A:TB201) and sortiment (SF1590_A:TB202)",
          "af bogføringssystemets IN: finansbilag (SF1590_A:TB201) og sortiment (SF1590_A:TB202)"), .sf1590Diagrams()),
      .known(
        LocalizedText(
          "of the fagsystem's IN: forretningssvar (SF1590_A:TF112) and sortiment (SF1590_A:TF101)",
          "af fagsystemets IN: forretningssvar (SF1590_A:TF112) og sortiment (SF1590_A:TF101)"), .sf1590Diagrams()),
    ],
    statements: [
      .known(
        LocalizedText(
          "one finansbilag holds one or more postings", "ét finansbilag rummer en eller flere posteringer"),
        .catalogue()),
      .known(
        LocalizedText(
          "bulk goes by file and is asynchronous: the answer accepts or rejects",
          "masseleverance går som fil og er asynkron: svaret godkender eller afviser"), .sf1590Diagrams()),
      .known(
        LocalizedText(
          "immediate delivery is SOAP and is answered at once", "straksleverance er SOAP og besvares med det samme"),
        .sf1590Diagrams()),
      .known(
        LocalizedText(
          "the municipality's bogføringssystem must use the integration, too",
          "kommunens bogføringssystem skal også anvende integrationen"),
        .publicPage("https://digitaliseringskataloget.dk/integration/sf1590a")),
      .known(
        LocalizedText(
          "an SFTP route is a support service that is invoiced", "en SFTP-rute er en ydelse, der faktureres"),
        .publicPage("https://digitaliseringskataloget.dk/integration/sf1590a")),
    ],
    contacts: [routeContact, monitoringContact])

  static let sf1590C = Integration(
    "SF1590_C", "Udbetaling",
    way: LocalizedText(
      "fagsystem → KMD Udbetaling (udbetalingsanmodninger)", "fagsystem → KMD Udbetaling (udbetalingsanmodninger)"),
    .filesAndWebService, basis: [.sf1590Diagrams("anvender C-snitfladen både som straks og masse")],
    isInCatalogue: false, infRefs: [declared],
    monitoring: [
      .known(
        LocalizedText(
          "of KMD Udbetaling's IN: udbetalingsanmodninger", "af KMD Udbetalings IN: udbetalingsanmodninger"),
        .sf1590Diagrams())
    ],
    statements: [
      .known(
        LocalizedText("service terms EP_FS1 and EP_FS2", "servicevilkår EP_FS1 og EP_FS2"), .sf1590Diagrams()),
      .known(
        LocalizedText("an SFTP user on both sides", "en SFTP-bruger på begge sider"), .sf1590Diagrams()),
    ],
    contacts: [routeContact, monitoringContact])

  static let sf1590B = Integration(
    "SF1590_B", "Afsend debitorregistrering til Debitor",
    way: LocalizedText("fagsystem ↔ debitorsystem"),
    .webServiceWithSortiment, basis: [.sf1590Diagrams("anvendes som en 'straks' integration")],
    aliases: (1...4).map { Alias("SF1590_B_0\($0)", "one of its public parts", "en af de offentlige dele") },
    infRefs: [
      .reading(
        LocalizedText(
          "its sortiment: SortimentOverfør_1 or SortimentOverfør_2 of SF7002",
          "sortimentet: SortimentOverfør_1 eller SortimentOverfør_2 fra SF7002"))
    ],
    monitoring: [
      .known(
        LocalizedText(
          "of the debitorsystem's IN: sortiment (SF1590_B@KSD:TS214)",
          "af debitorsystemets IN: sortiment (SF1590_B@KSD:TS214)"), .sf1590Diagrams())
    ],
    statements: [
      .known(
        LocalizedText(
          "four service agreements per municipality (KSD)", "fire serviceaftaler pr. kommune (KSD)"),
        .sf1590Diagrams())
    ],
    contacts: [routeContact, sortimentMonitoringContact])

  static let sf1590D = Integration(
    "SF1590_D", "ØiR - Godkend faktura",
    way: LocalizedText(
      "fakturahåndteringssystem → fagsystem, answer back", "fakturahåndteringssystem → fagsystem, svar tilbage"),
    .webServiceWithSortiment, basis: [.sf1590D()], edition: "2.2",
    aliases: [
      Alias("FakturaInformationAfsend_1", "its web-service route", "webserviceruten i den"),
      Alias("FakturaInformationSvarAfsend…", "its web-service route back", "webserviceruten tilbage"),
    ],
    infRefs: [
      .known(
        LocalizedText(
          "FakturaInformationAfsend_1 is a web-service route (SF1590_D:TF111), no file's InfRef",
          "FakturaInformationAfsend_1 er en rute til en webservice (SF1590_D:TF111) og ingen fils InfRef"),
        .sf1590D()),
      .known(
        LocalizedText(
          "its sortiment: SortimentOverfør_1 or SortimentOverfør_2 of SF7002",
          "sortimentet: SortimentOverfør_1 eller SortimentOverfør_2 fra SF7002"), .sf1590D()),
    ],
    monitoring: [
      .known(
        LocalizedText(
          "of the fagsystem's IN: sortiment, only if imported by subscription (SF1590_D:TF106)",
          "af fagsystemets IN: sortiment, kun hvis det importeres ved abonnement (SF1590_D:TF106)"), .sf1590D()),
      .known(
        LocalizedText(
          "of the fakturahåndteringssystem's IN: sortiment (SF1590_D:TFH206)",
          "af fakturahåndteringssystemets IN: sortiment (SF1590_D:TFH206)"), .sf1590D()),
    ],
    statements: [
      .known(
        LocalizedText("OIOUBL invoice, reminder and credit note", "OIOUBL-faktura, -rykker og -kreditnota"), .sf1590D())
    ],
    contacts: [routeContact, sortimentMonitoringContact])
}
