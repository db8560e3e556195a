import TriggerFiles

/// The tasks of SF1590_A, edition 2.12, by the first of its diagrams, which has lost its lanes: it states no performers
/// and no tools, and many dependencies are uncertain.
extension OnboardingTasks {
  private static func key(_ id: String) -> TaskKey { TaskKey("SF1590_A", id) }

  /// Conditions that authority and systems meet first.
  static let sf1590AConditions: [OnboardingTask] = [
    OnboardingTask(
      key("FM001"), [.authority], nil, nil,
      LocalizedText(
        "Get access to the shared sortiment system", "Få adgang til det fælles sortimentssystem"),
      .authority, [.sortiment], stage: 1),
    OnboardingTask(
      key("FM002"), [.authority], nil, nil,
      LocalizedText("Order services in the catalogue", "Bestil services i kataloget"), .authority,
      [.setUp], stage: 1, like: TaskKey("SF1590_D", "FM03")),
    OnboardingTask(
      key("FM003"), [.authority], nil, nil,
      LocalizedText(
        "Get access to the shared classification system (FK-KLA)",
        "Få adgang til det fælles klassifikationssystem (FK-KLA)"), .authority, [.sortiment],
      stage: 1, like: TaskKey("SF1590_D", "FM04")),
    OnboardingTask(
      key("TF100"), [.fagsystem], nil, nil,
      LocalizedText("Make the fagsystem an SFTP user", "Gør fagsystemet til SFTP-bruger"), .system,
      [.sftp], stage: 2, like: TaskKey("SF1590_D", "TFH205")),
    OnboardingTask(
      key("TF101"), [.fagsystem], nil, nil,
      LocalizedText(
        "Order monitoring of the fagsystem's IN: sortiment",
        "Bestil overvågning af fagsystemets IN: sortiment"), needs: [.uncertain(key("TF113_A"))],
      .systemProbably, [.monitoring, .sortiment], stage: 2, onlyWith: "TF113_A",
      like: TaskKey("SF1590_D", "TF106")),
    OnboardingTask(
      key("TF102"), [.fagsystem], nil, nil,
      LocalizedText(
        "Watch for the business receipt from the bookkeeping system",
        "Overvåg forretningskvitteringen fra bogføringssystemet"), .systemProbably, [.monitoring],
      stage: 2),
    OnboardingTask(
      key("FF100"), [.fagsystem], nil, nil,
      LocalizedText(
        "Create the fagsystem as receiver system in FK-ADM",
        "Opret fagsystemet som modtagersystem i FK-ADM"), .system, [.setUp], stage: 2,
      like: TaskKey("SF1590_D", "FF100")),
    OnboardingTask(
      key("FF101"), [.fagsystem], nil, nil,
      LocalizedText(
        "Agree on use of the fagsystem's service to send finance vouchers",
        "Indgå aftale om brug af fagsystemets service til at sende finansbilag"), .systemProbably,
      [.agreement], stage: 2, like: TaskKey("SF1590_D", "TFH202")),
    OnboardingTask(
      key("FF102"), [.fagsystem], nil, nil,
      LocalizedText(
        "Conclude the data exchange agreement between authorities",
        "Indgå aftale om dataudveksling mellem myndigheder"), twin: "FB204",
      mode: .conditional(nil), .systemProbably, [.agreement], stage: 2,
      like: TaskKey("SF1590_D", "TF108")),
    OnboardingTask(
      key("FB200"), [.bookkeepingSystem], nil, nil,
      LocalizedText("Create the bookkeeping system in FK-ADM", "Opret bogføringssystemet i FK-ADM"),
      .system, [.setUp], stage: 2, like: TaskKey("SF1590_D", "FFH200")),
    OnboardingTask(
      key("FB201"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Agree on use of the bookkeeping system's service to receive finance vouchers",
        "Indgå aftale om brug af bogføringssystemets service til at modtage finansbilag"), .system,
      [.agreement], stage: 2, like: TaskKey("SF1590_D", "TFH202")),
    OnboardingTask(
      key("FB202"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Register the bookkeeping system's web service", "Registrér bogføringssystemets webservice"),
      .system, [.webService], stage: 2, like: TaskKey("SF1590_D", "FFH202")),
    OnboardingTask(
      key("FB203"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Create the bookkeeping system's web service on the platform",
        "Opret bogføringssystemets webservice på platformen"), needs: [.uncertain(key("FB202"))],
      .system, [.webService], stage: 2, like: TaskKey("SF1590_D", "FFH202")),
    OnboardingTask(
      key("FB204"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Conclude the data exchange agreement between authorities",
        "Indgå aftale om dataudveksling mellem myndigheder"), twin: "FF102",
      mode: .conditional(nil), .systemProbably, [.agreement], stage: 2,
      like: TaskKey("SF1590_D", "TFH217")),
    OnboardingTask(
      key("FB205"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Order the route from the fagsystem to the bookkeeping system",
        "Bestil ruten fra fagsystemet til bogføringssystemet"),
      needs: [.uncertain(key("FB201")), .uncertain(key("FB202"))], .systemProbably,
      [.sftp, .webService], stage: 2, like: TaskKey("SF1590_D", "TF111")),
    OnboardingTask(
      key("TB200"), [.bookkeepingSystem], nil, nil,
      LocalizedText("Set up working procedures", "Fastlæg arbejdsgange"), twin: "TF106",
      isTwinUncertain: true, .systemProbably, [.agreement], stage: 2,
      like: TaskKey("SF1590_D", "TFH207")),
    OnboardingTask(
      key("TB201"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Order monitoring of the bookkeeping system's IN: finance vouchers (finansbilag)",
        "Bestil overvågning af bogføringssystemets IN: finansbilag"), .systemProbably,
      [.monitoring, .sftp], stage: 2, like: TaskKey("SF1590_D", "TFH206")),
    OnboardingTask(
      key("TB202"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Order monitoring of the bookkeeping system's IN: sortiment",
        "Bestil overvågning af bogføringssystemets IN: sortiment"), .systemProbably,
      [.monitoring, .sortiment], stage: 2, like: TaskKey("SF1590_D", "TFH206")),
    OnboardingTask(
      key("TB203"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Order the route from the classification system to the bookkeeping system: sortiment",
        "Bestil ruten fra klassifikationssystemet til bogføringssystemet: sortiment"),
      needs: [.uncertain(key("FM003"))], .systemProbably, [.sftp, .sortiment], stage: 2,
      like: TaskKey("SF1590_D", "TFH223")),
  ]

  /// Tasks for each connection of a fagsystem with a bookkeeping system.
  static let sf1590AConnection: [OnboardingTask] = [
    OnboardingTask(
      key("TF103"), [.fagsystem], nil, nil,
      LocalizedText("Establish the common sortiment", "Etablér det fælles sortiment"), .connection,
      [.sortiment], stage: 3, like: TaskKey("SF1590_D", "TF122")),
    OnboardingTask(
      key("TF104"), [.fagsystem], nil, nil,
      LocalizedText(
        "Make the authority's addition to the common sortiment",
        "Lav myndighedens tilføjelse til det fælles sortiment"), needs: [.uncertain(key("TF103"))],
      mode: .conditional(nil), .connectionAndAuthority, [.sortiment], stage: 3,
      like: TaskKey("SF1590_D", "TF125")),
    OnboardingTask(
      key("TF105"), [.fagsystem], nil, nil,
      LocalizedText(
        "Tell the bookkeeping function of coming finance vouchers",
        "Orientér bogføringsfunktionen om kommende finansbilag"), .connection, [.agreement],
      stage: 3),
    OnboardingTask(
      key("TF106"), [.fagsystem], nil, nil,
      LocalizedText("Set up working procedures", "Fastlæg arbejdsgange"),
      needs: [.uncertain(key("TF105"))], twin: "TB200", isTwinUncertain: true, .connection,
      [.agreement], stage: 3, like: TaskKey("SF1590_D", "TF115")),
    OnboardingTask(
      key("TF107"), [.fagsystem], nil, nil,
      LocalizedText("Production verification test", "Produktionsverifikationstest"),
      needs: [.uncertain(key("TB204")), .uncertain(key("TF105"))], twin: "TB205",
      isTwinUncertain: true, mode: .optional(nil), .connection, [.test], stage: 3,
      like: TaskKey("SF1590_D", "TF116")),
    OnboardingTask(
      key("TF108"), [.fagsystem], nil, nil,
      LocalizedText(
        "[immediate] Create the service agreement on the platform's web service",
        "[straks] Opret serviceaftalen om platformens webservice"),
      needs: [.uncertain(key("FF102"))], .connection, [.webService], stage: 3,
      like: TaskKey("SF1590_D", "TF109")),
    OnboardingTask(
      key("TF109"), [.fagsystem], nil, nil,
      LocalizedText("[immediate] Approve it", "[straks] Godkend den"),
      needs: [.printed(key("TF108"))], .connection, [.webService], stage: 3,
      like: TaskKey("SF1590_D", "TF110")),
    OnboardingTask(
      key("TF110"), [.fagsystem], nil, nil,
      LocalizedText(
        "[immediate] Create the service agreement on the bookkeeping system's web service",
        "[straks] Opret serviceaftalen om bogføringssystemets webservice"),
      needs: [.uncertain(key("FF102"))], .connection, [.webService], stage: 3,
      like: TaskKey("SF1590_D", "TF109")),
    OnboardingTask(
      key("TF111"), [.fagsystem], nil, nil,
      LocalizedText("[immediate] Approve it", "[straks] Godkend den"),
      needs: [.printed(key("TF110"))], .connection, [.webService], stage: 3,
      like: TaskKey("SF1590_D", "TF110")),
    OnboardingTask(
      key("TF112"), [.fagsystem], nil, nil,
      LocalizedText(
        "[bulk] Order monitoring of the fagsystem's IN: business answer (forretningssvar)",
        "[masse] Bestil overvågning af fagsystemets IN: forretningssvar"),
      needs: [.printed(key("TF100"))], .connection, [.monitoring, .sftp], stage: 3,
      like: TaskKey("SF1590_D", "TF106")),
    OnboardingTask(
      key("TF113_A"), [.fagsystem], nil, nil,
      LocalizedText(
        "Order the subscription to the sortiment and its route",
        "Bestil abonnement på sortimentet og dets rute"), needs: [.printed(key("TF103"))],
      mode: .alternative("TF113"), .connection, [.sortiment, .sftp], stage: 3,
      like: TaskKey("SF1590_D", "TF126-A")),
    OnboardingTask(
      key("TF113_B"), [.fagsystem], nil, nil,
      LocalizedText("Read the sortiment in by hand", "Indlæs sortimentet manuelt"),
      needs: [.printed(key("TF103"))], mode: .alternative("TF113"), .connection, [.sortiment],
      stage: 3, like: TaskKey("SF1590_D", "TF126-B")),
    OnboardingTask(
      key("TB204"), [.bookkeepingSystem], nil, nil,
      LocalizedText("Map the fagsystem's sortiment", "Map fagsystemets sortiment"),
      needs: [.printed(key("TB208"))], .connection, [.sortiment], stage: 3,
      like: TaskKey("SF1590_D", "TFH224")),
    OnboardingTask(
      key("TB205"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "Take part in the production verification test", "Deltag i produktionsverifikationstesten"),
      needs: [.uncertain(key("TB204"))], twin: "TF107", isTwinUncertain: true, mode: .optional(nil),
      .connection, [.test], stage: 3, like: TaskKey("SF1590_D", "TFH218")),
    OnboardingTask(
      key("TB206"), [.bookkeepingSystem], nil, nil,
      LocalizedText("Order the route with the business answer", "Bestil ruten med forretningssvar"),
      .connection, [.sftp, .webService], stage: 3, like: TaskKey("SF1590_D", "TF111"),
      notes: [
        LocalizedText(
          "the document prints “forretningsansvar” (responsibility); read “forretningssvar” (answer): the route from the bookkeeping system to the fagsystem",
          "dokumentet skriver „forretningsansvar“; læst „forretningssvar“: ruten fra bogføringssystemet til fagsystemet"
        )
      ]),
    OnboardingTask(
      key("TB207"), [.bookkeepingSystem], nil, nil,
      LocalizedText(
        "[bulk] Order the route from the fagsystem to the bookkeeping system: finance vouchers",
        "[masse] Bestil ruten fra fagsystemet til bogføringssystemet: finansbilag"),
      needs: [.printed(key("TB201"))], .connection, [.sftp], stage: 3,
      like: TaskKey("SF1590_D", "TF111")),
    OnboardingTask(
      key("TB208"), [.bookkeepingSystem], nil, nil,
      LocalizedText("Order the subscription to the sortiment", "Bestil abonnement på sortimentet"),
      needs: [.printed(key("TF113_A"))], .connection, [.sortiment], stage: 3,
      like: TaskKey("SF1590_D", "TFH222")),
  ]
}
