import TriggerFiles

/// The tasks of SF1590_D for each connection of a fagsystem with a fakturahåndteringssystem: section 2.3.
extension OnboardingTasks {
  private static func key(_ id: String) -> TaskKey { TaskKey("SF1590_D", id) }

  /// The fagsystem's.
  static let sf1590DFagsystem: [OnboardingTask] = [
    OnboardingTask(
      key("TF107"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText("Update the data-processing instruction", "Opdatér databehandlerinstruksen"),
      twin: "TFH203", .connectionAndAuthority, [.agreement], at: [.agreement], stage: 3),
    OnboardingTask(
      key("TF108"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Clarify data exchange between authorities (double approval)",
        "Afklar dataudveksling mellem myndigheder (dobbelt godkendelse)"), twin: "TFH217",
      mode: .conditional(
        LocalizedText(
          "sender and recipient are two authorities", "afsender og modtager er to myndigheder")),
      .connection, [.agreement], at: [.administrationModule], stage: 3),
    OnboardingTask(
      key("TF109"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the service agreements FakturaInformationSvarAfsend: one with the fakturahåndteringssystem, one with the platform",
        "Opret serviceaftalerne FakturaInformationSvarAfsend: én med fakturahåndteringssystemet, én med platformen"
      ), needs: [.printed(key("FFH202"))], .connectionAndAuthority, [.webService],
      at: [.administrationModule], stage: 3),
    OnboardingTask(
      key("TF110"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText("Approve them", "Godkend dem"), needs: [.printed(key("TF109"))],
      .connectionAndAuthorityRead, [.webService], at: [.administrationModule], stage: 3,
      notes: [
        LocalizedText(
          "the document names the administrator; its reading guide and SF1590_D:TFH214 the authorised signatory",
          "dokumentet angiver systemadministratoren; dets læsevejledning og SF1590_D:TFH214 den underskriftsberettigede"
        )
      ]),
    OnboardingTask(
      key("TF111"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.operationResponsible),
      LocalizedText(
        "Order the web-service route FakturaInformationAfsend and …SvarAfsend (InfRef FakturaInformationAfsend_1, not SFTP)",
        "Bestil webserviceruten FakturaInformationAfsend og …SvarAfsend (InfRef FakturaInformationAfsend_1, ikke SFTP)"
      ),
      needs: [
        .printed(key("TF110")), .implied(key("FM03")), .implied(key("TFH214")),
        .implied(key("TFH216")),
      ], .connection, [.webService, .infRef], at: [.digitaliseringskataloget, .helpDesk], stage: 3,
      notes: [
        LocalizedText(
          "who orders …SvarAfsend depends on whether it is a “secondary dimension”; else the party responsible for the fakturahåndteringssystem",
          "hvem der bestiller …SvarAfsend, afhænger af, om det er en „sekundær dimension“; ellers fakturahåndteringssystemets forvaltningsansvarlige"
        ),
        LocalizedText(
          "a blank stands behind “InfRef=” in the document",
          "der står et mellemrum efter „InfRef=“ i dokumentet"),
      ]),
    OnboardingTask(
      key("TF112"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "State P-number or EAN for the fakturahåndteringssystem's internal routing",
        "Angiv P-nummer eller EAN til fakturahåndteringssystemets interne fordeling"),
      .connectionAndAuthority, [.setUp], stage: 3),
    OnboardingTask(
      key("TF113"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Agree which invoice types and which posting information",
        "Aftal fakturatyper og konteringsoplysninger"), twin: "TFH209", .connection, [.agreement],
      at: [.agreement], stage: 3),
    OnboardingTask(
      key("TF114"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Permit receiving data from this fakturahåndteringssystem on behalf of this authority (feeds delivery control)",
        "Tillad modtagelse af data fra dette fakturahåndteringssystem på vegne af denne myndighed (til leverancekontrol)"
      ), .connectionAndAuthority, [.setUp], at: [.system], stage: 3),
    OnboardingTask(
      key("TF115"), [.fagsystem], TaskActor(.systemOwner), TaskActor(.systemResponsible),
      LocalizedText("Set up working procedures", "Fastlæg arbejdsgange"), twin: "TFH207",
      .connectionAndAuthorityRead, [.agreement], at: [.checklist], stage: 3),
    OnboardingTask(
      key("TF116"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Production verification test: send an invoice",
        "Produktionsverifikationstest: send en faktura"), twin: "TFH218",
      mode: .optional(
        LocalizedText(
          "advised for the first user of each fakturahåndteringssystem",
          "anbefales for den første bruger af hvert fakturahåndteringssystem")),
      .connectionAndAuthorityRead, [.test], at: [.system], stage: 3),
    OnboardingTask(
      key("TF121"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Clarify the need for value lists in the sortiment",
        "Afklar behovet for værdilister i sortimentet"), .connection, [.sortiment], at: [.forms],
      stage: 3,
      notes: [
        LocalizedText(
          "two decisions: own values switch SF1590_D:TF125 on, subscription or not SF1590_D:TF126-A or SF1590_D:TF126-B",
          "to beslutninger: egne værdier udløser SF1590_D:TF125, abonnement eller ej SF1590_D:TF126-A eller SF1590_D:TF126-B"
        )
      ]),
    OnboardingTask(
      key("TF122"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Set up the common data basis in KLA: specify the sortiment",
        "Etablér det fælles datagrundlag i KLA: specificér sortimentet"),
      needs: [.printed(key("TF121"))], .connection, [.sortiment], at: [.classificationSystem],
      stage: 3),
    OnboardingTask(
      key("TF123"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText("Order the fagsystem's sortiment", "Bestil fagsystemets sortiment"),
      needs: [.printed(key("TF122"))], .connection, [.sortiment], stage: 3),
    OnboardingTask(
      key("TF125"), [.fagsystem], TaskActor(.systemOwner), TaskActor(.administrator),
      LocalizedText("Add the authority's own values", "Tilføj myndighedens egne værdier"),
      needs: [.printed(key("TF121")), .printed(key("TF123"))],
      mode: .conditional(
        LocalizedText("the fagsystem allows own values", "fagsystemet tillader egne værdier")),
      .connectionAndAuthorityRead, [.sortiment], at: [.classificationSystem, .forms], stage: 3),
    OnboardingTask(
      key("TF126-A"), [.fagsystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Order the subscription to the sortiment and its route",
        "Bestil abonnement på sortimentet og dets rute"),
      needs: [
        .printed(key("TF122")), .printed(key("TFH223")), .implied(key("FM04")),
        .house(TaskKey(TaskKey.house, "F-SFTP")),
      ], mode: .alternative("TF126"), .connectionAndAuthority, [.sortiment, .sftp],
      at: [.classificationSystem], stage: 3,
      notes: [
        LocalizedText(
          "may be handed to the party responsible for operation, who must be told",
          "kan overlades til den forvaltningsansvarlige, som skal have besked"),
        LocalizedText(
          "needs the route to the fakturahåndteringssystem by the column; the route from KLA to the fagsystem has no task of its own",
          "kræver efter kolonnen ruten til fakturahåndteringssystemet; ruten fra KLA til fagsystemet har ingen egen opgave"
        ),
      ]),
    OnboardingTask(
      key("TF126-B"), [.fagsystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Read the sortiment in by hand (no SFTP, so no monitoring)",
        "Indlæs sortimentet manuelt (ingen SFTP og derfor ingen overvågning)"),
      needs: [.printed(key("TF122"))], mode: .alternative("TF126"), .connection, [.sortiment],
      at: [.classificationSystem], stage: 3,
      notes: [
        LocalizedText(
          "may lie in part with the system-responsible", "kan delvis ligge hos den systemansvarlige"
        )
      ]),
  ]

  /// The fakturahåndteringssystem's.
  static let sf1590DInvoiceSystem: [OnboardingTask] = [
    OnboardingTask(
      key("FFH201"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Obtain the fagsystem's IT-system instance", "Indhent fagsystemets it-systeminstans"),
      needs: [.printed(key("FF100"))], .connectionAndAuthority, [.setUp], at: [.system], stage: 3),
    OnboardingTask(
      key("TFH209"), [.invoiceSystem], TaskActor(.systemOwner), TaskActor(.administrator),
      LocalizedText(
        "Agree the fakturahåndteringssystem's demands on posting information",
        "Aftal fakturahåndteringssystemets krav til konteringsoplysninger"), twin: "TF113",
      .connection, [.agreement], stage: 3),
    OnboardingTask(
      key("TFH210"), [.invoiceSystem], TaskActor(.systemOwner), TaskActor(.systemOwner),
      LocalizedText(
        "Agree with the vendor of the fakturahåndteringssystem on use of its services",
        "Aftal brug af services med fakturahåndteringssystemets leverandør"), .connection,
      [.agreement], at: [.agreement], stage: 3),
    OnboardingTask(
      key("TFH211a"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Obtain routing data (the vendor's part)", "Indhent fordelingsdata (leverandørens del)"),
      needs: [.printed(key("TF112"))], .connectionAndAuthority, [.setUp], stage: 3),
    OnboardingTask(
      key("TFH211b"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Obtain routing data (the municipality's part, EAN)",
        "Indhent fordelingsdata (kommunens del, EAN)"), needs: [.printed(key("TFH211a"))],
      .connectionAndAuthorityRead, [.setUp], at: [.system], stage: 3),
    OnboardingTask(
      key("TFH212"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Permit receiving data from this fagsystem on behalf of this authority (delivery control)",
        "Tillad modtagelse af data fra dette fagsystem på vegne af denne myndighed (leverancekontrol)"
      ), needs: [.printed(key("TFH211a"))],
      mode: .conditional(
        LocalizedText("the authority is a customer of KMD", "myndigheden er kunde hos KMD")),
      .connectionAndAuthority, [.setUp], at: [.system], stage: 3),
    OnboardingTask(
      key("TFH213"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the service agreement on the platform's FakturaInformationAfsend (before the route is ordered)",
        "Opret serviceaftalen om platformens FakturaInformationAfsend (før ruten bestilles)"),
      needs: [.printed(key("FF102"))], .connectionAndAuthority, [.webService],
      at: [.administrationModule], stage: 3),
    OnboardingTask(
      key("TFH214"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.signatory),
      LocalizedText(
        "Approve it (before the route is ordered)", "Godkend den (før ruten bestilles)"),
      needs: [.printed(key("TFH213"))], .connectionAndAuthority, [.webService],
      at: [.administrationModule], stage: 3),
    OnboardingTask(
      key("TFH215"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Create the service agreement on the fagsystem's FakturaInformationAfsend (before the route is ordered)",
        "Opret serviceaftalen om fagsystemets FakturaInformationAfsend (før ruten bestilles)"),
      needs: [.printed(key("FF102")), .implied(key("FFH200"))], .connectionAndAuthorityRead,
      [.webService], at: [.administrationModule], stage: 3),
    OnboardingTask(
      key("TFH216"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.signatory),
      LocalizedText(
        "Approve it (before the route is ordered)", "Godkend den (før ruten bestilles)"),
      needs: [.printed(key("TFH215"))], .connectionAndAuthority, [.webService],
      at: [.administrationModule], stage: 3),
    OnboardingTask(
      key("TFH217"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Conclude the data exchange agreement between authorities (double approval)",
        "Indgå aftale om dataudveksling mellem myndigheder (dobbelt godkendelse)"), twin: "TF108",
      mode: .conditional(
        LocalizedText(
          "sender and recipient are two authorities", "afsender og modtager er to myndigheder")),
      .connection, [.agreement], at: [.agreement], stage: 3),
    OnboardingTask(
      key("TFH218"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Take part in the production verification test", "Deltag i produktionsverifikationstesten"),
      twin: "TF116", mode: .optional(nil), .connectionAndAuthorityRead, [.test], at: [.system],
      stage: 3,
      notes: [
        LocalizedText(
          "the document's comment puts the twin on the side of the fakturahåndteringssystem; it is SF1590_D:TF116",
          "dokumentets kommentar lægger tvillingen hos fakturahåndteringssystemet; den er SF1590_D:TF116"
        )
      ]),
    OnboardingTask(
      key("TFH222"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText(
        "Order the subscription to the sortiment, which contains the order of the route",
        "Bestil abonnement på sortimentet, som rummer bestillingen af ruten"),
      needs: [
        .printed(key("TF122")), .printed(key("TFH223")), .implied(key("FM04")),
        .implied(key("TF123")), .implied(key("TFH205")),
      ], .connectionAndAuthority, [.sortiment, .sftp], at: [.classificationSystem], stage: 3,
      notes: [
        LocalizedText(
          "one joint order with SF1590_D:TFH223: the route first, by the column",
          "én fælles bestilling med SF1590_D:TFH223: ruten først, efter kolonnen")
      ]),
    OnboardingTask(
      key("TFH223"), [.invoiceSystem], TaskActor(.operationResponsible),
      TaskActor(.operationResponsible),
      LocalizedText(
        "Order the SFTP route from KLA to the fakturahåndteringssystem: sortiment, explicit, InfRef SortimentOverfør_1",
        "Bestil SFTP-ruten fra KLA til fakturahåndteringssystemet: sortiment, eksplicit, InfRef SortimentOverfør_1"
      ), needs: [.implied(key("TFH222")), .implied(key("FM04")), .implied(key("TFH205"))],
      .connectionAndAuthority, [.sftp, .sortiment, .infRef], at: [.helpDesk], stage: 3,
      notes: [
        LocalizedText(
          "one joint order with SF1590_D:TFH222: the comment needs the subscription, whose order contains the route",
          "én fælles bestilling med SF1590_D:TFH222: kommentaren kræver abonnementet, hvis bestilling rummer ruten"
        ),
        LocalizedText(
          "a blank stands behind “InfRef=” in the document",
          "der står et mellemrum efter „InfRef=“ i dokumentet"),
      ]),
    OnboardingTask(
      key("TFH224"), [.invoiceSystem], TaskActor(.systemResponsible), TaskActor(.administrator),
      LocalizedText("Map the fagsystem's sortiment", "Map fagsystemets sortiment"),
      needs: [.printed(key("TFH222")), .printed(key("TFH223"))], .connectionAndAuthority,
      [.sortiment], at: [.system], stage: 3),
  ]
}
