package import FilsluseSFTP
internal import FilsluseBase
package import TriggerFiles

extension ExchangeError {
  /// The failure in Danish. The words of a server or of the system are left to the English text.
  package var inDanish: String {
    if let transfer { return transfer.inDanish }
    if let danish { return danish }
    let place = path.map { " (\($0))" } ?? ""
    let text: Remedy =
      switch code {
      case .diskFull, .journalFull: "Disken er fuld eller har ikke plads til filen\(place)"
      case .journalDamaged: "Journalen\(place) er beskadiget. Læg en sikkerhedskopi i dens sted"
      case .journalReplaced: "Journalen\(place) er fjernet, flyttet eller skiftet ud. Læg den tilbage"
      case .fileMissing: "Filen\(place) findes ikke"
      case .localFile: "Der kunne ikke læses eller skrives på denne maskine\(place). Se efter plads og rettigheder"
      case .fileUnreadable: "Filen\(place) kan ikke læses. Se efter dens rettigheder"
      case .notPlain: "Det er et link eller andet end en almindelig fil\(place). Læg en kopi i stedet"
      case .secondName: "Filen\(place) har et navn mere (et hårdt link). Fjern det, eller læg en kopi i stedet"
      case .folderGone: "Mappen\(place) er væk, er en anden end før eller kan ikke bruges. Læg den tilbage"
      case .fileChanged: "Filen\(place) blev ændret, mens den blev sendt"
      case .journal, .journalOutdated: "Journalen\(place) kan ikke åbnes, læses eller skrives. Kør \(.checkJournal)"
      case .unknownRoute: "Ruten eller kontoen står ikke i indstillingerne\(place). Sæt den ind igen"
      case .invalidSettings: "Indstillingerne kan ikke bruges. Kør \(.explainWatch)"
      case .unknownDelivery: "Journalen kender ikke leveringen"
      case .committed: "Platformen har måske leveringen allerede"
      case .invalidDelivery: "Filen\(place), dens navn eller dens trigger kan ikke sendes"
      case .wrongMunicipality: "Filens navn\(place) siger to kommuner eller en anden end rutens"
      case .routeNotCleared: "Ruten\(place) må ikke bruges i produktion ifølge ruteregistret"
      case .invalidDocument: "Dokumentet\(place) følger ikke skemaet. Spørg platformens helpdesk, hvis det bliver ved"
      case .notWhole: "Filen\(place) i IN er ikke hel"
      case .sizeMismatch: "Der kom flere eller færre byte, end metadata siger\(place)"
      case .nameTaken: "En anden fil eller levering har navnet i OUT\(place)"
      case .passphraseMissing: "Nøglens adgangskode kan ikke fås. Se efter, hvor indstillingerne henter den"
      case .claimedElsewhere: "En anden proces arbejder på den\(place)"
      case .remoteDiffers:
        "Filen\(place) på serveren er ikke den, som journalen har noteret. Spørg platformens helpdesk, hvorfor ét id står for to filer"
      case .accountStopped:
        "Kontoens nøgle eller serverens værtsnøgle er afvist. Få nøglen registreret, eller få serverens nye nøgle bekræftet ad anden vej"
      case .hookFailed: "Modtagerens program overtog ikke filen\(place). Der prøves igen"
      case .hookNotStarted: "Modtagerens program\(place) kunne ikke startes. Filerne venter, og der prøves igen"
      case .vanished: "Filen\(place) var væk fra IN, og ingen proces med denne journal har taget den"
      case .unknownArrival: "Journalen kender ikke modtagelsen"
      case .watchDatabase:
        "Overvågningens egen fil\(place) kan ikke læses eller skrives. Se efter diskplads og rettigheder til filen"
      case .cancelled: "Arbejdet blev afbrudt, før det var færdigt"
      case .transfer: "Forbindelsen til serveren svigtede"
      }
    return text.inDanish + "."
  }

  /// The failure in Danish without the period at its end, for a sentence around it.
  var clauseInDanish: String {
    let text = inDanish
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The failure in both languages.
  package var inBothLanguages: LocalizedText { LocalizedText(da: inDanish, en: description) }
}

extension SFTPError {
  /// The failure and its remedy, in Danish.
  package var inDanish: String {
    let place = path.map { " (\($0))" } ?? ""
    let keys = fingerprints.isEmpty ? "" : " Fingeraftryk: \(fingerprints.joined(separator: ", "))."
    return (Self.danish[code] ?? "Forbindelsen til serveren svigtede, fejlkode \(code.rawValue)") + "\(place).\(keys)"
  }

  /// The failure in both languages.
  package var inBothLanguages: LocalizedText { LocalizedText(da: inDanish, en: description) }

  private static let danish: [Code: String] = [
    .connectionRefused:
      "Serveren tager ikke imod forbindelser på den port, der står i indstillingerne; se efter, om vært og port er rigtige",
    .unreachable: "Der er ingen vej til serverens adresse; se efter net og firewall",
    .nameNotResolved: "Serverens navn kan ikke slås op; se efter, om navnet er rigtigt, og om navneopslag virker",
    .connectTimedOut:
      "Serveren svarede ikke inden for tidsgrænsen, da forbindelsen skulle oprettes; se efter net og firewall",
    .timedOut: "Serveren svarede ikke inden for tidsgrænsen",
    .connectionLost: "Serveren eller nettet afbrød forbindelsen",
    .connectionClosed: "Forbindelsen blev lukket herfra",
    .resourcesExhausted: "Maskinen har ikke plads til flere forbindelser",
    .noCommonAlgorithm: "Serveren og overvågningen har ingen krypteringsmetode til fælles",
    .hostKeyMismatch: "Serveren viser en anden værtsnøgle end den kendte",
    .hostKeyUnknown: "Der er ingen kendt værtsnøgle for serveren",
    .hostKeyRevoked: "Serveren viser en værtsnøgle, som er trukket tilbage",
    .fingerprintMalformed: "Fingeraftrykket i indstillingerne er ikke et fingeraftryk",
    .knownHostsUnreadable: "Filen med kendte værtsnøgler kan ikke læses",
    .authenticationFailed:
      "Serveren afviser SFTP-brugeren med denne nøgle; se efter, om brugernavnet er rigtigt, og om nøglen er registreret",
    .noSFTP: "Serveren lader brugeren logge ind, men tilbyder ikke SFTP; bed serverens ejer om at åbne for det",
    .keyUnreadable: "Nøglefilen er beskadiget eller af en anden slags, eller adgangskoden passer ikke",
    .secondFactorRequired:
      "Serveren kender nøglen, men kræver også noget andet ved login, fx en adgangskode, og den kan ikke gives herfra",
    .agentUnavailable: "ssh-agent svarer ikke, har ikke nøglen eller vil ikke skrive under med den",
    .keyUnavailable: "Nøglefilen mangler eller kan ikke læses",
    .noSuchFile: "Serveren kender ikke filen eller mappen",
    .permissionDenied: "Serveren giver ikke adgang til filen eller mappen",
    .failure: "Serveren afviste forespørgslen uden at sige hvorfor",
    .resumeRefused: "Serveren tager kun imod filen fra den første byte",
    .unsupported: "Serveren tilbyder ikke det, der blev spurgt om",
    .protocolViolation: "Serveren svarer ikke, som SFTP kræver",
    .cancelled: "Kontrollen blev afbrudt, før den var færdig",
    .sizeMismatch: "Filen har ikke den størrelse, som den skulle have",
    .tooLarge: "Filen er større, end den må være",
    .listingTooLong: "Mappen har flere filer, end der må læses; ryd op i den, eller hæv kontoens grænser",
    .local: "Der kunne ikke læses eller skrives på denne maskine",
  ]
}

extension DocumentError {
  /// The first thing that is wrong with the document, in Danish.
  package var inDanish: String {
    guard let first = diagnostics.first(where: { $0.severity == .error }) ?? diagnostics.first else {
      return "Dokumentet følger ikke skemaet."
    }
    let place = first.position.map { "Linje \($0.line), tegn \($0.column)" } ?? "Dokumentet"
    let element = first.path.isEmpty ? "" : " (\(first.path))"
    let rest = diagnostics.count > 1 ? " Der er \(diagnostics.count) fejl i alt." : ""
    return "\(place)\(element): \(first.found.da); ventet: \(first.expected.da); \(first.remedy.da).\(rest)"
  }
}
