package import TriggerFiles

extension OpenProblem.Kind {
  /// The remedy, in sentences for people.
  package var remedy: LocalizedText {
    switch self {
    case .accountStopped:
      LocalizedText(
        da: "Få nøglen registreret, eller få serverens nye nøgle bekræftet ad anden vej; derefter prøves der igen.",
        en: "Have the key registered, or the server's new key confirmed in another way; it is then tried again.")
    case .inboxNotCollected:
      LocalizedText(
        da: "Se efter, om filsluse run kører, og hvad dens log siger.",
        en: "See whether filsluse run is running, and what its log says.")
    case .folderGone:
      LocalizedText(
        da: "Læg mappen tilbage på sin plads, eller navngiv en anden i indstillingerne.",
        en: "Put the folder back in its place, or name another one in the settings.")
    case .journalNotWritable:
      LocalizedText(
        da: "Se efter plads på disken og rettigheder til journalen.",
        en: "Look for room on the disk and permissions of the journal.")
    case .journalReplaced, .journalDamaged:
      LocalizedText(
        da: "Læg journalen eller en sikkerhedskopi tilbage; filsluse journal check viser, hvad der mangler.",
        en: "Put the journal or a backup back; filsluse journal check shows what is missing.")
    case .diskFull: LocalizedText(da: "Skaf plads på disken.", en: "Make room on the disk.")
    case .fileRefused, .notPlain, .secondName:
      LocalizedText(
        da: "Flyt filen ud af mappen, ret det, som detaljerne nævner, og læg den tilbage.",
        en: "Move the file out of the folder, mend what the details say, and put it back.")
    case .unfinishedName:
      LocalizedText(
        da: "Giv filen dens endelige navn, hvis den er færdig, eller fjern den.",
        en: "Give the file its final name if it is finished, or remove it.")
    case .nameTaken:
      LocalizedText(
        da: "Se efter, hvorfor den anden leverings kvittering ikke kommer.",
        en: "See why the receipt of the other delivery does not come.")
    case .setAside:
      LocalizedText(
        da: "Ret det, som detaljerne nævner, og kør filsluse retry med dens nummer.",
        en: "Mend what the details say, and run filsluse retry with its number.")
    case .quarantined:
      LocalizedText(
        da: "Ret det, som detaljerne nævner, i indstillingerne eller hos afsenderen.",
        en: "Mend what the details say, in the settings or with the sender.")
    case .different, .vanished:
      LocalizedText(
        da: "Find ud af, hvem der ellers henter fra indbakken, og bed afsenderen om filen igen.",
        en: "Find out who else collects from the inbox, and ask the sender for the file again.")
    case .losesConnection:
      LocalizedText(
        da: "Filen prøves igen efter de andre; bed om en ny, hvis den bliver ved.",
        en: "The file is tried again after the others; ask for a new one if it goes on.")
    case .hookCannotStart, .hookFails, .handOverStuck:
      LocalizedText(
        da: "Se programmets egen log og dets sti i indstillingerne; filerne venter og overdrages igen.",
        en: "See the program's own log and its path in the settings; the files wait and are handed over again.")
    case .refused:
      LocalizedText(
        da: "Ret det, som kvitteringen nævner, og kør filsluse retry med leveringens nummer.",
        en: "Mend what the receipt says, and run filsluse retry with the delivery's number.")
    case .overdue:
      LocalizedText(
        da: "Send ikke filen igen endnu; efterlys overførslen.", en: "Do not send it again yet; ask for the transfer.")
    case .missing, .abandoned:
      LocalizedText(
        da: "Gør leveringen færdig med filsluse retry, eller afslut den med filsluse cancel.",
        en: "Finish the delivery with filsluse retry, or end it with filsluse cancel.")
    case .removedUnfinished:
      LocalizedText(
        da: "Sæt kontoen eller mappen ind i indstillingerne igen, eller luk punktet med filsluse status --close.",
        en: "Name the account or folder in the settings again, or close it with filsluse status --close.")
    case .reloadRefused:
      LocalizedText(
        da: "Ret indstillingerne; loggen fra filsluse run siger, hvor fejlen er.",
        en: "Mend the settings; the log of filsluse run says where the fault is.")
    }
  }
}
