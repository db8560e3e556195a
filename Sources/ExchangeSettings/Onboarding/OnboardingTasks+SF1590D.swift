import TriggerFiles

/// The tasks of SF1590_D before a system is connected: sections 2.1 and 2.2 of its implementation tasks (2020).
extension OnboardingTasks {
  private static func key(_ id: String) -> TaskKey { TaskKey("SF1590_D", id) }

  /// Section 2.1: tasks of the authority.
  static let sf1590DAuthority: [OnboardingTask] = [
    OnboardingTask(
      key("FM01"), [.authority], TaskActor(.infrastructureOwner),
      TaskActor(.infrastructureResponsible),
      LocalizedText(
        "Get access to the shared administration module (ADM)",
        "Få adgang til det fælleskommunale administrationsmodul (ADM)"), .authority, [.setUp],
      at: [.administrationModule], stage: 1),
    OnboardingTask(
      key("FM02"), [.authority, .invoiceSystem],
      TaskActor(.operationResponsible, of: .debitorSystem),
      TaskActor(.operationResponsible, of: .invoiceSystem),
      LocalizedText(
        "Order services in the catalogue for the vendor of the fakturahåndteringssystem",
        "Bestil services i kataloget til fakturahåndteringssystemets leverandør"), .authority,
      [.setUp], at: [.digitaliseringskataloget], stage: 1,
      notes: [
        LocalizedText(
          "the document names the party of the debitor system as responsible; read: of the fakturahåndteringssystem",
          "dokumentet angiver debitorsystemets forvaltningsansvarlige som ansvarlig; læst: fakturahåndteringssystemets"
        )
      ]),
    OnboardingTask(
      key("FM03"), [.authority, .fagsystem], TaskActor(.operationResponsible, of: .fagsystem),
      TaskActor(.operationResponsible, of: .fagsystem),
      LocalizedText(
        "Order services in the catalogue for the vendor of the fagsystem",
        "Bestil services i kataloget til fagsystemets leverandør"), .authority, [.setUp],
      at: [.digitaliseringskataloget], stage: 1),
    OnboardingTask(
      key("FM04"), [.authority], TaskActor(.infrastructureOwner),
      TaskActor(.infrastructureResponsible),
      LocalizedText(
        "Get access to the shared classification system (KLA): agreements so that sortiment and classifications go out by SFTP",
        "Få adgang til det fælles klassifikationssystem (KLA): aftaler, så sortiment og klassifikationer kan sendes ud via SFTP"
      ), needs: [.printed(key("FM01"))], .authority, [.sortiment, .sftp],
      at: [.digitaliseringskataloget], stage: 1,
      notes: [
        LocalizedText(
          "an order form for an SFTP route between data giver and receiver, with KLA",
          "en bestillingsformular til en SFTP-rute mellem dataafgiver og datamodtager, med KLA")
      ]),
  ]

  /// Section 2.2: tasks of a system that uses such an integration for the first time.
  static let sf1590DSystem: [OnboardingTask] = [
    OnboardingTask(
      key("FF100"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the fagsystem in ADM as consumer and provider",
        "Opret fagsystemet i ADM som anvender og udbyder"), .systemAndAuthority, [.setUp],
      at: [.administrationModule], stage: 2,
      notes: [
        LocalizedText(
          "stands under “only once” and says “for each municipality”",
          "står under „kun én gang“ og siger „for hver kommune“")
      ]),
    OnboardingTask(
      key("FF101"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "State the fagsystem's IT-system instance", "Angiv fagsystemets it-systeminstans"), .system,
      [.setUp], at: [.administrationModule], stage: 2),
    OnboardingTask(
      key("FF102"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the fagsystem's web service (ØiRFakturaTilGodkendelseAfsend)",
        "Opret fagsystemets webservice (ØiRFakturaTilGodkendelseAfsend)"), .system, [.webService],
      at: [.administrationModule], stage: 2),
    OnboardingTask(
      key("TF101"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText("Get access to the STS token service", "Få adgang til STS-tokenservicen"),
      mode: .conditional(
        LocalizedText("token-based security is used", "der bruges token-baseret sikkerhed")),
      .system, [.webService], at: [.administrationModule], stage: 2),
    OnboardingTask(
      key("TF102"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.systemResponsible),
      LocalizedText(
        "Agree with the vendor on use of the integration",
        "Aftal brug af integrationen med leverandøren"),
      mode: .conditional(
        LocalizedText("it is not in the base agreement", "det ikke er med i grundaftalen")),
      .system, [.agreement], at: [.agreement], stage: 2),
    OnboardingTask(
      key("TF105"), [.fagsystem], TaskActor(.operationResponsible), TaskActor(.platform),
      LocalizedText(
        "Test the platform's access to the fagsystem's service (Ping)",
        "Afprøv platformens adgang til fagsystemets service (Ping)"),
      needs: [.printed(key("FF102"))], .system, [.webService], at: [.platform], stage: 2),
    OnboardingTask(
      key("TF106"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Verify or order pickup monitoring of the fagsystem's IN: sortiment (InfRef SortimentOverfør_1 or _2, by the XML structure)",
        "Verificér eller bestil overvågning af rettidig afhentning fra fagsystemets IN: sortiment (InfRef SortimentOverfør_1 eller _2, efter XML-strukturen)"
      ), needs: [.printed(key("TF126-A"))],
      mode: .conditional(
        LocalizedText(
          "the sortiment is imported by subscription", "sortimentet importeres ved abonnement")),
      .system, [.monitoring, .sortiment], at: [.helpDesk], stage: 2, onlyWith: "TF126-A",
      notes: [
        LocalizedText(
          "the document prints “InRef”; read: InfRef", "dokumentet skriver „InRef“; læst: InfRef"),
        LocalizedText(
          "the pre-filled form in the attachments of SF7002",
          "den forudfyldte formular i bilagene til SF7002"),
      ]),
    OnboardingTask(
      key("FFH200"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the fakturahåndteringssystem in ADM as receiver and provider",
        "Opret fakturahåndteringssystemet i ADM som modtager og udbyder"), .systemAndAuthority,
      [.setUp], at: [.administrationModule], stage: 2,
      notes: [
        LocalizedText(
          "stands under “only once” and says “for each municipality”",
          "står under „kun én gang“ og siger „for hver kommune“")
      ]),
    OnboardingTask(
      key("FFH202"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the provider's web service (ØiRFakturaTilGodkendelseSvarAfsend)",
        "Opret udbyderens webservice (ØiRFakturaTilGodkendelseSvarAfsend)"), .systemAndAuthority,
      [.webService], at: [.administrationModule], stage: 2,
      notes: [
        LocalizedText(
          "stands under “only once” and says “for each municipality”",
          "står under „kun én gang“ og siger „for hver kommune“")
      ]),
    OnboardingTask(
      key("TFH201"), [.invoiceSystem], TaskActor(.operationResponsible), TaskActor(.helpDesk),
      LocalizedText(
        "Test the platform's access to the fakturahåndteringssystem's services (Ping)",
        "Afprøv platformens adgang til fakturahåndteringssystemets services (Ping)"),
      needs: [.printed(key("FF202"), meant: key("FFH202"))], .systemAndAuthority, [.webService],
      at: [.platform], stage: 2,
      notes: [
        LocalizedText(
          "the document prints FF202, which does not exist; read: SF1590_D:FFH202",
          "dokumentet skriver FF202, som ikke findes; læst: SF1590_D:FFH202")
      ]),
    OnboardingTask(
      key("TFH202"), [.invoiceSystem], TaskActor(.systemOwner), TaskActor(.systemOwner),
      LocalizedText(
        "Agree on use of the fakturahåndteringssystem's service to send invoices",
        "Indgå aftale om brug af fakturahåndteringssystemets service til at sende fakturaer"),
      .system, [.agreement], at: [.agreement], stage: 2),
    OnboardingTask(
      key("TFH203"), [.invoiceSystem], TaskActor(.systemOwner), TaskActor(.systemOwner),
      LocalizedText("Update the data-processing instruction", "Opdatér databehandlerinstruksen"),
      twin: "TF107", .systemAndAuthority, [.agreement], at: [.agreement], stage: 2),
    OnboardingTask(
      key("TFH204"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText("Get access to the STS token service", "Få adgang til STS-tokenservicen"),
      mode: .optional(nil), .system, [.webService], at: [.administrationModule], stage: 2),
    OnboardingTask(
      key("TFH205"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the fakturahåndteringssystem as SFTP user that receives the sortiment: exchange type “Simpel filtransport”, SSH user with key",
        "Opret fakturahåndteringssystemet som SFTP-bruger, der modtager sortimentet: udvekslingstype „Simpel filtransport“, SSH-bruger med nøgle"
      ), .system, [.sftp], at: [.administrationModule], stage: 2),
    OnboardingTask(
      key("TFH206"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Verify or order pickup monitoring of the fakturahåndteringssystem's IN: sortiment (InfRef=SF7002), once for the system",
        "Verificér eller bestil overvågning af rettidig afhentning fra fakturahåndteringssystemets IN: sortiment (InfRef=SF7002), én gang for systemet"
      ), needs: [.printed(key("TF111"), meant: key("TFH223"))], .system, [.monitoring, .sortiment],
      at: [.helpDesk], stage: 2,
      notes: [
        LocalizedText(
          "needs a web-service route by the column; by sense SF1590_D:TFH223, the route of the sortiment",
          "kræver efter kolonnen en rute til en webservice; efter meningen SF1590_D:TFH223, sortimentets rute"
        ),
        LocalizedText(
          "the pre-filled form in the attachments of SF7002",
          "den forudfyldte formular i bilagene til SF7002"),
      ]),
    OnboardingTask(
      key("TFH207"), [.invoiceSystem], TaskActor(.systemOwner), TaskActor(.systemResponsible),
      LocalizedText(
        "Set up working procedures (mapping, errors, warnings)",
        "Fastlæg arbejdsgange (mapning, fejl, advarsler)"), twin: "TF115", .system, [.agreement],
      stage: 2),
  ]

  /// The fagsystem as SFTP user: no task of the document makes it one, yet SF1590_D:TF126-A sends it files.
  static let fagsystemAsSFTPUser = OnboardingTask(
    TaskKey(TaskKey.house, "F-SFTP"), [.fagsystem], nil, nil,
    LocalizedText(
      "Make the fagsystem an SFTP user that receives the sortiment: exchange type “Simpel filtransport”, SSH user with key",
      "Gør fagsystemet til SFTP-bruger, der modtager sortimentet: udvekslingstype „Simpel filtransport“, SSH-bruger med nøgle"
    ),
    .system, [.sftp], at: [.administrationModule], stage: 2, onlyWith: "TF126-A",
    like: TaskKey("SF1590_A", "TF100"),
    notes: [
      LocalizedText(
        "our own addition: SF1590_D has no task for it",
        "vores egen tilføjelse: SF1590_D har ingen opgave til det")
    ])
}
