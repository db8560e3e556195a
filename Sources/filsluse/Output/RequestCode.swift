import FilsluseBase

/// The exact kind of an error about a request of a command's own: it names something that there is not, or asks for
/// something that cannot be done now.
enum RequestCode: String, CaseIterable {
  case unknownAlert = "unknown-alert"
  case unknownGroup = "unknown-alert-group"
  case alertUnchanged = "alert-unchanged"
  case silenceRefused = "silence-refused"
  case unknownSilence = "unknown-silence"
  case unknownNumber = "unknown-number"
  case nothingFound = "nothing-found"
  case nothingToClose = "nothing-to-close"
  case unknownCode = "unknown-code"
  case unknownIntegration = "unknown-integration"
  case unknownTask = "unknown-task"
  case unknownName = "unknown-name"

  /// The meaning of the code, its usual cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .unknownAlert:
      Explanation(
        "There is no alert of that number.", "Der er ingen alarm med det nummer.",
        cause: "A slip, or an alert that was over for 90 days and is forgotten.",
        "En skrivefejl eller en alarm, der har været overstået i 90 dage og er glemt.",
        remedy: "See the numbers in alerts list.", "Se numrene i alerts list.", ask: .own)
    case .unknownGroup:
      Explanation(
        "No open alert is in that group.", "Ingen åben alarm er i den gruppe.",
        cause: "All of its alerts are over or acknowledged.", "Alle dens alarmer er overstået eller kvitteret.",
        remedy: "See the groups in alerts groups.", "Se grupperne i alerts groups.", ask: .own)
    case .alertUnchanged:
      Explanation(
        "The alert cannot be changed that way; nothing was changed.",
        "Alarmen kan ikke ændres på den måde; intet er ændret.",
        cause: "It is acknowledged already, over, or was not sent yet; the message says by whom and when.",
        "Den er allerede kvitteret, overstået eller ikke sendt endnu; beskeden siger af hvem og hvornår.",
        remedy: "See the alert's life in alerts show; alerts unack takes an acknowledgement back.",
        "Se alarmens forløb i alerts show; alerts unack tager en kvittering tilbage.", ask: .own)
    case .silenceRefused:
      Explanation(
        "The silence cannot be made.", "Dæmpningen kan ikke laves.",
        cause: "It would end before it begins, last longer than a year, or be about everything.",
        "Den ville slutte, før den begynder, vare mere end et år eller gælde alt.",
        remedy: "Correct what the message names.", "Ret det, som beskeden nævner.", ask: .own)
    case .unknownSilence:
      Explanation(
        "No silence of that number holds.", "Ingen dæmpning med det nummer gælder.",
        cause: "A slip, or a silence that has ended.", "En skrivefejl eller en dæmpning, der er slut.",
        remedy: "See the numbers in alerts silences.", "Se numrene i alerts silences.", ask: .own)
    case .unknownNumber:
      Explanation(
        "The journal has no delivery or arrival of that number.",
        "Journalen har ingen levering eller modtagelse med det nummer.",
        cause: "A slip, another journal, or an entry that was forgotten when its time was over.",
        "En skrivefejl, en anden journal eller en post, der er glemt, fordi dens tid er gået.",
        remedy: "See the numbers in filsluse journal list.", "Se numrene i filsluse journal list.", ask: .own)
    case .nothingFound:
      Explanation(
        "Nothing in the journal matches the text.", "Intet i journalen passer til teksten.",
        cause: "A slip, another journal, or a file that was never sent or received here.",
        "En skrivefejl, en anden journal eller en fil, der aldrig er sendt eller modtaget her.",
        remedy: "Search by a shorter part of the name, or see filsluse journal list.",
        "Søg efter en kortere del af navnet, eller se filsluse journal list.", ask: .own)
    case .nothingToClose:
      Explanation(
        "Nothing about that subject can be closed.", "Intet om det emne kan lukkes.",
        cause: "A slip, or a problem that passes by itself when its cause is gone.",
        "En skrivefejl eller noget, der går over af sig selv, når årsagen er væk.",
        remedy: "See what is open in filsluse status, in the column ABOUT.",
        "Se, hvad der er åbent i filsluse status, i kolonnen OM.", ask: .own)
    case .unknownCode:
      Explanation(
        "No code has that name.", "Ingen kode har det navn.",
        cause: "A slip, or a word that is no code.", "En skrivefejl eller et ord, der ikke er en kode.",
        remedy: "See all codes with filsluse explain.", "Se alle koder med filsluse explain.", ask: .own)
    case .unknownIntegration:
      Explanation(
        "No integration has that number or name.", "Ingen integration har det nummer eller navn.",
        cause: "A slip, or an integration that the public documents do not describe.",
        "En skrivefejl eller en integration, som de offentlige dokumenter ikke beskriver.",
        remedy: "See the known ones with filsluse integration list.",
        "Se de kendte med filsluse integration list.", ask: .own)
    case .unknownTask:
      Explanation(
        "No integration has a task of that name.", "Ingen integration har en opgave med det navn.",
        cause: "A slip, or a task of an integration without public documents.",
        "En skrivefejl eller en opgave i en integration uden offentlige dokumenter.",
        remedy: "See the tasks with filsluse integration explain.",
        "Se opgaverne med filsluse integration explain.", ask: .own)
    case .unknownName:
      Explanation(
        "Nothing has that name: no account, route or InfRef of the settings and the alerts.",
        "Intet har det navn: ingen konto, rute eller InfRef i indstillingerne og alarmerne.",
        cause: "A slip.", "En skrivefejl.",
        remedy: "Use a name that the message lists.", "Brug et navn, som beskeden nævner.", ask: .own)
    }
  }
}
