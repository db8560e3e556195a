package import FilsluseBase

extension OpenProblem.Kind {
  /// The remedy, as a sentence in each language.
  package var remedy: (da: Remedy, en: Remedy) {
    switch self {
    case .accountStopped:
      (
        da: "Få nøglen registreret, eller få serverens nye nøgle bekræftet ad anden vej; derefter prøves der igen.",
        en: "Have the key registered, or the server's new key confirmed in another way; it is then tried again."
      )
    case .inboxNotCollected:
      (
        da: "Se efter, om \(.run) kører, og hvad dens log siger.",
        en: "See whether \(.run) is running, and what its log says."
      )
    case .folderGone:
      (
        da: "Læg mappen tilbage på sin plads, eller navngiv en anden i indstillingerne.",
        en: "Put the folder back in its place, or name another one in the settings."
      )
    case .journalNotWritable:
      (
        da: "Se efter plads på disken og rettigheder til journalen.",
        en: "Look for room on the disk and permissions of the journal."
      )
    case .journalReplaced, .journalDamaged:
      (
        da: "Læg journalen eller en sikkerhedskopi tilbage; \(.checkJournal) viser, hvad der mangler.",
        en: "Put the journal or a backup back; \(.checkJournal) shows what is missing."
      )
    case .diskFull: (da: "Skaf plads på disken.", en: "Make room on the disk.")
    case .fileRefused, .notPlain, .secondName:
      (
        da: "Flyt filen ud af mappen, ret det, som detaljerne nævner, og læg den tilbage.",
        en: "Move the file out of the folder, mend what the details say, and put it back."
      )
    case .unfinishedName:
      (
        da: "Giv filen dens endelige navn eller dens klar-mærke, hvis den er færdig, eller fjern den.",
        en: "Give the file its final name or its ready-marker if it is finished, or remove it."
      )
    case .nameTaken:
      (
        da: "Se efter, hvorfor den anden leverings kvittering ikke kommer.",
        en: "See why the receipt of the other delivery does not come."
      )
    case .setAside:
      (
        da: "Ret det, som detaljerne nævner, og kør \(.retry(nil)) med dens nummer.",
        en: "Mend what the details say, and run \(.retry(nil)) with its number."
      )
    case .quarantined:
      (
        da: "Ret det, som detaljerne nævner, i indstillingerne eller hos afsenderen.",
        en: "Mend what the details say, in the settings or with the sender."
      )
    case .different, .vanished:
      (
        da: "Find ud af, hvem der ellers henter fra indbakken, og bed afsenderen om filen igen.",
        en: "Find out who else collects from the inbox, and ask the sender for the file again."
      )
    case .notCollectable:
      (
        da: "Spørg platformens helpdesk om filen; den hentes, når den er hel.",
        en: "Ask the platform's help desk about the file; it is collected when it is whole."
      )
    case .accessRefused:
      (
        da: "Bed platformens helpdesk om ret til at læse og fjerne filen; der prøves igen af sig selv.",
        en: "Ask the platform's help desk for the right to read and remove the file; it is tried again by itself."
      )
    case .losesConnection:
      (
        da: "Filen prøves igen efter de andre; bed om en ny, hvis den bliver ved.",
        en: "The file is tried again after the others; ask for a new one if it goes on."
      )
    case .hookCannotStart, .hookFails, .handOverStuck:
      (
        da: "Se programmets egen log og dets sti i indstillingerne; filerne venter og overdrages igen.",
        en: "See the program's own log and its path in the settings; the files wait and are handed over again."
      )
    case .refused:
      (
        da: "Ret det, som kvitteringen nævner, og kør \(.retry(nil)) med leveringens nummer.",
        en: "Mend what the receipt says, and run \(.retry(nil)) with the delivery's number."
      )
    case .overdue:
      (
        da: "Send ikke filen igen endnu; efterlys overførslen.", en: "Do not send it again yet; ask for the transfer."
      )
    case .missing, .abandoned:
      (
        da: "Gør leveringen færdig med \(.retry(nil)), eller afslut den med \(.cancel(nil)).",
        en: "Finish the delivery with \(.retry(nil)), or end it with \(.cancel(nil))."
      )
    case .removedUnfinished:
      (
        da: "Sæt kontoen eller mappen ind i indstillingerne igen, eller luk punktet med \(.closeProblem(nil)).",
        en: "Name the account or folder in the settings again, or close it with \(.closeProblem(nil))."
      )
    case .reloadRefused:
      (
        da: "Ret indstillingerne; loggen fra \(.run) siger, hvor fejlen er.",
        en: "Mend the settings; the log of \(.run) says where the fault is."
      )
    case .alertFails:
      (
        da: "Ret programmet eller dets sti under alert: i indstillingerne; alarmerne sendes derefter.",
        en: "Mend the program, or its path under alert: in the settings; the alerts are sent then."
      )
    case .machineGone:
      (
        da: "Start maskinen og \(.run) på den; kommer den ikke igen, så følg guiden om en journal på en server.",
        en: "Start the machine and \(.run) on it; if it never comes back, follow the guide on a journal on a server."
      )
    }
  }
}

extension Remedy {
  /// The two ways to end an unfinished delivery that no process is working on.
  static func retryOrCancel(_ number: String) -> Remedy {
    "\(.retry(number)) finishes it, \(.cancel(number)) ends it"
  }
}
