package import FilsluseBase

extension OpenProblem.Kind {
  /// The meaning of the kind, its usual cause, the remedy, and the contact.
  package var fullExplanation: Explanation {
    func sentence(_ clause: String) -> Remedy { Remedy(clause.prefix(1).uppercased() + clause.dropFirst() + ".") }
    return Explanation(
      .init(sentence(explanation), sentence(danishExplanation)), cause: cause, remedy: .init(remedy.en, remedy.da),
      ask: contact)
  }

  /// The contact for problems of this kind.
  package var contact: Contact {
    switch self {
    case .refused, .overdue, .notCollectable, .accessRefused, .accountStopped, .losesConnection: .routes
    case .quarantined, .different, .vanished: .sender
    default: .own
    }
  }

  private var cause: Explanation.Sentence {
    switch self {
    case .accountStopped:
      .init(
        "A key that is not registered or was changed, or a server with a new host key.",
        "En nøgle, der ikke er registreret eller er udskiftet, eller en server med en ny værtsnøgle.")
    case .inboxNotCollected:
      .init(
        "The unattended run has stopped, or its server could not be reached for long.",
        "Den ubemandede drift er standset, eller dens server har længe ikke kunnet nås.")
    case .folderGone:
      .init("It was moved, or its disk was mounted anew.", "Den er flyttet, eller dens disk er monteret igen.")
    case .journalNotWritable:
      .init("A full disk, or permissions that changed.", "En fuld disk eller rettigheder, der er ændret.")
    case .journalReplaced:
      .init(
        "A backup was put back while a process had it open.",
        "En sikkerhedskopi blev lagt tilbage, mens en proces havde den åben.")
    case .journalDamaged:
      .init(
        "A failing disk, or another program that wrote into it.",
        "En disk, der svigter, eller et andet program har skrevet i den.")
    case .diskFull:
      .init(
        "Files that nobody takes out of inbox or sent, or logs.",
        "Filer, som ingen tager ud af indbakke eller sent, eller logfiler.")
    case .fileRefused:
      .init(
        "A name that the wire cannot carry, and a folder that may not be written to.",
        "Et navn, som serveren ikke kan bære, og en mappe, der ikke må skrives i.")
    case .notPlain:
      .init("Somebody put a link there; no link is followed.", "Nogen har lagt et link dér; links følges ikke.")
    case .secondName:
      .init(
        "A program that hands files over by hard links.", "Et program, der afleverer filer med hårde links.")
    case .unfinishedName:
      .init(
        "The program that writes it ended before it renamed it.",
        "Programmet, der skriver den, sluttede, før det omdøbte den.")
    case .nameTaken:
      .init(
        "The receipt of an earlier delivery of that name never came.",
        "Kvitteringen for en tidligere levering med samme navn er ikke kommet.")
    case .setAside:
      .init(
        "It failed as often as it may: the file's own fault, or its program's.",
        "Den er mislykket, så tit den må: filens egen fejl eller programmets.")
    case .quarantined:
      .init(
        "A sender, an authority or an InfRef that arrivals: does not permit.",
        "En afsender, en myndighed eller en InfRef, som arrivals: ikke tillader.")
    case .different:
      .init(
        "Somebody replaced the file in IN after it was fetched.",
        "Nogen har skiftet filen i IN ud, efter at den blev hentet.")
    case .vanished:
      .init(
        "Another program or machine collects from the same inbox, or the platform cleaned up.",
        "Et andet program eller en anden maskine henter fra samme indbakke, eller platformen har ryddet op.")
    case .notCollectable:
      .init(
        "Its sender was cut off, another program fetched the other half, or the document has a new form.",
        "Afsenderen blev afbrudt, et andet program har hentet den anden halvdel, eller dokumentet har en ny form.")
    case .accessRefused:
      .init(
        "The permissions of the folder IN, or of the file, do not permit it.",
        "Rettighederne til mappen IN eller til filen tillader det ikke.")
    case .losesConnection:
      .init(
        "The server cannot read or write that file, or a scanner on the way ends the connection at it.",
        "Serveren kan ikke læse eller skrive filen, eller en scanner på vejen afbryder forbindelsen ved den.")
    case .hookCannotStart:
      .init(
        "It is missing after a deployment, or is not executable.", "Det mangler efter en udrulning eller må ikke køres."
      )
    case .hookFails:
      .init(
        "A fault of the program, or what it writes to is away.",
        "En fejl i programmet, eller det, som det skriver til, er væk.")
    case .handOverStuck:
      .init(
        "Its route is gone from the settings, or the file from the inbox folder.",
        "Dens rute er væk fra indstillingerne eller filen fra indbakkens mappe.")
    case .refused:
      .init(
        "A route that is not ordered, a wrong InfRef, or another fault that the receipt names.",
        "En rute, der ikke er bestilt, en forkert InfRef eller en anden fejl, som kvitteringen nævner.")
    case .overdue:
      .init(
        "The platform is slow or down, or another program took the receipt.",
        "Platformen er langsom eller nede, eller et andet program har taget kvitteringen.")
    case .missing:
      .init(
        "Somebody took the file out of the folder for taken files.",
        "Nogen har taget filen ud af mappen med tagne filer.")
    case .abandoned:
      .init(
        "A command was interrupted and never run again.", "En kommando blev afbrudt og er ikke kørt igen.")
    case .removedUnfinished:
      .init(
        "The settings were changed while files of it were under way.",
        "Indstillingerne blev ændret, mens der var filer undervejs.")
    case .reloadRefused:
      .init("A mistake in the changed settings.", "En fejl i de ændrede indstillinger.")
    case .alertFails:
      .init(
        "It is missing after a deployment, is not executable, or what it sends to is away.",
        "Det mangler efter en udrulning, må ikke køres, eller det, som det sender til, er væk.")
    case .machineGone:
      .init(
        "The machine, its network or its unattended run has stopped.",
        "Maskinen, dens netværk eller dens ubemandede drift er standset.")
    }
  }
}
