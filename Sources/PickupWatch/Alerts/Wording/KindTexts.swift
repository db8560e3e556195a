internal import FileExchange
internal import FilsluseBase

/// The words for each kind of finding, in both languages.
extension KindText {
  /// Returns the texts for a finding and its remedy.
  init(of finding: Finding) {
    self =
      if finding.kind == .unknownSender, finding.infRef?.orderForm != nil {
        Self.foreignSortiment
      } else if let problem = finding.problemKind {
        KindText(problem)
      } else if finding.kind == .manyFindings, finding.source == .journal {
        Self.manyProblems
      } else {
        (finding.severity == .warning ? Self.warnings[finding.kind] : nil) ?? Self.all[finding.kind]
          ?? Self.unknown
      }
  }

  /// The words for an open problem of the journal.
  private init(_ problem: OpenProblem.Kind) {
    func title(_ explanation: String) -> String {
      explanation.prefix(1).uppercased() + explanation.dropFirst()
    }
    let (danish, english) = (title(problem.danishExplanation), title(problem.explanation))
    self.init(
      da: danish, danish + ".", problem.remedy.da, en: english, english + ".", problem.remedy.en,
      contact: problem.contact)
  }

  /// The words for a group of open problems.
  private static let manyProblems = KindText(
    da: "Mange ting venter på et menneske",
    "Journalen viser så mange nye åbne punkter på én gang, at de er samlet i én alarm.",
    "Se, om de har samme årsag; \(.listProblems) og \(.listAlerts) viser dem alle.",
    en: "Many things wait for a person",
    "The journal shows so many new open problems at once that they are one alert.",
    "See whether they have one cause; \(.listProblems) and \(.listAlerts) show them all.",
    contact: .own)

  /// The words for a sortiment from another sender than the classification system (contract section 4).
  private static let foreignSortiment = KindText(
    da: "Sortiment fra forkert afsender",
    "Et sortiment i IN kommer ikke fra det fælleskommunale klassifikationssystem (FK-KLA), og andre må ikke sende det.",
    "Behandl ikke filen, og giv ikke afsenderen lov i indstillingerne; meld det til helpdesken, og få sortimentet sendt fra klassifikationssystemet.",
    en: "Sortiment from a wrong sender",
    "A sortiment in IN does not come from the shared classification system (FK-KLA), and nobody else may send it.",
    "Do not process the file, and do not permit its sender in the settings; report it to the help desk, and have the sortiment sent by the classification system."
  )

  /// The texts of kinds that this version does not know.
  private static let unknown = KindText(
    da: "Noget kræver et blik", "Overvågningen har fundet noget, som et menneske bør se på.",
    "Se detaljerne ovenfor og i \(.watchOnce).", en: "Something needs a look",
    "The watcher has found something that a person should look at.",
    "See the details above, and \(.watchOnce).")

  /// Other texts for a warning of a kind, where those of ``all`` would say that it is already too late.
  private static let warnings: [Finding.Kind: KindText] = [
    .pickUpLate: KindText(
      da: "Fil skal snart være afhentet",
      "En fil i IN har snart ligget der, så længe reglen tillader, og er ikke afhentet.",
      "Se efter, om det system, der skal hente, kører og kan logge på; hent derefter filen.",
      en: "File must be picked up soon",
      "A file in IN will soon have lain there for as long as its rule allows, and has not been picked up.",
      "See whether the system that is to fetch it runs and can log in; then fetch the file."),
    .nearCleanUp: KindText(
      da: "Fil nær oprydning", "En fil i IN er snart så gammel, at platformen sletter den.",
      "Hent filen nu; efter oprydningen skal afsenderen sende den igen.",
      en: "File close to clean-up", "A file in IN is soon so old that the platform removes it.",
      "Fetch it now; after the clean-up its sender has to send it again."),
  ]

  /// The words for each kind.
  static let all: [Finding.Kind: KindText] = [
    .pickUpLate: KindText(
      da: "Fil ikke afhentet i tide",
      "En fil ligger i IN længere, end reglen tillader, og er ikke afhentet.",
      "Se efter, om det system, der skal hente, kører og kan logge på; hent derefter filen.",
      en: "File not picked up in time",
      "A file has lain in IN for longer than its rule allows and has not been picked up.",
      "See whether the system that is to fetch it runs and can log in; then fetch the file."),
    .expectedMissing: KindText(
      da: "Ventet fil er ikke kommet",
      "En fil, der skulle være kommet inden fristen, er ikke set i IN.",
      "Spørg afsenderen, om filen er sendt, og se efter, om ruten findes for myndigheden.",
      en: "Expected file has not come",
      "A file that should have come by its deadline has not been seen in IN.",
      "Ask the sender whether it was sent, and see whether the route exists for the authority.",
      contact: .sender),
    .tooFewFiles: KindText(
      da: "Færre filer end ventet",
      "Der er kommet filer inden fristen, men færre end reglen venter.",
      "Sammenlign de modtagne filer med afsenderens liste, og bed om de manglende.",
      en: "Fewer files than expected",
      "Files have come by the deadline, but fewer than the rule expects.",
      "Compare what came with the sender's list, and ask for what is missing.", contact: .sender),
    .municipalityMissing: KindText(
      da: "Kommune mangler blandt filerne",
      "Der skulle være kommet en fil for hver kommune på listen, men mindst én mangler.",
      "Spørg afsenderen om den manglende kommune; en rute bestilles for hver kommune for sig.",
      en: "A municipality is missing",
      "There should have been a file for each municipality of the list; at least one is missing.",
      "Ask the sender about the missing one; a route is ordered for each municipality by itself.",
      contact: .sender),
    .notTakenFromOut: KindText(
      da: "Platformen har ikke taget en afsendt fil",
      "En fil og dens trigger ligger i OUT længere, end reglen tillader; platformen har ikke taget dem.",
      "Se efter, om triggeren er hel og har det rigtige navn; send ikke filen igen, før det er afklaret.",
      en: "The platform has not taken a sent file",
      "A file and its trigger have lain in OUT for longer than the rule allows; the platform has not taken them.",
      "See whether the trigger is whole and rightly named; do not send the file again before that is clear."
    ),
    .receiptOverdue: KindText(
      da: "Teknisk kvittering mangler",
      "En fil er afsendt, men der er ikke kommet en teknisk kvittering inden fristen.",
      "Vent med at sende igen; spørg efter overførslen med filens navn og tidspunkt.",
      en: "Technical receipt is missing",
      "A file was sent, but no technical receipt has come within its period.",
      "Do not send it again yet; ask for the transfer by the file's name and time."),
    .receiptError: KindText(
      da: "Teknisk kvittering melder fejl",
      "Platformens tekniske kvittering siger, at en afsendt fil ikke er fordelt.",
      "Læs fejlen i detaljerne, ret årsagen, og send derefter filen igen.",
      en: "Technical receipt reports an error",
      "The platform's technical receipt says that a sent file was not distributed.",
      "Read the error in the details, mend its cause, and then send the file again."),
    .businessAnswerMissing: KindText(
      da: "Forretningssvar mangler",
      "Der er ikke kommet et forretningssvar på en afsendt fil inden fristen.",
      "Spørg modtageren, om filen er behandlet, og om svaret er sendt.",
      en: "Business answer is missing",
      "No business answer to a sent file has come within its period.",
      "Ask the recipient whether the file was handled and its answer sent.", contact: .recipient),
    .dataWithoutMetadata: KindText(
      da: "Data uden metadata", "En datafil ligger i IN, men dens metadata er der ikke.",
      "Hent den ikke; kommer metadata ikke, så spørg platformen. Kommer sådanne filer altid uden, så nævn dem under bare-files i indstillingerne.",
      en: "Data without metadata", "A data file lies in IN, but its metadata is not there.",
      "Do not fetch it; if the metadata does not come, ask the platform. If such files always come without, name them under bare-files in the settings."
    ),
    .metadataWithoutData: KindText(
      da: "Metadata uden data", "En metadatafil ligger i IN, men dens datafil er der ikke.",
      "Se efter, om noget har hentet dataene alene; spørg ellers platformen.",
      en: "Metadata without data", "A metadata file lies in IN, but its data file is not there.",
      "See whether something has fetched the data alone; otherwise ask the platform."),
    .sizeDiffers: KindText(
      da: "Filens størrelse passer ikke", "Datafilen er længere, end dens metadata siger.",
      "Brug ikke filen; bed afsenderen eller platformen om en hel fil.",
      en: "The file's size is wrong", "The data file is longer than its metadata says.",
      "Do not use the file; ask the sender or the platform for a whole one.", contact: .sender),
    .stoppedGrowing: KindText(
      da: "Fil holdt op med at vokse",
      "En datafil er holdt op med at vokse, før den havde den størrelse, som dens metadata siger.",
      "Brug ikke filen; overførslen til platformen eller til IN er afbrudt.",
      en: "A file stopped growing",
      "A data file stopped growing before it was as long as its metadata says.",
      "Do not use the file; its transfer to the platform or to IN was cut off.", contact: .sender),
    .metadataUnreadable: KindText(
      da: "Metadata kan ikke læses",
      "En metadatafil i IN kan ikke læses, så ingen ved, hvis data det er.",
      "Læs årsagen i detaljerne, og send den til platformen.", en: "Metadata cannot be read",
      "A metadata file in IN cannot be read, so that nobody knows whose the data is.",
      "Read why in the details, and tell the platform."),
    .nearCleanUp: KindText(
      da: "Fil kan blive slettet",
      "En fil i IN er så gammel, at platformen efter indstillingerne sletter den.",
      "Hent filen nu; efter oprydningen skal afsenderen sende den igen.", en: "File may be removed",
      "A file in IN is so old that the platform removes it, by the settings.",
      "Fetch it now; after the clean-up its sender has to send it again."),
    .unknownInfRef: KindText(
      da: "Ukendt InfRef", "En fil i IN har en InfRef, som ingen regel eller modtagelse kender.",
      "Se efter, om den er stavet rigtigt, og tilføj den i indstillingerne, hvis den er ventet.",
      en: "Unknown InfRef", "A file in IN has an InfRef that no rule and no arrival knows.",
      "See whether it is spelt right, and add it to the settings if it is expected.",
      contact: .infRef),
    .unknownSender: KindText(
      da: "Ukendt afsender",
      "En fil i IN kommer fra en afsender, som der ikke er givet tilladelse til.",
      "Behandl ikke filen, før det er afklaret, om afsenderen må sende den.", en: "Unknown sender",
      "A file in IN comes from a sender that has not been permitted.",
      "Do not process the file before it is clear that the sender may send it."),
    .otherMunicipality: KindText(
      da: "Filnavn nævner en anden kommune",
      "Navnet på en modtaget fil nævner en anden kommune end den, som modtagermyndigheden er.",
      "Behandl ikke filen, før afsenderen har sagt, hvilken kommunes data den indeholder.",
      en: "File name says another municipality",
      "The name of a file that came says another municipality than its recipient authority is.",
      "Do not process the file before its sender has said whose data it holds.", contact: .sender),
    .tooManyFiles: KindText(
      da: "For mange filer i IN", "Der ligger flere filer i IN, end reglen tillader.",
      "Se efter, om det system, der skal hente, kører og kan følge med.",
      en: "Too many files in IN", "More files lie in IN than the rule allows.",
      "See whether the system that is to fetch them runs and can keep up.", contact: .own),
    .tooManyBytes: KindText(
      da: "For meget data i IN", "Filerne i IN fylder mere, end reglen tillader.",
      "Se efter, om det system, der skal hente, kører og kan følge med.", en: "Too much data in IN",
      "The files in IN take more room than the rule allows.",
      "See whether the system that is to fetch them runs and can keep up.", contact: .own),
    .dataWithoutTrigger: KindText(
      da: "Data uden trigger i OUT",
      "En datafil ligger i OUT uden trigger, så platformen gør intet med den.",
      "Se efter, om afsendelsen blev afbrudt; kør den igen, så den bliver færdig.",
      en: "Data without a trigger in OUT",
      "A data file lies in OUT without a trigger, so that the platform does nothing with it.",
      "See whether the sending was cut off; run it again, and it is finished.", contact: .own),
    .journalUnreadable: KindText(
      da: "Journalen kan ikke læses",
      "Journalen kan ikke læses, så intet vides om afsendte filers kvitteringer og svar.",
      "Læs årsagen i detaljerne; kør \(.checkJournal).", en: "The journal cannot be read",
      "The journal cannot be read, so that nothing is known of receipts and answers to sent files.",
      "Read why in the details; run \(.checkJournal).", contact: .own),
    .observationsUnusable: KindText(
      da: "Overvågningens egen fil kan ikke bruges",
      "Overvågningen kan ikke gemme, hvad den ser, så den kan ikke sige noget om kontoen.",
      "Læs årsagen i detaljerne; se efter diskplads og rettigheder.",
      en: "The watcher's own file cannot be used",
      "The watcher cannot keep what it sees, so that it cannot say anything of the account.",
      "Read why in the details; look for room on the disk and permissions.", contact: .own),
    .loginFailed: KindText(
      da: "Login mislykkes",
      "Serveren afviser kontoens login, eller nøglen kan ikke bruges; intet kan overvåges, hentes eller sendes.",
      "Læs årsagen i detaljerne; se efter, om nøglen er den, der er registreret for SFTP-brugeren, eller er udskiftet.",
      en: "Login fails",
      "The server refuses the account's login, or its key cannot be used: nothing can be watched, fetched or sent.",
      "Read why in the details; see whether the key is the one registered for the SFTP user, or was changed."
    ),
    .hostKeyChanged: KindText(
      da: "Serverens nøgle er ændret",
      "Serveren viser en anden værtsnøgle end den, der er tillid til, eller den kan ikke efterprøves; der blev ikke logget på.",
      "Læs årsagen i detaljerne; få en ny nøgles fingeraftryk bekræftet ad anden vej, før den godkendes i indstillingerne.",
      en: "The server's key has changed",
      "The server shows another host key than the one that is trusted, or it cannot be checked; nobody logged in.",
      "Read why in the details; have a new key's fingerprint confirmed in another way before you trust it."
    ),
    .listingFailed: KindText(
      da: "Mappen kan ikke læses", "Login lykkes, men en af kontoens mapper kan ikke læses.",
      "Se efter, om mappens navn i indstillingerne er rigtigt, og om rettighederne er ændret.",
      en: "The folder cannot be listed",
      "The login works, but one of the account's folders cannot be listed.",
      "See whether the folder's name in the settings is right, and whether its permissions have changed."
    ),
    .serverUnreachable: KindText(
      da: "Serveren svarer ikke",
      "Serveren kan ikke nås, så ingen ved, hvad der ligger i kontoens mapper.",
      "Se efter, om net, firewall og navneopslag virker herfra, og om platformen har meldt driftsstop.",
      en: "The server does not answer",
      "The server cannot be reached, so that nobody knows what lies in the account's folders.",
      "See whether network, firewall and name service work from here, and whether the platform is down."
    ),
    .watchGap: KindText(
      da: "Hul i overvågningen",
      "Overvågningen kunne ikke se kontoens mapper i en periode og kan ikke sige, hvad der skete i den.",
      "Se selv efter, om noget skulle være hentet eller kommet i perioden.",
      en: "A gap in the watching",
      "For a while the watcher could not see the account's folders; it cannot say what happened then.",
      "See for yourself whether something should have been fetched or should have come.",
      contact: .own),
    .test: KindText(
      da: "Prøve af alarmer",
      "Dette er en prøve, som nogen har bedt om med \(Remedy.Step.testAlerts.inDanish); der er intet galt.",
      "Ingenting: alarmen er kommet frem.", en: "A test of alerts",
      "This is a test that somebody asked for with \(Remedy.Step.testAlerts); nothing is wrong.",
      "Nothing: the alert has come through.", contact: .own),
    .manyFindings: KindText(
      da: "Mange fund i én indbakke",
      "Der er kommet så mange fund i indbakken på én gang, at de er samlet i én alarm.",
      "Se efter, om det system, der skal hente, er standset; se dem alle med \(.listAlerts).",
      en: "Many findings in one inbox",
      "So many findings came up in the inbox at once that they are one alert.",
      "See whether the system that is to fetch has stopped; \(.listAlerts) shows them all."),
  ]
}
