internal import FileExchange
internal import FilsluseBase

/// Alerts in Danish.
struct DanishAlertTexts: AlertTexts {
  let critical = "KRITISK"
  let warning = "ADVARSEL"

  let reasons: [AlertNotification.Reason: String] = [
    .graver: "nu alvorligere", .grown: "vokser", .repeated: "stadig", .resolved: "LØST",
    .expired: "AFSLUTTET, IKKE LØST",
  ]

  let ages: [Finding.AgeBasis: String] = [
    .watcher: "set af overvågningen", .server: "efter serverens ur, rettet for forskel",
    .serverUnmeasured: "efter serverens ur, som ikke er målt", .firstSight: "eller før; da blev den først set",
  ]

  let labels = AlertLabels(
    account: "Konto", file: "Fil", infRef: "InfRef", orderForm: "InfRef på bestillingsformularen",
    sender: "Afsender (SFTP-bruger)", authority: "Til myndighed (CVR)", size: "Størrelse", since: "Siden",
    due: "Frist", rule: "Regel", detail: "Detaljer", firing: "Alarm siden", resolved: "Løst", expired: "Afsluttet",
    ending: "Årsag", remedy: "Gør dette",
    ask: "Spørg", oldest: "De ældste", kinds: "Fordelt på", acknowledge: "Kvittér")

  func advice(_ contact: Contact, authority: String?) -> String? {
    switch contact {
    case .infRef: "kdi@kombit.dk om InfRef og GDPR-erklæring"
    case .routes: "helpdesk@serviceplatformen.dk om ruter og overvågning"
    case .sender: "afsenderen af filen; ruter og overvågning: helpdesk@serviceplatformen.dk"
    case .recipient:
      "modtageren af filen\(authority.map { ", myndigheden med CVR-nummer \($0)" } ?? ""); ruter og overvågning: helpdesk@serviceplatformen.dk"
    case .own: nil
    }
  }

  func storm(_ count: Int, critical: Int) -> String {
    critical > 0 ? "\(count) fund i én indbakke, heraf \(critical) kritiske" : "\(count) fund i én indbakke"
  }

  func problems(_ count: Int, critical: Int) -> String {
    "\(count) ting venter på et menneske" + (critical > 0 ? ", heraf \(critical) kritiske" : "")
  }

  func words(for problem: OpenProblem.Kind) -> KindText { ProblemTexts.danish(problem) }

  let manyProblems = KindText(
    title: "Mange ting venter på et menneske",
    meaning: "Journalen viser så mange nye åbne punkter på én gang, at de er samlet i én alarm.",
    remedy: "Se, om de har samme årsag; \(.listProblems) og \(.listAlerts) viser dem alle.", contact: .own)

  func formerly(_ meaning: String) -> String { "Alarmen lød: \(meaning)" }
  func settingsLine(_ line: Int) -> String { "linje \(line) i indstillingerne" }
  func text(_ remedy: Remedy) -> String { remedy.inDanish }
  func more(_ count: Int) -> String { text("og \(count) til; \(.listAlerts) viser dem alle") }

  let unexplained = "Det vides ikke; se efter på statussiden."
  let bytes = "byte"

  let foreignSortiment = KindText(
    title: "Sortiment fra forkert afsender",
    meaning:
      "Et sortiment i IN kommer ikke fra det fælleskommunale klassifikationssystem (FK-KLA), og andre må ikke sende det.",
    remedy:
      "Behandl ikke filen, og giv ikke afsenderen lov i indstillingerne; meld det til helpdesken, og få sortimentet sendt fra klassifikationssystemet."
  )

  let unknownKind = KindText(
    title: "Noget kræver et blik", meaning: "Overvågningen har fundet noget, som et menneske bør se på.",
    remedy: "Se detaljerne ovenfor og i \(.watchOnce).")

  let warnings: [Finding.Kind: KindText] = [
    .pickUpLate: KindText(
      title: "Fil skal snart være afhentet",
      meaning: "En fil i IN har snart ligget der, så længe reglen tillader, og er ikke afhentet.",
      remedy: "Se efter, om det system, der skal hente, kører og kan logge på; hent derefter filen."),
    .nearCleanUp: KindText(
      title: "Fil nær oprydning",
      meaning: "En fil i IN er snart så gammel, at platformen sletter den.",
      remedy: "Hent filen nu; efter oprydningen skal afsenderen sende den igen."),
  ]

  let kinds: [Finding.Kind: KindText] = [
    .pickUpLate: KindText(
      title: "Fil ikke afhentet i tide",
      meaning: "En fil ligger i IN længere, end reglen tillader, og er ikke afhentet.",
      remedy: "Se efter, om det system, der skal hente, kører og kan logge på; hent derefter filen."),
    .expectedMissing: KindText(
      title: "Ventet fil er ikke kommet",
      meaning: "En fil, der skulle være kommet inden fristen, er ikke set i IN.",
      remedy: "Spørg afsenderen, om filen er sendt, og se efter, om ruten findes for myndigheden.", contact: .sender),
    .tooFewFiles: KindText(
      title: "Færre filer end ventet",
      meaning: "Der er kommet filer inden fristen, men færre end reglen venter.",
      remedy: "Sammenlign de modtagne filer med afsenderens liste, og bed om de manglende.", contact: .sender),
    .municipalityMissing: KindText(
      title: "Kommune mangler blandt filerne",
      meaning: "Der skulle være kommet en fil for hver kommune på listen, men mindst én mangler.",
      remedy: "Spørg afsenderen om den manglende kommune; en rute bestilles for hver kommune for sig.",
      contact: .sender),
    .notTakenFromOut: KindText(
      title: "Platformen har ikke taget en afsendt fil",
      meaning: "En fil og dens trigger ligger i OUT længere, end reglen tillader; platformen har ikke taget dem.",
      remedy: "Se efter, om triggeren er hel og har det rigtige navn; send ikke filen igen, før det er afklaret."),
    .receiptOverdue: KindText(
      title: "Teknisk kvittering mangler",
      meaning: "En fil er afsendt, men der er ikke kommet en teknisk kvittering inden fristen.",
      remedy: "Vent med at sende igen; spørg efter overførslen med filens navn og tidspunkt."),
    .receiptError: KindText(
      title: "Teknisk kvittering melder fejl",
      meaning: "Platformens tekniske kvittering siger, at en afsendt fil ikke er fordelt.",
      remedy: "Læs fejlen i detaljerne, ret årsagen, og send derefter filen igen."),
    .businessAnswerMissing: KindText(
      title: "Forretningssvar mangler",
      meaning: "Der er ikke kommet et forretningssvar på en afsendt fil inden fristen.",
      remedy: "Spørg modtageren, om filen er behandlet, og om svaret er sendt.", contact: .recipient),
    .dataWithoutMetadata: KindText(
      title: "Data uden metadata", meaning: "En datafil ligger i IN, men dens metadata er der ikke.",
      remedy:
        "Hent den ikke; kommer metadata ikke, så spørg platformen. Kommer sådanne filer altid uden, så nævn dem under bare-files i indstillingerne."
    ),
    .metadataWithoutData: KindText(
      title: "Metadata uden data", meaning: "En metadatafil ligger i IN, men dens datafil er der ikke.",
      remedy: "Se efter, om noget har hentet dataene alene; spørg ellers platformen."),
    .sizeDiffers: KindText(
      title: "Filens størrelse passer ikke",
      meaning: "Datafilen er længere, end dens metadata siger.",
      remedy: "Brug ikke filen; bed afsenderen eller platformen om en hel fil.", contact: .sender),
    .stoppedGrowing: KindText(
      title: "Fil holdt op med at vokse",
      meaning: "En datafil er holdt op med at vokse, før den havde den størrelse, som dens metadata siger.",
      remedy: "Brug ikke filen; overførslen til platformen eller til IN er afbrudt.", contact: .sender),
    .metadataUnreadable: KindText(
      title: "Metadata kan ikke læses",
      meaning: "En metadatafil i IN kan ikke læses, så ingen ved, hvis data det er.",
      remedy: "Læs årsagen i detaljerne, og send den til platformen."),
    .nearCleanUp: KindText(
      title: "Fil kan blive slettet",
      meaning: "En fil i IN er så gammel, at platformen efter indstillingerne sletter den.",
      remedy: "Hent filen nu; efter oprydningen skal afsenderen sende den igen."),
    .unknownInfRef: KindText(
      title: "Ukendt InfRef",
      meaning: "En fil i IN har en InfRef, som ingen regel eller modtagelse kender.",
      remedy: "Se efter, om den er stavet rigtigt, og tilføj den i indstillingerne, hvis den er ventet.",
      contact: .infRef),
    .unknownSender: KindText(
      title: "Ukendt afsender",
      meaning: "En fil i IN kommer fra en afsender, som der ikke er givet tilladelse til.",
      remedy: "Behandl ikke filen, før det er afklaret, om afsenderen må sende den.", contact: .routes),
    .otherMunicipality: KindText(
      title: "Filnavn nævner en anden kommune",
      meaning: "Navnet på en modtaget fil nævner en anden kommune end den, som modtagermyndigheden er.",
      remedy: "Behandl ikke filen, før afsenderen har sagt, hvilken kommunes data den indeholder.", contact: .sender),
    .tooManyFiles: KindText(
      title: "For mange filer i IN", meaning: "Der ligger flere filer i IN, end reglen tillader.",
      remedy: "Se efter, om det system, der skal hente, kører og kan følge med.", contact: .own),
    .tooManyBytes: KindText(
      title: "For meget data i IN", meaning: "Filerne i IN fylder mere, end reglen tillader.",
      remedy: "Se efter, om det system, der skal hente, kører og kan følge med.", contact: .own),
    .dataWithoutTrigger: KindText(
      title: "Data uden trigger i OUT",
      meaning: "En datafil ligger i OUT uden trigger, så platformen gør intet med den.",
      remedy: "Se efter, om afsendelsen blev afbrudt; kør den igen, så den bliver færdig.", contact: .own),
    .journalUnreadable: KindText(
      title: "Journalen kan ikke læses",
      meaning: "Journalen kan ikke læses, så intet vides om afsendte filers kvitteringer og svar.",
      remedy: "Læs årsagen i detaljerne; kør \(.checkJournal).", contact: .own),
    .sightsUnusable: KindText(
      title: "Overvågningens egen fil kan ikke bruges",
      meaning: "Overvågningen kan ikke gemme, hvad den ser, så den kan ikke sige noget om kontoen.",
      remedy: "Læs årsagen i detaljerne; se efter diskplads og rettigheder.", contact: .own),
    .loginFailed: KindText(
      title: "Login mislykkes",
      meaning:
        "Serveren afviser kontoens login, eller nøglen kan ikke bruges; intet kan overvåges, hentes eller sendes.",
      remedy:
        "Læs årsagen i detaljerne; se efter, om nøglen er den, der er registreret for SFTP-brugeren, eller er udskiftet."
    ),
    .hostKeyChanged: KindText(
      title: "Serverens nøgle er ændret",
      meaning:
        "Serveren viser en anden værtsnøgle end den, der er tillid til, eller den kan ikke efterprøves; der blev ikke logget på.",
      remedy:
        "Læs årsagen i detaljerne; få en ny nøgles fingeraftryk bekræftet ad anden vej, før den godkendes i indstillingerne."
    ),
    .listingFailed: KindText(
      title: "Mappen kan ikke læses",
      meaning: "Login lykkes, men en af kontoens mapper kan ikke læses.",
      remedy: "Se efter, om mappens navn i indstillingerne er rigtigt, og om rettighederne er ændret."),
    .serverUnreachable: KindText(
      title: "Serveren svarer ikke",
      meaning: "Serveren kan ikke nås, så ingen ved, hvad der ligger i kontoens mapper.",
      remedy: "Se efter, om net, firewall og navneopslag virker herfra, og om platformen har meldt driftsstop."),
    .watchGap: KindText(
      title: "Hul i overvågningen",
      meaning: "Overvågningen kunne ikke se kontoens mapper i en periode og kan ikke sige, hvad der skete i den.",
      remedy: "Se selv efter, om noget skulle være hentet eller kommet i perioden.", contact: .own),
    .test: KindText(
      title: "Prøve af alarmer",
      meaning: "Dette er en prøve, som nogen har bedt om med \(Remedy.Step.testAlerts.inDanish); der er intet galt.",
      remedy: "Ingenting: alarmen er kommet frem.", contact: .own),
    .manyFindings: KindText(
      title: "Mange fund i én indbakke",
      meaning: "Der er kommet så mange fund i indbakken på én gang, at de er samlet i én alarm.",
      remedy: "Se efter, om det system, der skal hente, er standset; se dem alle med \(.listAlerts)."),
  ]
}
