package import FilsluseBase
internal import TriggerFiles

extension Finding.Kind {
  /// The meaning of the kind, its usual cause, the remedy, and the contact; `nil` for an unknown name. The kinds of the
  /// journal's open problems have theirs there.
  package var explanation: Explanation? {
    guard let text = KindText.all[self], let cause = Self.causes[self] else { return nil }
    return Explanation(
      .init(Remedy(text.meaning.en), Remedy(text.meaning.da)), cause: cause,
      remedy: .init(text.englishRemedy, text.danishRemedy), ask: text.contact)
  }

  private static let causes: [Finding.Kind: Explanation.Sentence] = [
    .pickUpLate: .init(
      "The system that is to fetch it has stopped, cannot log in, or does not know the file.",
      "Det system, der skal hente den, er standset, kan ikke logge på eller kender ikke filen."),
    .dataWithoutMetadata: .init(
      "The platform is still writing, or the metadata was fetched alone.",
      "Platformen er ved at skrive, eller metadata er hentet alene."),
    .metadataWithoutData: .init(
      "Another program fetched the data and left the metadata.",
      "Et andet program har hentet data og ladet metadata ligge."),
    .stoppedGrowing: .init("The transfer into IN was cut off.", "Overførslen til IN blev afbrudt."),
    .sizeDiffers: .init(
      "Another file was written over it, or its metadata is another file's.",
      "En anden fil er skrevet oven i den, eller dens metadata hører til en anden fil."),
    .metadataUnreadable: .init(
      "A document of a new form, or one that was cut off.", "Et dokument på en ny form eller et, der er afbrudt."),
    .nearCleanUp: .init(
      "Nobody fetches it, and the platform removes old files.", "Ingen henter den, og platformen sletter gamle filer."),
    .unknownInfRef: .init(
      "A misspelt InfRef, or a new route that the settings do not have yet.",
      "En forkert stavet InfRef eller en ny rute, som indstillingerne ikke har endnu."),
    .unknownSender: .init(
      "A new sender, or a file that was routed wrongly.", "En ny afsender eller en fil, der er rutet forkert."),
    .otherMunicipality: .init(
      "The sender chose the wrong route or the wrong file.",
      "Afsenderen har valgt den forkerte rute eller den forkerte fil."),
    .tooManyFiles: .init(
      "The system that is to fetch them has stopped or is too slow.",
      "Det system, der skal hente dem, er standset eller for langsomt."),
    .tooManyBytes: .init(
      "The system that is to fetch them has stopped or is too slow.",
      "Det system, der skal hente dem, er standset eller for langsomt."),
    .expectedMissing: .init(
      "The sender's job did not run, its delivery was refused, or the rule's time is wrong.",
      "Afsenderens job kørte ikke, leveringen blev afvist, eller reglens tidspunkt er forkert."),
    .tooFewFiles: .init(
      "Some of the sender's deliveries failed or were refused.",
      "Nogle af afsenderens leveringer mislykkedes eller blev afvist."),
    .municipalityMissing: .init(
      "That municipality's route is not ordered, or its file was refused.",
      "Den kommunes rute er ikke bestilt, eller dens fil blev afvist."),
    .notTakenFromOut: .init(
      "The platform is down, or does not recognise the trigger's name.",
      "Platformen er nede eller genkender ikke triggerens navn."),
    .dataWithoutTrigger: .init(
      "The sending was interrupted, or another program writes to OUT.",
      "Afsendelsen blev afbrudt, eller et andet program skriver i OUT."),
    .receiptOverdue: .init(
      "The platform is slow or down, or another program took the receipt.",
      "Platformen er langsom eller nede, eller et andet program har taget kvitteringen."),
    .receiptError: .init(
      "A route that is not ordered, a wrong InfRef, or another fault that the receipt names.",
      "En rute, der ikke er bestilt, en forkert InfRef eller en anden fejl, som kvitteringen nævner."),
    .businessAnswerMissing: .init(
      "The recipient has not handled the file, or its answer was refused.",
      "Modtageren har ikke behandlet filen, eller svaret blev afvist."),
    .loginFailed: .init(
      "A key that is not registered, was changed or cannot be read.",
      "En nøgle, der ikke er registreret, er udskiftet eller ikke kan læses."),
    .hostKeyChanged: .init(
      "The server got a new key, or somebody stands in between.",
      "Serveren har fået en ny nøgle, eller nogen står imellem."),
    .serverUnreachable: .init(
      "The network, a firewall, or a server that is down.", "Nettet, en firewall eller en server, der er nede."),
    .listingFailed: .init(
      "A wrong folder name in the settings, or permissions that changed.",
      "Et forkert mappenavn i indstillingerne eller rettigheder, der er ændret."),
    .journalUnreadable: .init(
      "Permissions, a full disk, or a damaged or replaced file.",
      "Rettigheder, en fuld disk eller en beskadiget eller udskiftet fil."),
    .observationsUnusable: .init(
      "A full disk, permissions, or a damaged file.", "En fuld disk, rettigheder eller en beskadiget fil."),
    .watchGap: .init(
      "The watcher was stopped, or the server could not be reached.",
      "Overvågningen var standset, eller serveren kunne ikke nås."),
    .manyFindings: .init(
      "The system that is to fetch has stopped, or one fault hits many files.",
      "Det system, der skal hente, er standset, eller én fejl rammer mange filer."),
    .test: .init(
      "Somebody asked for a test (\(.testAlerts)).", "Nogen har bedt om en prøve (\(.testAlerts))."),
  ]
}
