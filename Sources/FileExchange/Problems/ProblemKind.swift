extension OpenProblem {
  /// The kind of problem; its name is stable and used in JSON, alerts and `filsluse status`. More may be added.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// An account's key, or its server's host key, was refused. The login is retried after growing pauses and on a
    /// reload; resolved when a connection is made.
    case accountStopped = "account-stopped"
    /// An account's IN has not been looked into for a long time; resolved by the next look.
    case inboxNotCollected = "inbox-not-collected"
    /// A watched folder, or the folder for taken files in it, is gone or is another one; resolved when it can be used.
    case folderGone = "folder-gone"
    /// The journal cannot be written; resolved by the next step that it takes.
    case journalNotWritable = "journal-not-writable"
    /// The journal was removed, moved or replaced; all work stops until it is put back.
    case journalReplaced = "journal-replaced"
    /// The journal is damaged, until a backup takes its place or a person closes it (`--close journal`).
    case journalDamaged = "journal-damaged"
    /// A disk is full, or has no room for a file that waits; resolved when there is room.
    case diskFull = "disk-full"
    /// A file in a watched folder can neither be sent nor set aside; resolved when it is gone from there.
    case fileRefused = "file-refused"
    /// A symbolic link, another entry that is no regular file, or a file that was not taken is in the folder for taken
    /// files; resolved when it is gone.
    case notPlain = "not-plain"
    /// A file is not sent because it has had a second name (a hard link) for long; resolved when it has only one.
    case secondName = "second-name"
    /// A file is not sent because it has had a hidden name, one for unfinished files, or no ready-marker for long, or a
    /// ready-marker has had no file; resolved when it is gone, renamed or marked.
    case unfinishedName = "unfinished-name"
    /// A file waits for its name in OUT, which another delivery has held for longer than a receipt may take.
    case nameTaken = "name-taken"
    /// A file could not be sent or handed over, and was set aside; resolved when it is sent or handed over again, is
    /// taken out of the folder `set-aside`, or is closed.
    case setAside = "set-aside"
    /// An arrival is left in IN, because no way in expects it.
    case quarantined
    /// A file in IN differs from the one fetched under its id; it stays there.
    case different
    /// An arrival was gone from IN before it was fetched, and no process of this journal took it.
    case vanished
    /// A file has stayed in IN for long because it cannot be collected: half a pair, or a document that cannot be read;
    /// resolved when it is collected, quarantined, set aside or gone.
    case notCollectable = "not-collectable"
    /// A file has stayed in IN for long because the server refuses to give it or to remove it; resolved as
    /// ``notCollectable`` is.
    case accessRefused = "access-refused"
    /// The connection was repeatedly lost at one file, which is tried after all others, alone and after growing pauses;
    /// resolved when it gets through or is gone.
    case losesConnection = "loses-connection"
    /// The program that takes arrivals over cannot be started, for example because it is missing after a deployment.
    /// Its files stay in the inbox and are handed over when it can be started; resolved then.
    case hookCannotStart = "hook-cannot-start"
    /// The program that takes arrivals over fails; resolved when it succeeds, or the file is set aside.
    case hookFails = "hook-fails"
    /// An arrival in the inbox cannot be given to any program, as its route is gone from the settings, say.
    case handOverStuck = "hand-over-stuck"
    /// The platform has refused a delivery; resolved by a later delivery of the same name and route, or by closing.
    case refused
    /// A delivery's receipt has not come in time; resolved when it comes.
    case overdue
    /// A delivery is unfinished, and its file is in no watched folder.
    case missing
    /// A delivery is unfinished, and no process is working on it.
    case abandoned
    /// An account or a watched folder with unfinished work was removed from the settings. The work stays, and goes on
    /// when the settings name it again.
    case removedUnfinished = "removed-unfinished"
    /// A reload was refused; the previous settings are in force. Resolved by the next accepted reload.
    case reloadRefused = "reload-refused"
    /// The program that alerts people (`alert:`) cannot be started, or fails: the alerts wait for it. Resolved when it
    /// takes one. A watcher alerts people to it; the program itself does not.
    case alertFails = "alert-fails"
    /// A machine that shares a journal on a server has been gone for long, and files wait for it; resolved when it is
    /// back, or another machine has its work.
    case machineGone = "machine-gone"

    /// The meaning of the kind, in a sentence for people.
    public var explanation: String {
      switch self {
      case .accountStopped: "the account's key or the server's host key was refused; nothing goes over it"
      case .inboxNotCollected: "IN has not been looked into for a long time"
      case .folderGone: "a watched folder is gone or is another one"
      case .journalNotWritable: "the journal cannot be written"
      case .journalReplaced: "the journal was removed, moved or replaced while it was open"
      case .journalDamaged: "the journal is damaged"
      case .diskFull: "a disk is full, or has no room for a file that waits"
      case .fileRefused: "a file in a watched folder can neither be sent nor set aside"
      case .notPlain: "a link, or something else that is no plain file, lies among the taken files"
      case .secondName: "a file is not sent because it has a second name (a hard link)"
      case .unfinishedName:
        "a file is not sent because it has a hidden name, one for unfinished files, or no ready-marker"
      case .nameTaken: "a file waits for its name in OUT, which another delivery holds"
      case .setAside: "a file was set aside, because it cannot be sent or handed over"
      case .quarantined: "an arrival is left in IN, because nothing expects it"
      case .different: "something in IN is not what was fetched under its id"
      case .vanished: "a file was gone from IN before it was fetched"
      case .notCollectable: "a file stays in IN: it is half a pair or cannot be read"
      case .accessRefused: "a file stays in IN: the server refuses to give it or to remove it"
      case .losesConnection: "the connection is lost whenever it comes to one file; the others go before it"
      case .hookCannotStart: "the program that takes arrivals over cannot be started"
      case .hookFails: "the program that takes arrivals over fails"
      case .handOverStuck: "an arrival in the inbox cannot be given to any program"
      case .refused: "the platform has refused a delivery"
      case .overdue: "a receipt has not come in time"
      case .missing: "a delivery is unfinished, and its file lies in no watched folder"
      case .abandoned: "a delivery is unfinished, and no process is at work on it"
      case .removedUnfinished: "something is unfinished of what the settings have no more"
      case .reloadRefused: "new settings were refused; those of before are in force"
      case .alertFails: "the program that alerts people fails; the alerts wait for it"
      case .machineGone: "a machine that shares the journal is gone, and files wait for it"
      }
    }

    /// The explanation in Danish.
    public var danishExplanation: String {
      switch self {
      case .accountStopped: "kontoens nøgle eller serverens værtsnøgle blev afvist; intet går gennem kontoen"
      case .inboxNotCollected: "der er længe ikke set efter filer i IN"
      case .folderGone: "en overvåget mappe er væk eller er en anden"
      case .journalNotWritable: "der kan ikke skrives i journalen"
      case .journalReplaced: "journalen blev fjernet, flyttet eller skiftet ud, mens den var i brug"
      case .journalDamaged: "journalen er beskadiget"
      case .diskFull: "en disk er fuld eller har ikke plads til en fil, der venter"
      case .fileRefused: "en fil i en overvåget mappe kan hverken sendes eller lægges til side"
      case .notPlain: "der ligger et link eller andet end en almindelig fil blandt de filer, der er taget"
      case .secondName: "en fil sendes ikke, fordi den har et navn mere (et hårdt link)"
      case .unfinishedName:
        "en fil sendes ikke, fordi den har et skjult navn, et navn for ufærdige filer eller intet klar-mærke"
      case .nameTaken: "en fil venter på sit navn i OUT, som en anden levering optager"
      case .setAside: "en fil er lagt til side, fordi den ikke kan sendes eller overdrages"
      case .quarantined: "en fil bliver liggende i IN, fordi ingen regel venter den"
      case .different: "noget i IN er ikke det, der blev hentet under samme id"
      case .vanished: "en fil var væk fra IN, før den blev hentet"
      case .notCollectable: "en fil bliver liggende i IN: den er et halvt par eller kan ikke læses"
      case .accessRefused: "en fil bliver liggende i IN: serveren vil ikke give den eller fjerne den"
      case .losesConnection: "forbindelsen går tabt, hver gang en bestemt fil er på vej; de andre går forud for den"
      case .hookCannotStart: "programmet, der skal overtage filerne, kan ikke startes"
      case .hookFails: "programmet, der skal overtage filerne, fejler"
      case .handOverStuck: "en fil i indbakken kan ikke gives til noget program"
      case .refused: "platformen har afvist en levering"
      case .overdue: "en kvittering er ikke kommet til tiden"
      case .missing: "en levering er ikke færdig, og dens fil ligger ikke i nogen overvåget mappe"
      case .abandoned: "en levering er ikke færdig, og ingen proces arbejder på den"
      case .removedUnfinished: "noget er ikke færdigt af det, der er taget ud af indstillingerne"
      case .reloadRefused: "nye indstillinger blev afvist; de gamle gælder"
      case .alertFails: "programmet, der sender alarmer, fejler; alarmerne venter på det"
      case .machineGone: "en maskine, der deler journalen, er væk, og filer venter på den"
      }
    }

    /// True if files are lost or blocked until a person acts, so that it cannot wait until the morning.
    public var isCritical: Bool {
      switch self {
      case .quarantined, .secondName, .nameTaken, .overdue, .removedUnfinished, .reloadRefused, .notPlain,
        .losesConnection, .abandoned, .missing, .notCollectable, .accessRefused:
        false
      default: true
      }
    }

    /// True if a person may close it, because it does not end by itself once it was dealt with in another way.
    public var canBeClosed: Bool {
      switch self {
      case .refused, .quarantined, .setAside, .different, .vanished, .missing, .notPlain, .fileRefused,
        .losesConnection, .notCollectable, .accessRefused, .removedUnfinished, .journalDamaged:
        true
      default: false
      }
    }
  }
}
