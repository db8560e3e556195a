internal import FilsluseBase

extension RegisterFindingCode {
  /// The explanations of the codes of checking a list that can be read.
  static let ofChecking: [RegisterFindingCode: Explanation] = [
    .declarationNumber: Explanation(
      "The number of a GDPR declaration differs from that of its InfRef.",
      "Nummeret på en GDPR-erklæring er et andet end det i dens InfRef.",
      cause: "A slip in one of the two, or the declaration of another integration.",
      "En skrivefejl i den ene eller en anden integrations erklæring.",
      remedy: "Compare both with the returned declaration.", "Sammenlign begge med den returnerede erklæring.",
      ask: .infRef),
    .infRefOfOtherSystem: Explanation(
      "An InfRef of SF1630 that another system than its owner sends.",
      "En InfRef fra SF1630, som et andet system end ejerens sender.",
      cause: "A second vendor uses the first one's InfRef.", "En anden leverandør bruger den førstes InfRef.",
      remedy: "Order an InfRef of its own.", "Bestil en egen InfRef.", ask: .infRef),
    .unassignedInfRef: Explanation(
      "An InfRef of SF1630 that the record has no assignment of.",
      "En InfRef fra SF1630, som optegnelsen ikke har nogen tildeling af.",
      cause: "It was made up, or its assignment was not recorded.",
      "Den er fundet på, eller tildelingen er ikke optegnet.",
      remedy: "Record it when KOMBIT has assigned it (the finding words how). Before that only production refuses it.",
      "Optegn den, når KOMBIT har tildelt den (fundet siger hvordan). Før det er det kun produktion, der afviser den.",
      ask: .infRef),
    .sortimentSender: Explanation(
      "A sortiment route whose sender is not the classification system.",
      "En sortimentsrute, hvis afsender ikke er klassifikationssystemet.",
      cause: "sender-role is not classification, or the sender is wrong.",
      "sender-role er ikke classification, eller afsenderen er forkert.", remedy: "Correct the sender.",
      "Ret afsenderen.",
      ask: .routes),
    .sortimentVersion: Explanation(
      "A sortiment route with another version than its recipient takes.",
      "En sortimentsrute med en anden version end den, modtageren tager.",
      cause: "SortimentOverfør_2 to a system that handles invoices, say (SF1590_D:TFH223).",
      "Fx SortimentOverfør_2 til et fakturahåndteringssystem (SF1590_D:TFH223).",
      remedy: "Have the route ordered with the right version.", "Få ruten bestilt med den rigtige version.",
      ask: .routes),
    .systemInBothEnvironments: Explanation(
      "A UUID that is used in external test and in production.",
      "Et UUID, der bruges i både ekstern test og produktion.",
      cause: "The settings of one environment were copied to the other.",
      "Det ene miljøs indstillinger er kopieret til det andet.",
      remedy: "Copy the right one from the administration module.", "Kopiér det rigtige fra administrationsmodulet.",
      ask: .own),
    .keyInBothEnvironments: Explanation(
      "A login key that is used in external test and in production.",
      "En login-nøgle, der bruges i både ekstern test og produktion.",
      cause: "The key of external test was taken along to production.",
      "Nøglen fra ekstern test er taget med i produktion.",
      remedy: "Make a key of its own (ssh-keygen) and have it registered.",
      "Lav en egen nøgle (ssh-keygen), og få den registreret.", ask: .routes),
    .uncomparedKey: Explanation(
      "A login key that cannot be read, so that it is not compared with the other environment's keys.",
      "En login-nøgle, der ikke kan læses og derfor ikke er sammenlignet med det andet miljøs nøgler.",
      cause: "A file that is not there, or that only the service's user may read.",
      "En fil, der ikke findes, eller som kun tjenestens bruger må læse.",
      remedy: "Correct key:, or run the check as the service's user.",
      "Ret key:, eller kør kontrollen som tjenestens bruger.", ask: .own),
    .cvrCheckDigit: Explanation(
      "A CVR number whose check digit does not fit.", "Et CVR-nummer, hvis kontrolciffer ikke passer.",
      cause: "A slip, or a number of the test environment.", "En skrivefejl eller et nummer fra testmiljøet.",
      remedy: "Compare it with the business register.", "Sammenlign det med CVR-registret.", ask: .own),
    .municipalityAuthority: Explanation(
      "A CVR number that two municipalities have as their own, or a municipality that has two.",
      "Et CVR-nummer, som to kommuner har som deres eget, eller en kommune, der har to.",
      cause: "A line that was copied, and only one of its two values changed: files would reach another municipality.",
      "En linje, der er kopieret, hvor kun den ene af de to værdier er rettet: filer ville nå en anden kommune.",
      remedy: "Compare the line with the business register.", "Sammenlign linjen med CVR-registret.", ask: .own),
    .unknownTask: Explanation(
      "A task of the record that no integration has.", "En opgave i optegnelsen, som ingen integration har.",
      cause: "TF106 without its integration, or a slip.", "TF106 uden integration eller en skrivefejl.",
      remedy: "Write it with its integration: SF1590_D:TF106.", "Skriv den med integration: SF1590_D:TF106.", ask: .own),
    .undatedTask: Explanation(
      "A task that is recorded as done without date or name.",
      "En opgave, der er optegnet som udført uden dato eller navn.",
      cause: "A record that was written by hand.", "En optegnelse, der er skrevet i hånden.",
      remedy: "Record it again with day and name.", "Optegn den igen med dag og navn.", ask: .own),
    .bothAlternatives: Explanation(
      "Two tasks that exclude each other, both recorded as done; the later one counts.",
      "To opgaver, der udelukker hinanden, begge optegnet som udført; den seneste gælder.",
      cause: "The choice changed, say from reading the sortiment by hand to a subscription (SF1590_D:TF126-A and -B).",
      "Valget er ændret, fx fra at indlæse sortimentet manuelt til et abonnement (SF1590_D:TF126-A og -B).",
      remedy: "Take back the one that is not done (the finding words how).",
      "Tag den tilbage, der ikke er udført (fundet siger hvordan).", ask: .own),
    .recordOfUnknownRoute: Explanation(
      "An entry of the record about a route that the list does not have.",
      "En linje i optegnelsen om en rute, som listen ikke har.",
      cause: "A slip, or a route that was renamed or removed.",
      "En skrivefejl eller en rute, der er omdøbt eller fjernet.", remedy: "Correct the name.", "Ret navnet.", ask: .own
    ),
    .deadRoute: Explanation(
      "A route that is over.", "En rute, der er slut.", cause: "Its valid-to has passed.", "Dens valid-to er passeret.",
      remedy: "Remove the line, and have the route ended.", "Fjern linjen, og få ruten nedlagt.", ask: .routes),
    .doubledRoute: Explanation(
      "Two routes from and to the same.", "To ruter fra og til det samme.",
      cause: "A line that was copied under another name.", "En linje, der er kopieret under et andet navn.",
      remedy: "Keep one.", "Behold den ene.", ask: .own),
    .orderedBeforeApproval: Explanation(
      "A route that was ordered before its service agreement was approved.",
      "En rute, der er bestilt, før dens serviceaftale blev godkendt.",
      cause: "Dates in the wrong order, or an agreement that was never approved.",
      "Datoer i forkert rækkefølge eller en aftale, der aldrig blev godkendt.",
      remedy: "Have the agreement approved first.", "Få aftalen godkendt først.", ask: .routes),
    .changedSinceOrder: Explanation(
      "A route that has changed since its order was recorded.",
      "En rute, der er ændret, efter at dens bestilling blev optegnet.",
      cause: "Another recipient, sender, InfRef or environment in its line, which is another order.",
      "En anden modtager, afsender eller InfRef eller et andet miljø i dens linje, hvilket er en anden bestilling.",
      remedy: "Correct the line, or order the route and record that.", "Ret linjen, eller bestil ruten, og optegn det.",
      ask: .routes),
    .unmonitoredArrival: Explanation(
      "A route that arrives without a watch rule and without ordered monitoring.",
      "En rute ind uden overvågningsregel og uden bestilt overvågning.",
      cause: "A new route, for which neither was made yet.", "En ny rute, hvor ingen af delene er lavet endnu.",
      remedy: "Add one of the two.", "Tilføj en af delene.", ask: .routes),
    .unexpectedFrequency: Explanation(
      "A frequency of the data specification that no watch rule expects.",
      "En hyppighed i dataspecifikationen, som ingen overvågningsregel venter.",
      cause: "A rule that was never made, or a frequency that changed.",
      "En regel, der aldrig er lavet, eller en hyppighed, der er ændret.",
      remedy: "Take the rule that the finding words.", "Brug den regel, som fundet formulerer.", ask: .own),
    .superseded: Explanation(
      "An interface or InfRef whose six months after it was superseded are near their end, or over.",
      "En snitflade eller InfRef, hvis seks måneder efter afløsningen snart er gået eller er gået.",
      cause: "A newer version has taken its place.", "En nyere version har afløst den.",
      remedy: "Take up the new version.", "Tag den nye version i brug.", ask: .infRef),
  ]
}
