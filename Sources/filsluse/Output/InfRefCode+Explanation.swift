import FilsluseBase
import TriggerFiles

extension InfRefFinding.Code {
  /// The meaning of the code, its usual cause, the remedy, and the contact.
  var explanation: Explanation { isOfSpelling ? ofSpelling : ofMeaning }

  private var isOfSpelling: Bool {
    switch self {
    case .empty, .surroundingSpace, .label, .invisibleCharacter, .hyphenation, .mojibake, .letter, .letterCase,
      .versionSeparator, .foreignDigits, .gpdr:
      true
    case .missingVersion, .unknownVersion, .versionLeadingZero, .doubledVersion, .missingNumber, .numberLeadingZero,
      .shortened, .serviceName, .endpointName, .pattern, .integrationNumber, .webService, .monitoringAlias, .unknown:
      false
    }
  }

  private func explained(
    _ meaning: Remedy, _ danishMeaning: Remedy, _ cause: Remedy, _ danishCause: Remedy,
    remedy: Remedy = "Write it as the finding spells it.", _ danishRemedy: Remedy = "Skriv den, som fundet staver den."
  ) -> Explanation {
    Explanation(
      meaning, danishMeaning, cause: cause, danishCause, remedy: remedy, danishRemedy, ask: .infRef)
  }

  private var ofSpelling: Explanation {
    switch self {
    case .surroundingSpace:
      explained(
        "White space stands before or after the InfRef.", "Der er mellemrum før eller efter InfRef.",
        "It was copied with the blank beside it.", "Den er kopieret med mellemrummet ved siden af.")
    case .label:
      explained(
        "The form's label was copied along.", "Formularens ledetekst er kopieret med.",
        "A line such as InfRef= … was copied as a whole.", "En linje som InfRef= … er kopieret i sin helhed.")
    case .invisibleCharacter:
      explained(
        "An invisible character stands in the InfRef.", "Der er et usynligt tegn i InfRef.",
        "It was copied out of a PDF or a web page.", "Den er kopieret fra en PDF eller en webside.")
    case .hyphenation:
      explained(
        "A hyphen from the end of a printed line stands in the InfRef.",
        "Der er en bindestreg fra slutningen af en trykt linje i InfRef.", "It was copied out of a PDF.",
        "Den er kopieret fra en PDF.")
    case .mojibake:
      explained(
        "The ø was read in another encoding.", "Ø'et er læst i en anden tegnkodning.",
        "UTF-8 was read as ISO-8859-1 by a program on the way.", "Et program på vejen har læst UTF-8 som ISO-8859-1.")
    case .letter:
      explained(
        "The ø is written as o or oe, or of two characters.", "Ø'et er skrevet som o eller oe eller af to tegn.",
        "A keyboard without ø, or a rule that names are plain ASCII.",
        "Et tastatur uden ø eller en regel om, at navne er ren ASCII.")
    case .letterCase:
      explained(
        "Capitals stand where small letters belong, or the other way round.",
        "Der er store bogstaver, hvor der skal være små, eller omvendt.", "It was typed by hand.",
        "Den er skrevet i hånden.")
    case .versionSeparator:
      explained(
        "A hyphen stands before the version in place of the underscore.",
        "Der er en bindestreg før versionen i stedet for en understregning.", "It was typed by hand.",
        "Den er skrevet i hånden.")
    case .foreignDigits:
      explained(
        "A digit of another script stands in the InfRef.", "Der er et ciffer fra en anden skrift i InfRef.",
        "It was copied out of a document with such digits.", "Den er kopieret fra et dokument med sådanne cifre.")
    case .gpdr:
      explained(
        "GPDR stands for GDPR.", "Der står GPDR for GDPR.", "The slip stands in a document of KOMBIT's.",
        "Skrivefejlen findes i et af KOMBITs dokumenter.")
    default:
      explained(
        "There is no InfRef.", "Der er ingen InfRef.", "An empty cell or line.", "En tom celle eller linje.",
        remedy: "Write the InfRef that the route is ordered for.", "Skriv den InfRef, som ruten er bestilt til.")
    }
  }

  private var ofMeaning: Explanation {
    switch self {
    case .missingVersion:
      explained(
        "The InfRef has no version.", "InfRef mangler sin version.", "Only the first part was copied.",
        "Kun den første del er kopieret.")
    case .unknownVersion:
      explained(
        "The documents do not show this version.", "Dokumenterne viser ikke denne version.",
        "A slip, or a version that is newer than this program.",
        "En skrivefejl eller en version, der er nyere end programmet.",
        remedy: "Ask which version is right; a register of your own may declare it.",
        "Spørg, hvilken version der er rigtig; jeres eget register kan erklære den.")
    case .versionLeadingZero:
      explained(
        "The version has a leading zero.", "Versionen har et foranstillet nul.", "It was typed as _01.",
        "Den er skrevet som _01.")
    case .doubledVersion:
      explained(
        "A version stands behind the version.", "Der står en version efter versionen.",
        "A program added one to a name that had it already.", "Et program har tilføjet en til et navn, der havde den.")
    case .missingNumber:
      explained(
        "The InfRef has no GDPR number.", "InfRef mangler sit GDPR-nummer.", "The number was not assigned yet.",
        "Nummeret er ikke tildelt endnu.", remedy: "Wait for the number that KOMBIT assigns; it is never made up.",
        "Vent på det nummer, som KOMBIT tildeler; det må ikke findes på.")
    case .numberLeadingZero:
      explained(
        "The GDPR number has a leading zero.", "GDPR-nummeret har et foranstillet nul.",
        "It was typed with a fixed number of digits.", "Det er skrevet med et fast antal cifre.")
    case .shortened:
      explained(
        "Only the end of the InfRef is there.", "Kun slutningen af InfRef er der.",
        "It is called so in daily speech: GDPR1203_1.", "Sådan kaldes den i daglig tale: GDPR1203_1.")
    case .serviceName:
      explained(
        "It is the name of a service, not an InfRef.", "Det er navnet på en service, ikke en InfRef.",
        "The two stand beside each other in the documents.", "De to står ved siden af hinanden i dokumenterne.")
    case .endpointName:
      explained(
        "It is the name of an endpoint, not an InfRef.", "Det er navnet på et endpoint, ikke en InfRef.",
        "The two stand beside each other in the documents.", "De to står ved siden af hinanden i dokumenterne.")
    case .pattern:
      explained(
        "It is the documents' pattern, whose parts are to be filled in.",
        "Det er dokumenternes mønster, hvis dele skal udfyldes.", "It was copied out of a guide.",
        "Det er kopieret fra en vejledning.", remedy: "Write the InfRef that KOMBIT has assigned.",
        "Skriv den InfRef, som KOMBIT har tildelt.")
    case .integrationNumber:
      explained(
        "It is the number of an integration, not an InfRef.", "Det er nummeret på en integration, ikke en InfRef.",
        "SF1630 and the like are called so in daily speech.", "SF1630 og lignende kaldes sådan i daglig tale.")
    case .webService:
      explained(
        "It is an InfRef that a web service carries, and no file.",
        "Det er en InfRef, som en webservice bærer, og ikke en fil.",
        "The integration moves some things by SFTP and others by web service.",
        "Integrationen flytter noget over SFTP og andet over webservice.",
        remedy: "Use the InfRef of the file; the catalogue names it.", "Brug filens InfRef; kataloget nævner den.")
    case .monitoringAlias:
      explained(
        "SF7002 stands on the monitoring form, and in no trigger.",
        "SF7002 står på overvågningsformularen og ikke i triggere.",
        "It was copied from the form.", "Den er kopieret fra formularen.",
        remedy: "Write the InfRef of the sortiment in triggers and routes.",
        "Skriv sortimentets InfRef i triggere og ruter.")
    default:
      explained(
        "The name is in none of the lists.", "Navnet er ikke på nogen af listerne.",
        "An integration whose InfRef is not public, or a slip.",
        "En integration, hvis InfRef ikke er offentlig, eller en skrivefejl.",
        remedy: "Compare it with the declaration; if it is right, declare it under infrefs: in the settings.",
        "Sammenlign med erklæringen; er den rigtig, så erklær den under infrefs: i indstillingerne.")
    }
  }
}
