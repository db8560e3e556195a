import FilsluseBase
import TriggerFiles

extension DiagnosticCode {
  /// The meaning of the code, its usual cause, the remedy, and the contact; `nil` for a code that is not in ``all``.
  var explanation: Explanation? { Self.ofInput[self] ?? Self.ofElements[self] ?? Self.ofValues[self] }

  /// Joins meaning, cause and remedy of both languages.
  private static func explained(
    _ english: (Remedy, Remedy, Remedy), _ danish: (Remedy, Remedy, Remedy), ask contact: Contact = .own
  ) -> Explanation {
    Explanation(
      .init(english.0, danish.0), cause: .init(english.1, danish.1), remedy: .init(english.2, danish.2), ask: contact)
  }

  /// The codes of faults before there is a document.
  private static let ofInput: [DiagnosticCode: Explanation] = [
    .tooLarge: explained(
      (
        "The document is larger than any of the contract.", "Another file, such as the data, was named.",
        "Name the right file."
      ),
      ("Dokumentet er større end noget i kontrakten.", "En anden fil, fx data, er nævnt.", "Nævn den rigtige fil.")),
    .encodingUnknown: explained(
      (
        "The declared encoding is none that is read.", "A program wrote its own name of an encoding.",
        "Write the document in UTF-8."
      ),
      (
        "Den angivne tegnkodning læses ikke.", "Et program har skrevet sit eget navn for en tegnkodning.",
        "Skriv dokumentet i UTF-8."
      )),
    .encodingContradicted: explained(
      (
        "The declaration names one encoding, the first bytes show another.",
        "The file was converted without its first line.",
        "Correct the first line, or write the file in UTF-8."
      ),
      (
        "Deklarationen nævner én tegnkodning, og de første bytes viser en anden.",
        "Filen er konverteret uden sin første linje.",
        "Ret den første linje, eller skriv filen i UTF-8."
      )),
    .encodingInvalid: explained(
      (
        "Bytes that mean nothing in the document's encoding.",
        "æ, ø or å in windows-1252 under a declaration of UTF-8.",
        "Write the document in UTF-8."
      ),
      (
        "Bytes, der ikke betyder noget i dokumentets tegnkodning.",
        "æ, ø eller å i windows-1252 under en deklaration af UTF-8.",
        "Skriv dokumentet i UTF-8."
      )),
    .nulCharacter: explained(
      (
        "A NUL character, which no XML document may hold.",
        "UTF-16 without a mark, or a file full of zeros after a crash.",
        "Make the document anew."
      ),
      (
        "Et NUL-tegn, som intet XML-dokument må indeholde.",
        "UTF-16 uden mærke eller en fil fuld af nuller efter et nedbrud.",
        "Lav dokumentet igen."
      )),
    .notXML: explained(
      ("The input is no XML document.", "A file of another kind under this name.", "Name the right file."),
      ("Det er ikke et XML-dokument.", "En anden slags fil under dette navn.", "Nævn den rigtige fil.")),
    .cutShort: explained(
      (
        "The XML ends before its root element does.", "It was read while it was written, or its transfer was cut off.",
        "Fetch or make it again."
      ),
      (
        "XML-teksten slutter før sit rodelement.",
        "Den er læst, mens den blev skrevet, eller overførslen blev afbrudt.",
        "Hent eller lav den igen."
      )),
    .secondRoot: explained(
      ("A second root element.", "Two documents were put into one file.", "Put each into a file of its own."),
      ("Der er to rodelementer.", "To dokumenter er lagt i én fil.", "Læg hvert i sin egen fil.")),
    .trailingContent: explained(
      ("Something stands behind the root element.", "Text was added to the end of the file.", "Remove it."),
      ("Der står noget efter rodelementet.", "Der er føjet tekst til filens slutning.", "Fjern det.")),
    .documentType: explained(
      ("A document type declaration, which the contract forbids.", "A template from elsewhere.", "Remove the DOCTYPE."),
      ("En DOCTYPE, som kontrakten forbyder.", "En skabelon fra et andet sted.", "Fjern DOCTYPE.")),
    .tooDeep: explained(
      (
        "Elements are nested deeper than in any document.", "A file of another kind, or an attack.",
        "Name the right file."
      ),
      (
        "Elementerne ligger dybere i hinanden end i noget dokument.", "En anden slags fil eller et angreb.",
        "Nævn den rigtige fil."
      )),
    .tooComplex: explained(
      (
        "More elements or attributes than any document has.", "A file of another kind, or an attack.",
        "Name the right file."
      ),
      (
        "Flere elementer eller attributter, end noget dokument har.", "En anden slags fil eller et angreb.",
        "Nævn den rigtige fil."
      )),
  ]

  /// The codes of elements (contract section 2).
  private static let ofElements: [DiagnosticCode: Explanation] = [
    .unknownRoot: explained(
      ("The root element is none of the contract's five.", "A document of another system.", "Name the right file."),
      ("Rodelementet er ikke et af kontraktens fem.", "Et andet systems dokument.", "Nævn den rigtige fil.")),
    .wrongNamespace: explained(
      (
        "The root element is not in the contract's namespace.", "The namespace is missing, or is another version's.",
        "Write the namespace that the finding names."
      ),
      (
        "Rodelementet er ikke i kontraktens namespace.", "Namespace mangler eller er fra en anden version.",
        "Skriv det namespace, som fundet nævner."
      )),
    .otherDocument: explained(
      (
        "A document of the contract, but another one than was asked for.",
        "A receipt was named in a trigger's place, say.",
        "Name the right file."
      ),
      (
        "Et af kontraktens dokumenter, men et andet end det ønskede.",
        "Fx en kvittering, hvor der skulle være en trigger.",
        "Nævn den rigtige fil."
      )),
    .qualifiedElement: explained(
      (
        "A local element carries a namespace.", "The program puts a prefix before every element.",
        "Leave the prefix out: only the root has one."
      ),
      (
        "Et lokalt element har et namespace.", "Programmet sætter præfiks på alle elementer.",
        "Udelad præfikset: kun roden har det."
      )),
    .unknownElement: explained(
      (
        "An element that the contract does not know in this place.", "A slip in its name, or another schema.",
        "Remove it, or correct its name."
      ),
      (
        "Et element, som kontrakten ikke kender på dette sted.", "En skrivefejl i navnet eller et andet skema.",
        "Fjern det, eller ret navnet."
      )),
    .missingElement: explained(
      ("A required element is not there.", "The program left out what it had no value for.", "Add it."),
      ("Et påkrævet element mangler.", "Programmet har udeladt det, som det ikke havde en værdi til.", "Tilføj det.")),
    .doubledElement: explained(
      ("An element that may stand once stands again.", "Two values were written, one after the other.", "Keep one."),
      ("Et element, der må stå én gang, står igen.", "To værdier er skrevet efter hinanden.", "Behold den ene.")),
    .misplacedElement: explained(
      (
        "An element stands before one that it must follow.", "The program writes them in an order of its own.",
        "Write them in the order of the schema."
      ),
      (
        "Et element står før et, som det skal følge.", "Programmet skriver dem i sin egen rækkefølge.",
        "Skriv dem i skemaets rækkefølge."
      )),
    .exclusiveElements: explained(
      (
        "Elements that exclude each other.", "A receipt with a message and errors, say.",
        "Ask whoever made it what is meant."
      ),
      (
        "Elementer, der udelukker hinanden.", "Fx en kvittering med både besked og fejl.",
        "Spørg den, der har lavet det, hvad der menes."
      ),
      ask: .routes),
    .unknownAttribute: explained(
      ("An attribute on an element that has none.", "A value that belongs into an element.", "Remove it."),
      ("En attribut på et element, der ingen har.", "En værdi, der hører hjemme i et element.", "Fjern den.")),
    .schemaAttribute: explained(
      (
        "An attribute of XML Schema's own, which is passed over.", "The program writes xsi:schemaLocation.",
        "Nothing; leave it out where you can."
      ),
      (
        "En af XML Schemas egne attributter; den springes over.", "Programmet skriver xsi:schemaLocation.",
        "Intet; udelad den, hvor det kan lade sig gøre."
      )),
    .misplacedText: explained(
      ("Text between elements, where none belongs.", "A comment without its marks, or a slip.", "Remove it."),
      (
        "Tekst mellem elementer, hvor der ikke skal være nogen.", "En kommentar uden sine tegn eller en skrivefejl.",
        "Fjern den."
      )),
  ]

  /// The codes of values, and of reasons against sending a valid document (contract sections 2, 3, 4 and 7).
  private static let ofValues: [DiagnosticCode: Explanation] = [
    .emptyValue: explained(
      ("A required value is empty.", "The program had no value for it.", "Write the value."),
      ("En påkrævet værdi er tom.", "Programmet havde ingen værdi til den.", "Skriv værdien.")),
    .emptyOptional: explained(
      (
        "An optional element is empty, and is read as absent.", "The program writes every element.",
        "Leave it out where it has no value."
      ),
      (
        "Et valgfrit element er tomt og læses som udeladt.", "Programmet skriver alle elementer.",
        "Udelad det, hvor det ingen værdi har."
      )),
    .tooLong: explained(
      ("A value has more characters than its element takes.", "A text that was meant for people.", "Shorten it."),
      ("En værdi har flere tegn, end dens element tager.", "En tekst, der var tænkt til mennesker.", "Forkort den.")),
    .forbiddenCharacter: explained(
      ("A character that XML cannot carry.", "A control character out of a database.", "Remove it."),
      ("Et tegn, som XML ikke kan bære.", "Et styretegn fra en database.", "Fjern det.")),
    .invalidNumber: explained(
      ("No number, or one outside its range.", "A number with points or blanks in it.", "Write digits alone."),
      ("Ikke et tal eller et tal uden for sit område.", "Et tal med punktummer eller mellemrum.", "Skriv kun cifre.")),
    .invalidUUID: explained(
      (
        "No UUID in lower case.", "It was copied in part, or with capitals.",
        "Copy it from the administration module, in lower case."
      ),
      (
        "Ikke et UUID med små bogstaver.", "Det er kopieret delvis eller med store bogstaver.",
        "Kopiér det fra administrationsmodulet med små bogstaver."
      )),
    .invalidCVR: explained(
      (
        "No CVR number, or not in the contract's form.", "A number of another length, or without urn:oio:cvr-nr:.",
        "Write eight digits; in a document with the prefix."
      ),
      (
        "Ikke et CVR-nummer eller ikke på kontraktens form.",
        "Et nummer af en anden længde eller uden urn:oio:cvr-nr:.", "Skriv otte cifre; i et dokument med præfikset."
      )),
    .cvrCheckDigit: explained(
      (
        "A CVR number whose check digit does not fit.", "A slip, or a number of the test environment.",
        "Compare it with the business register."
      ),
      (
        "Et CVR-nummer, hvis kontrolciffer ikke passer.", "En skrivefejl eller et nummer fra testmiljøet.",
        "Sammenlign det med CVR-registret."
      )),
    .invalidDate: explained(
      ("No date or moment as XML Schema writes it.", "A Danish date: 21-11-2026.", "Write 2026-11-21T05:00:00Z."),
      (
        "Ikke en dato eller et tidspunkt på XML Schemas form.", "En dansk dato: 21-11-2026.",
        "Skriv 2026-11-21T05:00:00Z."
      )),
    .unknownWord: explained(
      (
        "A word that is none of those the contract lists.", "Another spelling or language.",
        "Write one that the finding lists."
      ),
      (
        "Et ord, som kontrakten ikke har på listen.", "En anden stavemåde eller et andet sprog.",
        "Skriv et af dem, som fundet nævner."
      )),
    .invalidForeignElement: explained(
      (
        "A foreign element that could not be written as XML.", "A name or a text that XML cannot carry.",
        "Correct it, or leave it out."
      ),
      (
        "Et fremmed element, der ikke kan skrives som XML.", "Et navn eller en tekst, som XML ikke kan bære.",
        "Ret det, eller udelad det."
      )),
    .unfitFileName: explained(
      (
        "A file name that the wire cannot carry.",
        "It is too long, holds a forbidden character, or ends like a trigger.", "Rename the file."
      ),
      (
        "Et filnavn, som serveren ikke kan bære.", "Det er for langt, har et forbudt tegn eller ender som en trigger.",
        "Omdøb filen."
      )),
    .otherSender: explained(
      (
        "The sender is not the one who sends.", "A trigger made for another account.",
        "Make it for the account that sends it."
      ),
      (
        "Afsenderen er en anden end den, der sender.", "En trigger, der er lavet til en anden konto.",
        "Lav den til den konto, der sender den."
      )),
    .unfitInfRef: explained(
      (
        "An InfRef that is misspelt, or cannot stand in a trigger.", "An ø written as oe, or the name of a service.",
        "Write it as the finding spells it."
      ),
      (
        "En InfRef, der er forkert stavet eller ikke kan stå i en trigger.",
        "Et ø skrevet som oe eller navnet på en service.", "Skriv den, som fundet staver den."
      ),
      ask: .infRef),
    .unfitRoute: explained(
      (
        "Recipients and routing info do not go together, or not with the InfRef.",
        "A direct route with routing info, or an explicit one without a system.",
        "Correct the kind of the route."
      ),
      (
        "Recipients og routing info passer ikke sammen eller ikke til InfRef.",
        "En direkte rute med routing info eller en eksplicit uden system.",
        "Ret rutens slags."
      ), ask: .routes),
    .foreignContent: explained(
      (
        "Content of a namespace that the platform may have no schema for.", "An extension of one's own.",
        "Ask before it is sent; it may be refused."
      ),
      (
        "Indhold fra et namespace, som platformen måske intet skema har til.", "En egen udvidelse.",
        "Spørg, før det sendes; det kan blive afvist."
      ),
      ask: .routes),
  ]
}
