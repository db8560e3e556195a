package import FilsluseBase

extension ExchangeError.Code {
  /// The meaning of the code, its usual cause, the remedy, and the contact.
  package var explanation: Explanation {
    switch self {
    case .localFile:
      explained(
        "Reading or writing on this machine failed.",
        cause: "A full disk, or permissions of the file or its folder.",
        "En fuld disk eller rettigheder til filen eller mappen.",
        remedy: "Look for room and permissions; then the same command goes on.",
        "Se efter plads og rettigheder; så fortsætter den samme kommando.")
    case .fileUnreadable:
      explained(
        "One local file cannot be read.", cause: "Its permissions, or a failing disk.",
        "Dens rettigheder eller en disk, der svigter.", remedy: "Let the running user read it.",
        "Giv brugeren ret til at læse den.")
    case .notPlain:
      explained(
        "A link, or something else that is no plain file, has a file's name.",
        cause: "Somebody put a symbolic link into a folder of ours; no link is followed.",
        "Nogen har lagt et symbolsk link i en af mapperne; links følges ikke.",
        remedy: "Put a copy of the file in the link's place.", "Læg en kopi af filen i linkets sted.")
    case .secondName:
      explained(
        "A file has a second name, by which others may change it while it is sent.",
        cause: "A program that hands files over by hard links, or a backup made of them.",
        "Et program, der afleverer filer med hårde links, eller en sikkerhedskopi lavet af dem.",
        remedy: "Remove the other name, or put a copy in its place; it is then sent.",
        "Fjern det andet navn, eller læg en kopi i stedet; så sendes den.")
    case .folderGone:
      explained(
        "A folder that was opened is gone, is another one now, or cannot be used.",
        cause: "It was moved, or the disk under it was mounted anew.",
        "Den er flyttet, eller disken under den er monteret igen.",
        remedy: "Put the folder back, or name another one in the settings.",
        "Læg mappen tilbage, eller nævn en anden i indstillingerne.")
    case .fileChanged:
      explained(
        "A local file changed while it was being sent.", cause: "The program that writes it was not done yet.",
        "Programmet, der skriver den, var ikke færdigt.",
        remedy: "Send it when it is whole: write it under another name and rename it, or use a ready-marker.",
        "Send den, når den er hel: skriv den under et andet navn og omdøb den, eller brug ready-marker.")
    case .diskFull:
      explained(
        "The disk has no room for a file.", cause: "The disk, its quota, or its number of files is used up.",
        "Disken, kvoten eller antallet af filer er brugt op.",
        remedy: "Free some room; then the same command, or the daemon by itself, goes on.",
        "Skaf plads; så fortsætter den samme kommando, eller dæmonen af sig selv.")
    case .watchDatabase:
      explained(
        "The watcher's own database cannot be opened, read or written.",
        cause: "A full disk, or a file that belongs to another user.",
        "En fuld disk eller en fil, der hører til en anden bruger.",
        remedy: "Look for room and for the file's owner.", "Se efter plads og efter, hvem der ejer filen.")
    case .watchSchema:
      explained(
        "The watcher's own database has a schema that this version of Filsluse does not read.",
        cause: "Another version of Filsluse wrote it, or another program's database has its place.",
        "En anden version af Filsluse har skrevet den, eller et andet programs database ligger i dens sted.",
        remedy: "Install the version that wrote it, or name another file under watch: database:; it stays as it is.",
        "Installér den version, der skrev den, eller nævn en anden fil under watch: database:; den bliver, som den er.")
    case .actNotShared:
      explained(
        "An acknowledgement or a silence is recorded on this machine alone; the other machines with the journal do not have it.",
        cause: "The journal's server did not answer in time, or another machine took the lead of the watch.",
        "Journalens server svarede ikke i tide, eller en anden maskine overtog ledelsen af overvågningen.",
        remedy: "See whether it holds when the server answers; if not, do it again.",
        "Se efter, om det gælder, når serveren svarer; ellers gør det igen.")
    case .fileMissing:
      explained(
        "A local file that was named is not there.", cause: "A slip in the path, or a file that was moved meanwhile.",
        "En skrivefejl i stien eller en fil, der er flyttet imens.", remedy: "Name the file where it is.",
        "Nævn filen, hvor den er.")
    case .journalFull:
      explained(
        "The disk of the journal has no room for more.", cause: "The disk or its quota is used up.",
        "Disken eller kvoten er brugt op.",
        remedy: "Free some room: nothing is sent or collected that cannot be written down.",
        "Skaf plads: intet sendes eller hentes, som ikke kan skrives ned.")
    case .journalDamaged:
      explained(
        "The journal is damaged.", cause: "A failing disk, or a file that was copied while it was written.",
        "En disk, der svigter, eller en fil, der blev kopieret, mens der blev skrevet i den.",
        remedy: "\(.checkJournal) shows the damage, \(.restoreJournal(from: nil)) puts a backup in its place.",
        "\(.checkJournal) viser skaden, \(.restoreJournal(from: nil)) lægger en sikkerhedskopi i dens sted.")
    case .journalOutdated:
      explained(
        "The journal is an older copy, or another one: it ends before what was written last.",
        cause: "A backup was copied into its place, or the machine was set back.",
        "En sikkerhedskopi er kopieret i dens sted, eller maskinen er sat tilbage.",
        remedy:
          "Put the newest journal back, or take the copy by \(.restoreJournal(from: nil)), which doubles no file.",
        "Læg den nyeste journal tilbage, eller tag kopien med \(.restoreJournal(from: nil)), som ikke fordobler filer.")
    case .journalReplaced:
      explained(
        "The journal's file was removed, moved or replaced while a process had it open.",
        cause: "A backup, a clean-up or a deployment touched it.",
        "En sikkerhedskopiering, en oprydning eller en udrulning rørte den.",
        remedy: "Put the file back and start again; nothing goes on without it.",
        "Læg filen tilbage, og start igen; intet fortsætter uden den.")
    case .journalSchema:
      explained(
        "The journal has a schema that this version of Filsluse does not read.",
        cause: "Another version of Filsluse wrote it, or another program's database has its place.",
        "En anden version af Filsluse har skrevet den, eller et andet programs database ligger i dens sted.",
        remedy:
          "Install the version that wrote it, the same on all machines of one journal; the error names both versions.",
        "Installér den version, der skrev den, den samme på alle maskiner med én journal; fejlen nævner begge versioner."
      )
    case .journal:
      explained(
        "The journal cannot be opened, read or written.",
        cause: "A full disk, permissions, another file in its place, or damage.",
        "En fuld disk, rettigheder, en anden fil i dens sted eller en skade.",
        remedy:
          "See the cause in the error; \(.checkJournal) finds damage, \(.restoreJournal(from: nil)) puts a backup back.",
        "Se årsagen i fejlen; \(.checkJournal) finder skader, \(.restoreJournal(from: nil)) lægger en sikkerhedskopi tilbage."
      )
    case .invalidSettings:
      explained(
        "The settings cannot be used, or not while this run goes on.",
        cause: "A mistake in the file, or a changed journal or inbox, which only a new start takes up.",
        "En fejl i filen eller en anden journal eller indbakke, som kun en ny start tager i brug.",
        remedy: "Mend what the error names; for another journal or inbox, start anew.",
        "Ret det, som fejlen nævner; for en anden journal eller indbakke: start forfra.")
    case .unknownDelivery:
      explained(
        "The journal knows no delivery of that number.",
        cause: "A slip in the number, another journal, or a delivery that retention has removed.",
        "En skrivefejl i nummeret, en anden journal eller en levering, som er slettet efter keep:.",
        remedy: "\(.listJournal) shows the numbers.", "\(.listJournal) viser numrene.")
    case .unknownArrival:
      explained(
        "The journal knows no arrival of that number.",
        cause: "A slip in the number, another journal, or an arrival that retention has removed.",
        "En skrivefejl i nummeret, en anden journal eller en modtagelse, som er slettet efter keep:.",
        remedy: "\(.listJournal) shows the numbers.", "\(.listJournal) viser numrene.")
    case .committed:
      explained(
        "The platform may have the delivery already.", cause: "Its trigger is in OUT, or was.",
        "Dens trigger ligger eller lå i OUT.",
        remedy: "Wait for the receipt; if it never comes, stop waiting for it (\(.giveUp("D12"))).",
        "Vent på kvitteringen; kommer den aldrig, så hold op med at vente (\(.giveUp("D12"))).", ask: .routes)
    case .invalidDelivery:
      explained(
        "The name, the trigger or the list is not one that may be sent.",
        cause:
          "A name that the wire cannot carry, a value of the route that no trigger can have, or a bad line of a list.",
        "Et navn, som serveren ikke kan bære, en værdi i ruten, som ingen trigger kan have, eller en forkert linje i en liste.",
        remedy: "Correct what the error names; nothing was sent.", "Ret det, som fejlen nævner; intet er sendt.")
    case .wrongMunicipality:
      explained(
        "The file's name says two municipalities, or another than its route's.",
        cause: "The wrong route, the wrong file, or a number in the name that only looks like a municipality.",
        "Den forkerte rute, den forkerte fil eller et tal i navnet, der kun ligner en kommune.",
        remedy: "Send it by its own route; if the file does hold the route's municipality, state so.",
        "Send den ad sin egen rute; indeholder filen faktisk rutens kommune, så oplys det.")
    case .routeNotCleared:
      explained(
        "The route register says that the route may not be used in production yet, or no more.",
        cause: "The InfRef is not created, the order is not confirmed, or valid-to has passed.",
        "InfRef er ikke oprettet, ordren er ikke bekræftet, eller valid-to er passeret.",
        remedy: "Record what was confirmed; in need, give a reason in the order\(by: .overrideRefusal).",
        "Optegn det, der er bekræftet; giv i nødsfald en begrundelse i ordren\(by: .overrideRefusal).", ask: .infRef)
    case .nameTaken:
      explained(
        "Another file in OUT, or another delivery under way, already has that name.",
        cause: "The receipt of the earlier delivery has not come, or another program writes to OUT.",
        "Den tidligere leverings kvittering er ikke kommet, eller et andet program skriver i OUT.",
        remedy: "Wait for the earlier one, or give the file another name.",
        "Vent på den tidligere, eller giv filen et andet navn.", ask: .routes)
    case .claimedElsewhere:
      explained(
        "Another process is at work on the same delivery or arrival.",
        cause: "The unattended run, or a second command on the same journal, perhaps on another machine.",
        "Den ubemandede drift eller en anden kommando på samme journal, måske på en anden maskine.",
        remedy: "Nothing: the other process finishes it.", "Intet: den anden proces gør den færdig.")
    case .cancelled:
      explained(
        "The work was cancelled; the journal holds how far it came.", cause: "The command was interrupted.",
        "Kommandoen blev afbrudt.", remedy: "Run it again; it goes on where it stopped.",
        "Kør den igen; den fortsætter, hvor den slap.")
    case .unknownRoute:
      explained(
        "No route or account of that name stands in the settings.",
        cause: "A slip in the name, or the settings of another system.",
        "En skrivefejl i navnet eller et andet systems indstillinger.",
        remedy: "Use a name that the error lists, or add the route.",
        "Brug et navn, som fejlen nævner, eller tilføj ruten.")
    case .invalidDocument:
      explained(
        "A document that came from the platform is not one that the contract knows.",
        cause: "A receipt or metadata of a new form, or a file of another kind under such a name.",
        "En kvittering eller metadata på en ny form eller en anden slags fil under et sådant navn.",
        remedy: "Look at the document; it stays where it is.", "Se på dokumentet; det bliver liggende.", ask: .routes)
    case .notWhole:
      explained(
        "The files in IN are incomplete: data without metadata, metadata without data, or another size.",
        cause: "The platform is still writing, or the sender's transfer was cut off.",
        "Platformen er ved at skrive, eller afsenderens overførsel blev afbrudt.",
        remedy: "Nothing at first: they are looked at again. If it lasts, ask.",
        "Intet i første omgang: der ses efter igen. Bliver det ved, så spørg.", ask: .routes)
    case .sizeMismatch:
      explained(
        "More or fewer bytes came than the metadata says.",
        cause: "The file changed in IN, or was cut off on its way there.",
        "Filen er ændret i IN eller blev afbrudt på vejen dertil.",
        remedy: "Do not use the file; ask its sender for a whole one.", "Brug ikke filen; bed afsenderen om en hel.",
        ask: .sender)
    case .passphraseMissing:
      explained(
        "The passphrase of a key is not available.",
        cause: "The variable or the file that should hold it is not there.",
        "Variablen eller filen, der skulle have den, er der ikke.",
        remedy: "See where passphrase: of the account takes it from.", "Se, hvor kontoens passphrase: henter den.")
    case .remoteDiffers:
      explained(
        "The file on the server is not the one that the journal recorded.",
        cause: "Another program wrote to the folder, or one id stands for two files.",
        "Et andet program har skrevet i mappen, eller ét id står for to filer.",
        remedy: "Nothing is removed; find out who wrote it.", "Intet fjernes; find ud af, hvem der har skrevet den.",
        ask: .routes)
    case .accountStopped:
      explained(
        "The account's key or the server's host key was refused, and nothing goes over it.",
        cause: "A key that is not registered, or a server with a new host key.",
        "En nøgle, der ikke er registreret, eller en server med en ny værtsnøgle.",
        remedy: "Have the key registered, or the new host key confirmed in another way; then it is tried again.",
        "Få nøglen registreret eller den nye værtsnøgle bekræftet ad anden vej; så prøves der igen.", ask: .routes)
    case .hookFailed:
      explained(
        "The receiver's program did not take a file over.",
        cause: "A fault of the program, or what it writes to is away.",
        "En fejl i programmet, eller det, som det skriver til, er væk.",
        remedy: "See the program's own log; it is tried again.", "Se programmets egen log; der prøves igen.")
    case .hookNotStarted:
      explained(
        "The receiver's program could not be started.",
        cause: "It is missing after a deployment, or is not executable.",
        "Det mangler efter en udrulning eller må ikke køres.",
        remedy: "Put the program back; the files wait, and no try is counted.",
        "Læg programmet tilbage; filerne venter, og intet forsøg tælles.")
    case .vanished:
      explained(
        "A file was gone from IN, and no process of this journal took it.",
        cause: "Another machine or program collects from the same account, or the platform cleaned up.",
        "En anden maskine eller et andet program henter fra samme konto, eller platformen har ryddet op.",
        remedy: "Find out who else collects; ask the sender for the file again.",
        "Find ud af, hvem der ellers henter; bed afsenderen om filen igen.", ask: .sender)
    case .transfer:
      explained(
        "The server or the connection failed.",
        cause: "The error names the code of the connection, which is explained too.",
        "Fejlen nævner forbindelsens kode, som også er forklaret.",
        remedy: "See that code; what passes is tried again.", "Se den kode; det, der går over, prøves igen.",
        ask: .routes)
    }
  }

  /// Joins the sentences; the Danish meaning is that of the code's errors.
  private func explained(
    _ meaning: Remedy, cause: Remedy, _ danishCause: Remedy, remedy: Remedy, _ danishRemedy: Remedy,
    ask contact: Contact = .own
  ) -> Explanation {
    Explanation(
      meaning, "\(danish(at: "")).", cause: cause, danishCause, remedy: remedy, danishRemedy, ask: contact)
  }
}
