package import FilsluseBase

extension SettingsProblem.Code {
  /// Every sort of problem that reading settings finds.
  package static let all: [SettingsProblem.Code] = [
    .unreadable, .unacceptable, .syntax, .unknownKey, .doubledKey, .missingKey, .wrongType, .badValue,
    .unknownReference, .conflict,
  ]

  /// The meaning of the code, its usual cause, the remedy, and the contact; `nil` for a code that is not in ``all``.
  package var explanation: Explanation? { Self.explanations[self] }

  private static let explanations: [SettingsProblem.Code: Explanation] = [
    .unreadable: Explanation(
      "The settings file is not there, is no plain file or may not be read.",
      "Indstillingsfilen er der ikke, er ingen almindelig fil eller må ikke læses.",
      cause: "A slip in its path, or permissions.", "En skrivefejl i stien eller rettigheder.",
      remedy: "Correct the path, or let the running user read it.",
      "Ret stien, eller giv brugeren ret til at læse den.",
      ask: .own),
    .unacceptable: Explanation(
      "The settings file is too large, not UTF-8, or uses YAML that settings have no need of.",
      "Indstillingsfilen er for stor, er ikke UTF-8 eller bruger YAML, som indstillinger ikke har brug for.",
      cause: "A file that an editor saved as windows-1252, or tags and anchors in it.",
      "En fil, som en editor har gemt som windows-1252, eller tags og ankre i den.",
      remedy: "Save it as UTF-8, and write the values out.", "Gem den som UTF-8, og skriv værdierne ud.", ask: .own),
    .syntax: Explanation(
      "The settings file is not YAML.", "Indstillingsfilen er ikke YAML.",
      cause: "A tab, a missing blank behind a colon, or an indentation that does not fit.",
      "Et tabulatortegn, et manglende mellemrum efter et kolon eller en indrykning, der ikke passer.",
      remedy: "Mend the line that the error names.", "Ret den linje, som fejlen nævner.", ask: .own),
    .unknownKey: Explanation(
      "A key that no setting has.", "En nøgle, som ingen indstilling har.",
      cause: "A slip, or a key of another version.", "En skrivefejl eller en nøgle fra en anden version.",
      remedy: "Use the key that the error proposes, or remove it.",
      "Brug den nøgle, som fejlen foreslår, eller fjern den.",
      ask: .own),
    .doubledKey: Explanation(
      "A key that stands twice in the same place.", "En nøgle, der står to gange på samme sted.",
      cause: "A section that was copied.", "Et afsnit, der er kopieret.", remedy: "Keep one of the two.",
      "Behold den ene.", ask: .own),
    .missingKey: Explanation(
      "A key that must be there and is not.", "En nøgle, der skal være der, og ikke er det.",
      cause: "A section that was begun and not finished.", "Et afsnit, der er påbegyndt og ikke gjort færdigt.",
      remedy: "Add it; the reference of all keys says what it takes.",
      "Tilføj den; oversigten over alle nøgler siger, hvad den tager.", ask: .own),
    .wrongType: Explanation(
      "A list where a text should be, and the like.", "En liste, hvor der skulle stå en tekst, og lignende.",
      cause: "An indentation that does not fit, or a hyphen too many.",
      "En indrykning, der ikke passer, eller en bindestreg for meget.",
      remedy: "Write it in the form that the error names.", "Skriv den på den form, som fejlen nævner.", ask: .own),
    .badValue: Explanation(
      "A value that breaks the rule of its key.", "En værdi, der bryder nøglens regel.",
      cause: "A unit left out, a misspelt InfRef, or a number without its quotes.",
      "En enhed, der mangler, en forkert stavet InfRef eller et tal uden anførselstegn.",
      remedy: "Correct it as the error says.", "Ret den, som fejlen siger.", ask: .own),
    .unknownReference: Explanation(
      "The name of an account, a route or a sink that the file does not have.",
      "Navnet på en konto, en rute eller en kanal, som filen ikke har.",
      cause: "A slip in the name, or a section that was removed.",
      "En skrivefejl i navnet eller et afsnit, der er fjernet.",
      remedy: "Use a name that is there, or add the section.", "Brug et navn, der findes, eller tilføj afsnittet.",
      ask: .own),
    .conflict: Explanation(
      "Two settings that cannot stand together.", "To indstillinger, der ikke kan stå sammen.",
      cause: "Folders that lie in each other, one key for two environments, or two rules for one thing.",
      "Mapper, der ligger i hinanden, én nøgle til to miljøer eller to regler for det samme.",
      remedy: "Change one of the two that the error names.", "Ret den ene af de to, som fejlen nævner.", ask: .own),
  ]
}
