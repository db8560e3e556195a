package import FilsluseSFTP
internal import FilsluseBase
package import TriggerFiles

extension ExchangeError {
  /// The failure in Danish.
  package var inDanish: String {
    if let transfer { return transfer.inDanish }
    if let danish { return danish }
    let place = path.map { " (\($0))" } ?? ""
    return code.danish(at: place).inDanish + "."
  }

  /// The failure in Danish without the period at its end, for a sentence around it.
  package var clauseInDanish: String { inDanish.trimmingSuffix(".") }

  /// The failure in both languages.
  package var inBothLanguages: LocalizedText { LocalizedText(da: inDanish, en: description) }

  /// The failure in both languages, with its subject in front.
  func of(_ subject: String) -> LocalizedText { inBothLanguages.map { "\(subject): \($0)" } }
}

extension ExchangeError.Code {
  /// The failure in Danish, without the period at its end.
  ///
  /// - Parameter place: the file or folder in brackets after a blank; empty for none.
  func danish(at place: String) -> Remedy {
    switch self {
    case .diskFull: "Disken er fuld eller har ikke plads til filen\(place)"
    case .journalFull: "Der er ikke plads til mere på journalens disk\(place)"
    case .journalOutdated:
      "Journalen\(place) er en ældre kopi eller en anden: den slutter før det, der sidst blev skrevet"
    case .journalDamaged: "Journalen\(place) er beskadiget. Læg en sikkerhedskopi i dens sted"
    case .journalReplaced: "Journalen\(place) er fjernet, flyttet eller skiftet ud. Læg den tilbage"
    case .journalSchema:
      "Journalen\(place) har et skema, som denne version af Filsluse ikke læser"
    case .fileMissing: "Filen\(place) findes ikke"
    case .localFile: "Der kunne ikke læses eller skrives på denne maskine\(place). Se efter plads og rettigheder"
    case .fileUnreadable: "Filen\(place) kan ikke læses. Se efter dens rettigheder"
    case .notPlain: "Det er et link eller andet end en almindelig fil\(place). Læg en kopi i stedet"
    case .secondName: "Filen\(place) har et navn mere (et hårdt link). Fjern det, eller læg en kopi i stedet"
    case .folderGone: "Mappen\(place) er væk, er en anden end før eller kan ikke bruges. Læg den tilbage"
    case .fileChanged: "Filen\(place) blev ændret, mens den blev sendt"
    case .journal: "Journalen\(place) kan ikke åbnes, læses eller skrives. Kør \(.checkJournal)"
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
    case .watchSchema:
      "Overvågningens egen fil\(place) har et skema, som denne version af Filsluse ikke læser"
    case .actNotShared: "Det er kun noteret på denne maskine; de andre maskiner med samme journal har det ikke"
    case .cancelled: "Arbejdet blev afbrudt, før det var færdigt"
    case .transfer: "Forbindelsen til serveren svigtede"
    }
  }
}

extension SFTPError {
  /// The failure in both languages.
  package var inBothLanguages: LocalizedText { LocalizedText(da: inDanish, en: description) }
}

extension String {
  /// The text without an ending, where it has it.
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
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
