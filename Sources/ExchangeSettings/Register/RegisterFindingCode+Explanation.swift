package import FilsluseBase

extension RegisterFindingCode {
  /// The meaning of the code, its usual cause, the remedy, and the contact; `nil` for a code that is not in ``all``.
  package var explanation: Explanation? { Self.ofReading[self] ?? Self.ofChecking[self] }

  /// The codes of reading the list and its record.
  private static let ofReading: [RegisterFindingCode: Explanation] = [
    .unreadable: Explanation(
      "The list or its record is missing, is no plain file or may not be read.",
      "Listen eller dens optegnelse mangler, er ingen almindelig fil eller må ikke læses.",
      cause: "A slip in routes-file:, or permissions.", "En skrivefejl i routes-file: eller rettigheder.",
      remedy: "Correct the path or the permissions.", "Ret stien eller rettighederne.", ask: .own),
    .unwritable: Explanation(
      "The list cannot be written.", "Listen kan ikke skrives.",
      cause: "A full disk, or permissions of the folder.", "En fuld disk eller rettigheder til mappen.",
      remedy: "Make room, or correct the permissions.", "Skaf plads, eller ret rettighederne.", ask: .own),
    .writableByAll: Explanation(
      "Every user of the machine can change the list or its record.",
      "Alle brugere på maskinen kan ændre listen eller dens optegnelse.",
      cause: "Permissions that are too wide.", "For vide rettigheder.", remedy: "Take them away: chmod o-w.",
      "Fjern dem: chmod o-w.", ask: .own),
    .changedWhileRead: Explanation(
      "The list changed while it was read.", "Listen blev ændret, mens den blev læst.",
      cause: "A program writes it in place.", "Et program skriver i selve filen.",
      remedy: "Write a new file and rename it.", "Skriv en ny fil, og omdøb den.", ask: .own),
    .tooLarge: Explanation(
      "The list is larger than any register: over 200,000 routes, or 64 MiB.",
      "Listen er større end noget register: over 200.000 ruter eller 64 MiB.",
      cause: "routes-file: names another file.", "routes-file: nævner en anden fil.", remedy: "Name the right file.",
      "Nævn den rigtige fil.", ask: .own),
    .malformed: Explanation(
      "The list is neither CSV nor YAML of the form that is read.",
      "Listen er hverken CSV eller YAML på den form, der læses.",
      cause: "A quoted cell that never ends, or an indentation that does not fit.",
      "En celle i anførselstegn, der aldrig slutter, eller en indrykning, der ikke passer.",
      remedy: "Correct the line.", "Ret linjen.", ask: .own),
    .otherEncoding: Explanation(
      "Lines that are not UTF-8 were read as windows-1252.", "Linjer, der ikke er UTF-8, er læst som windows-1252.",
      cause: "A spreadsheet saved the list in its old encoding.",
      "Et regneark har gemt listen i sin gamle tegnkodning.",
      remedy: "Save the file as UTF-8.", "Gem filen som UTF-8.", ask: .own),
    .unknownColumn: Explanation(
      "A column or key that the list does not have.", "En kolonne eller nøgle, som listen ikke har.",
      cause: "A slip, or a column of one's own.", "En skrivefejl eller en kolonne, man selv har tilføjet.",
      remedy: "Use the name that the finding proposes, or remove it.",
      "Brug det navn, som fundet foreslår, eller fjern den.",
      ask: .own),
    .doubledColumn: Explanation(
      "A column or key that is there twice.", "En kolonne eller nøgle, der er der to gange.",
      cause: "Two lists that were put together.", "To lister, der er sat sammen.", remedy: "Keep one.",
      "Behold den ene.",
      ask: .own),
    .cellCount: Explanation(
      "A line with more or fewer cells than the header.", "En linje med flere eller færre celler end overskriften.",
      cause: "A semicolon too many or too few.", "Et semikolon for meget eller for lidt.",
      remedy: "Write every cell, also empty ones.", "Skriv alle celler, også tomme.", ask: .own),
    .missingValue: Explanation(
      "A value that a route needs and does not have.", "En værdi, som en rute skal have, og som mangler.",
      cause: "An explicit route without recipient-it-system, say.", "Fx en eksplicit rute uden recipient-it-system.",
      remedy: "Add it to the line or to its template.", "Tilføj den i linjen eller i dens skabelon.", ask: .own),
    .badValue: Explanation(
      "A value that breaks the rule of its column.", "En værdi, der bryder kolonnens regel.",
      cause: "A word that the column does not have, or a number of another form.",
      "Et ord, som kolonnen ikke har, eller et tal på en anden form.",
      remedy: "Correct it as the finding says.", "Ret den, som fundet siger.", ask: .own),
    .unknownMunicipality: Explanation(
      "A code or name of no municipality.", "En kode eller et navn, som ingen kommune har.",
      cause: "A code of a former municipality, or a region's.", "En kode fra en nedlagt kommune eller en region.",
      remedy: "Write the code (0101, 101) or the name (København).",
      "Skriv koden (0101, 101) eller navnet (København).",
      ask: .own),
    .invalidCVR: Explanation(
      "A CVR number that is not eight digits.", "Et CVR-nummer, der ikke er otte cifre.",
      cause: "A slip, or a number with blanks.", "En skrivefejl eller et nummer med mellemrum.",
      remedy: "Write eight digits.", "Skriv otte cifre.", ask: .own),
    .invalidUUID: Explanation(
      "A UUID that is none, or is not in lower case.", "Et UUID, der ikke er et UUID, eller ikke er med små bogstaver.",
      cause: "A UUID that was copied in part, or with capitals.",
      "Et UUID, der er kopieret delvis eller med store bogstaver.",
      remedy: "Copy it from the administration module, and write it in lower case.",
      "Kopiér det fra administrationsmodulet, og skriv det med små bogstaver.", ask: .own),
    .unfitInfRef: Explanation(
      "An InfRef that is misspelt or cannot be in a route.",
      "En InfRef, der er forkert stavet eller ikke kan stå i en rute.",
      cause: "An ø written as oe, the name of a service, or a slip such as GPDR.",
      "Et ø skrevet som oe, navnet på en service eller en skrivefejl som GPDR.",
      remedy: "Write it as the finding spells it.", "Skriv den, som fundet staver den.", ask: .infRef),
    .invalidDate: Explanation(
      "A date that is none.", "En dato, der ikke findes.", cause: "2026-02-30, or another form than 2026-02-28.",
      "2026-02-30 eller en anden form end 2026-02-28.", remedy: "Write a date that there is.",
      "Skriv en dato, der findes.",
      ask: .own),
    .conflict: Explanation(
      "Two values of a route that exclude each other.", "To værdier i en rute, der udelukker hinanden.",
      cause: "valid-to before valid-from, say.", "Fx valid-to før valid-from.", remedy: "Correct one of the two.",
      "Ret den ene af de to.", ask: .own),
    .unknownAccount: Explanation(
      "An account that the settings do not have.", "En konto, som indstillingerne ikke har.",
      cause: "A slip, or an account that is not set up yet.", "En skrivefejl eller en konto, der ikke er sat op endnu.",
      remedy: "Correct the name, or add the account.", "Ret navnet, eller tilføj kontoen.", ask: .own),
    .unknownTemplate: Explanation(
      "A template that the list does not have.", "En skabelon, som listen ikke har.", cause: "A slip in its name.",
      "En skrivefejl i navnet.", remedy: "Use the name that the finding proposes.",
      "Brug det navn, som fundet foreslår.",
      ask: .own),
    .contradictingTemplates: Explanation(
      "Two templates of one line that give a column different values.",
      "To skabeloner i én linje, der giver en kolonne hver sin værdi.",
      cause: "Templates that were not made to stand together.", "Skabeloner, der ikke er lavet til at stå sammen.",
      remedy: "Give the value in one of the two.", "Giv værdien i den ene af de to.", ask: .own),
    .doubledName: Explanation(
      "A name that two routes have.", "Et navn, som to ruter har.",
      cause: "A line that was copied, or a route that also stands under routes:.",
      "En linje, der er kopieret, eller en rute, der også står under routes:.",
      remedy: "Give each its own name.", "Giv hver sit eget navn.", ask: .own),
    .malformedRecord: Explanation(
      "A line of the record that is not of its form.", "En linje i optegnelsen, der ikke har den rette form.",
      cause: "The record was written by hand, or cut short.", "Optegnelsen er skrevet i hånden eller afbrudt.",
      remedy: "Correct the line; the toolkit only ever adds lines.", "Ret linjen; værktøjet tilføjer kun linjer.",
      ask: .own),
    .unendedRecord: Explanation(
      "A last line of the record without its line end, which does not count.",
      "En sidste linje i optegnelsen uden linjeskift, som ikke gælder.",
      cause: "A power failure while it was written, before the command said so; or an editor that left the end out.",
      "Strømsvigt, mens den blev skrevet, før kommandoen meldte det; eller en editor, der udelod linjeskiftet.",
      remedy: "Record it again; or end the line, where it is whole.",
      "Optegn det igen; eller afslut linjen, hvor den er hel.", ask: .own),
  ]
}
