package import FilsluseBase

extension DeliveryState {
  /// The meaning of the state, its cause, the remedy, and the contact.
  package var explanation: Explanation {
    switch self {
    case .staged:
      Explanation(
        "The file is read and hashed; nothing of it is on the server yet.",
        "Filen er læst, og dens SHA-256 er beregnet; intet af den er på serveren endnu.",
        cause: "It has just been ordered, or the server could not be reached.",
        "Den er lige bestilt, eller serveren kunne ikke nås.",
        remedy: "The same command goes on; \(.cancel(nil)) gives it up.",
        "Den samme kommando fortsætter; \(.cancel(nil)) opgiver den.", ask: .own)
    case .uploading:
      Explanation(
        "The data is on its way to OUT; without its trigger the platform does nothing with it.",
        "Data er på vej til OUT; uden triggeren gør platformen intet med dem.",
        cause: "The transfer is under way, or was interrupted.", "Overførslen er i gang eller blev afbrudt.",
        remedy: "The same command goes on where it stopped; \(.cancel(nil)) gives it up.",
        "Den samme kommando fortsætter, hvor den slap; \(.cancel(nil)) opgiver den.", ask: .own)
    case .uploaded:
      Explanation(
        "The data is whole in OUT, and its trigger is not there yet.",
        "Data ligger hele i OUT, og triggeren er der ikke endnu.",
        cause: "The work was interrupted between the data and the trigger.",
        "Arbejdet blev afbrudt mellem data og trigger.",
        remedy: "The same command goes on; \(.cancel(nil)) gives it up.",
        "Den samme kommando fortsætter; \(.cancel(nil)) opgiver den.", ask: .own)
    case .armed, .triggering:
      Explanation(
        "The trigger is about to be put into OUT; only a look there shows whether it is.",
        "Triggeren er ved at blive lagt i OUT; kun et blik dér viser, om den er der.",
        cause: "The work was interrupted in the last step.", "Arbejdet blev afbrudt i det sidste skridt.",
        remedy: "The same command looks and goes on; nothing is sent twice.",
        "Den samme kommando ser efter og fortsætter; intet sendes to gange.", ask: .own)
    case .triggered:
      Explanation(
        "Data and trigger are in OUT: it is sent, and the platform has not taken it yet.",
        "Data og trigger ligger i OUT: den er sendt, og platformen har ikke taget den endnu.",
        cause: "The platform fetches from OUT at times of its own.",
        "Platformen henter fra OUT på sine egne tidspunkter.",
        remedy: "Wait for the receipt. If it stays so, ask; do not send it again.",
        "Vent på kvitteringen. Bliver det ved, så spørg; send den ikke igen.", ask: .routes)
    case .taken:
      Explanation(
        "The platform has taken it, and its receipt has not come yet.",
        "Platformen har taget den, og dens kvittering er ikke kommet endnu.",
        cause: "The platform is at work on it.", "Platformen arbejder på den.",
        remedy: "Wait for the receipt.", "Vent på kvitteringen.", ask: .routes)
    case .accepted:
      Explanation(
        "The platform's receipt says that the file was distributed.",
        "Platformens kvittering siger, at filen er fordelt.", cause: "All went well.", "Alt gik godt.",
        remedy: "Nothing.", "Intet.", ask: .recipient)
    case .refused:
      Explanation(
        "The platform's receipt lists errors: the file was not distributed.",
        "Platformens kvittering melder fejl: filen er ikke fordelt.",
        cause: "A route that is not ordered, a wrong InfRef, or another fault that the receipt names.",
        "En rute, der ikke er bestilt, en forkert InfRef eller en anden fejl, som kvitteringen nævner.",
        remedy: "Mend what the receipt says, and try the delivery again (\(.retry(nil))).",
        "Ret det, som kvitteringen nævner, og prøv leveringen igen (\(.retry(nil))).", ask: .routes)
    case .overdue:
      Explanation(
        "The receipt did not come within the time that was given; it may still come.",
        "Kvitteringen kom ikke inden for tiden; den kan stadig komme.",
        cause: "The platform is slow or down, or the receipt was taken by another program.",
        "Platformen er langsom eller nede, eller et andet program har taget kvitteringen.",
        remedy: "Do not send it again yet; ask for the transfer by name and time.",
        "Send den ikke igen endnu; efterlys overførslen med navn og tidspunkt.", ask: .routes)
    case .cancelled:
      Explanation(
        "It was given up before its trigger was complete: the platform never had it.",
        "Den blev opgivet, før triggeren var hel: platformen har aldrig haft den.",
        cause: "A person cancelled it.", "En person har annulleret den.",
        remedy: "Nothing; sent again, it is a new delivery.", "Intet; sendes den igen, er det en ny levering.",
        ask: .own)
    case .givenUp:
      Explanation(
        "Waiting for its receipt was given up: the platform may have it.",
        "Der ventes ikke længere på dens kvittering: platformen har den måske.",
        cause: "A person gave it up so that its name can be used again.",
        "En person har opgivet den, så dens navn kan bruges igen.",
        remedy: "Before it is sent again, ask whether the platform has it. A receipt that comes still counts.",
        "Spørg, om platformen har den, før den sendes igen. Kommer kvitteringen, tæller den stadig.", ask: .routes)
    }
  }
}

extension ArrivalState {
  /// The meaning of the state, its cause, the remedy, and the contact.
  package var explanation: Explanation {
    switch self {
    case .seen:
      Explanation(
        "Its metadata is read and it is expected; its data is not fetched yet.",
        "Dens metadata er læst, og den er ventet; dens data er ikke hentet endnu.",
        cause: "It has just come, or the server could not be reached.",
        "Den er lige kommet, eller serveren kunne ikke nås.",
        remedy: "The next collection goes on (\(.receive)).", "Den næste afhentning fortsætter (\(.receive)).",
        ask: .own)
    case .fetching, .fetched:
      Explanation(
        "Its data is on its way into a temporary file, or whole in it.",
        "Dens data er på vej til en midlertidig fil eller ligger helt i den.",
        cause: "The transfer is under way, or was interrupted.", "Overførslen er i gang eller blev afbrudt.",
        remedy: "The next collection goes on where it stopped (\(.receive)).",
        "Den næste afhentning fortsætter, hvor den slap (\(.receive)).", ask: .own)
    case .verified:
      Explanation(
        "The file lies whole in the inbox folder; its program has not been run for it yet.",
        "Filen ligger hel i indbakkens mappe; dens program er ikke kørt for den endnu.",
        cause: "Other files go before it, or the program could not be started.",
        "Andre filer går forud, eller programmet kunne ikke startes.",
        remedy: "The next collection hands it over (\(.receive)).",
        "Den næste afhentning overdrager den (\(.receive)).",
        ask: .own)
    case .handingOver:
      Explanation(
        "The receiver's program has been started for it, perhaps not for the first time.",
        "Modtagerens program er startet for den, måske ikke første gang.",
        cause: "The program is at work, or it failed and is tried again.",
        "Programmet arbejder, eller det fejlede og prøves igen.",
        remedy: "See the program's own log.", "Se programmets egen log.", ask: .own)
    case .handedOver:
      Explanation(
        "It is the receiver's now; only the copy in IN is left to be removed.",
        "Den er overdraget til modtageren; kun kopien i IN mangler at blive fjernet.",
        cause: "The removal comes next, or the server could not be reached.",
        "Den fjernes som det næste, eller serveren kunne ikke nås.",
        remedy: "The next collection removes it (\(.receive)).", "Den næste afhentning fjerner den (\(.receive)).",
        ask: .own)
    case .removed:
      Explanation(
        "It was handed over, and its copy in IN is gone.", "Den er overdraget, og dens kopi i IN er væk.",
        cause: "All went well.", "Alt gik godt.", remedy: "Nothing.", "Intet.", ask: .own)
    case .quarantined:
      Explanation(
        "It is left in IN, because nothing in the settings expects it.",
        "Den bliver liggende i IN, fordi intet i indstillingerne venter den.",
        cause: "Another sender, authority or InfRef than arrivals: permits; the remark says which.",
        "En anden afsender, myndighed eller InfRef end arrivals: tillader; bemærkningen siger hvilken.",
        remedy: "If it is right, permit it under arrivals:; otherwise tell its sender.",
        "Er den rigtig, så tillad den under arrivals:; ellers sig det til afsenderen.", ask: .sender)
    case .setAside:
      Explanation(
        "It failed too often and waits for a person; what is here of it stays here.",
        "Den er mislykket for tit og venter på en person; det, der er her af den, bliver her.",
        cause: "The receiver's program failed for it again and again; the remark says why.",
        "Modtagerens program fejlede for den gang på gang; bemærkningen siger hvorfor.",
        remedy: "Mend the cause, and take it up again (\(.retry(nil))).",
        "Ret årsagen, og tag den op igen (\(.retry(nil))).", ask: .own)
    case .vanished:
      Explanation(
        "It was gone from IN before it was fetched, and no process of this journal took it.",
        "Den var væk fra IN, før den blev hentet, og ingen proces med denne journal har taget den.",
        cause: "Another program or machine collects from the account, or the platform cleaned up.",
        "Et andet program eller en anden maskine henter fra kontoen, eller platformen har ryddet op.",
        remedy: "Find out who took it; ask the sender for it again.",
        "Find ud af, hvem der har taget den; bed afsenderen om den igen.", ask: .sender)
    }
  }
}
