import FileExchange
import FilsluseBase
import FilsluseSFTP
import PickupWatch

// The explanations of the states and events that lists, JSON and metrics show beside codes of errors.

extension Explanation {
  /// A state that is in order, or that changes by itself.
  fileprivate static func usual(
    _ meaning: Remedy, _ danishMeaning: Remedy, cause: Remedy = "All is as it should be.",
    _ danishCause: Remedy = "Alt er, som det skal være."
  ) -> Explanation {
    Explanation(meaning, danishMeaning, cause: cause, danishCause, remedy: "Nothing.", "Intet.", ask: .own)
  }

  /// An alert that a person has to look at.
  fileprivate static func alerting(
    _ meaning: Remedy, _ danishMeaning: Remedy, cause: Remedy, _ danishCause: Remedy
  ) -> Explanation {
    Explanation(
      meaning, danishMeaning, cause: cause, danishCause,
      remedy: "See the alert's remedy, and acknowledge it when somebody is at work on it.",
      "Se alarmens løsning, og kvittér, når nogen arbejder på den.", ask: .own)
  }
}

extension Alert {
  /// The code of an alert whose time has passed without a repair.
  static let expired = "expired"
  /// The codes of the states with their explanations, as `alerts list` shows them.
  static let explainedStates: [(String, Explanation)] = {
    let ending = Explanation.usual(
      "The alert is over because its time has passed, not because the cause was mended.",
      "Alarmen er overstået, fordi dens tid er gået, og ikke fordi årsagen er rettet.",
      cause: "A file never came, and the next one is due.", "En fil kom aldrig, og den næste er nu ventet.")
    return State.allCases.map { ($0.rawValue, $0.explanation) } + [(Alert.expired, ending)]
  }()
}

extension Alert.State {
  /// The meaning of the state, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .pending:
      .usual(
        "The finding was seen, and has not lasted long enough to be sent.",
        "Fundet er set og har ikke varet længe nok til at blive sendt.",
        cause: "fire-after: is not over yet.", "fire-after: er ikke gået endnu.")
    case .firing:
      .alerting(
        "The finding lasts, and no person has acknowledged it; it is repeated.",
        "Fundet er der stadig, og ingen har kvitteret; det gentages.",
        cause: "What the finding names is not mended yet.", "Det, som fundet nævner, er ikke rettet endnu.")
    case .acknowledged:
      .usual(
        "A person has acknowledged the alert; it is sent again when it gets worse or is over.",
        "En person har kvitteret for alarmen; den sendes igen, når den bliver værre eller er overstået.",
        cause: "Somebody is at work on it; alerts show says who.", "Nogen arbejder på den; alerts show siger hvem.")
    case .resolved:
      .usual(
        "The finding is gone, and the alert is over.", "Fundet er væk, og alarmen er overstået.",
        cause: "The cause was mended, or passed.", "Årsagen er rettet eller gået over.")
    }
  }
}

extension NotificationReason {
  /// The meaning of the reason, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .fired:
      .alerting(
        "The alert is sent for the first time.", "Alarmen sendes for første gang.",
        cause: "The finding has lasted for as long as fire-after: says.",
        "Fundet har varet så længe, som fire-after: siger.")
    case .escalated:
      .alerting(
        "The alert is sent because the warning became critical.", "Alarmen sendes, fordi advarslen er blevet kritisk.",
        cause: "The limit of the rule has passed.", "Reglens frist er overskredet.")
    case .grown:
      .alerting(
        "The alert is sent because its group has at least doubled.",
        "Alarmen sendes, fordi gruppen er blevet mindst dobbelt så stor.",
        cause: "More files have the same trouble.", "Flere filer har samme problem.")
    case .repeated:
      .alerting(
        "The alert is sent again because it still fires.", "Alarmen sendes igen, fordi den stadig er aktiv.",
        cause: "No person has acknowledged it.", "Ingen har kvitteret for den.")
    case .resolved:
      .usual(
        "The alert is sent a last time: it is over.", "Alarmen sendes en sidste gang: den er overstået.",
        cause: "The finding is gone.", "Fundet er væk.")
    case .expired:
      .usual(
        "The alert is sent a last time: its time has passed without a repair.",
        "Alarmen sendes en sidste gang: dens tid er gået, uden at noget er rettet.",
        cause: "A file never came, and the next one is due.", "En fil kom aldrig, og den næste er nu ventet.")
    }
  }
}

extension AlertLifeEvent.What {
  /// The meaning of the event, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .seen:
      .usual(
        "The finding was seen for the first time.", "Fundet blev set for første gang.",
        cause: "A look of the watcher.", "Et blik fra overvågningen.")
    case .fired: NotificationReason.fired.explanation
    case .worse: NotificationReason.escalated.explanation
    case .better:
      .usual(
        "The alert is a warning again.", "Alarmen er en advarsel igen.",
        cause: "The worst of it has passed.", "Det værste er gået over.")
    case .firedAgain:
      .alerting(
        "The alert fires again after it was acknowledged.", "Alarmen er aktiv igen efter en kvittering.",
        cause: "It got worse, or its group grew.", "Den er blevet værre, eller gruppen er vokset.")
    case .grouped:
      .usual(
        "The alert joined the group of its inbox, which is sent in its place.",
        "Alarmen er samlet i indbakkens gruppe, som sendes i stedet.",
        cause: "Many findings came at once.", "Mange fund kom på én gang.")
    case .sent:
      .usual(
        "A sink took a notification.", "En kanal har taget imod en besked.")
    case .notTaken:
      Explanation(
        "A sink refused a notification for the first time; it is offered again.",
        "En kanal afviste en besked for første gang; den tilbydes igen.",
        cause: "The sink's server is down, or its settings are wrong.",
        "Kanalens server er nede, eller dens indstillinger er forkerte.",
        remedy: "Try the sinks with alerts test; the log says why.",
        "Prøv kanalerne med alerts test; loggen siger hvorfor.", ask: .own)
    case .dropped:
      Explanation(
        "A notification was dropped: too many wait for its sink.",
        "En besked er droppet: for mange venter på kanalen.",
        cause: "The sink has failed for long.", "Kanalen har fejlet længe.",
        remedy: "Try the sinks with alerts test, and see alerts list for what is open.",
        "Prøv kanalerne med alerts test, og se i alerts list, hvad der er åbent.", ask: .own)
    case .acknowledged: Alert.State.acknowledged.explanation
    case .undone:
      .alerting(
        "An acknowledgement was taken back; the alert fires again.",
        "En kvittering er taget tilbage; alarmen er aktiv igen.",
        cause: "A person did that; alerts show says who.", "Det gjorde en person; alerts show siger hvem.")
    case .silenced:
      .usual(
        "A silence covers the alert: it is listed and not sent.",
        "En dæmpning gælder for alarmen: den vises og sendes ikke.",
        cause: "A person made it; alerts silences says who and why.",
        "En person har lavet den; alerts silences siger hvem og hvorfor.")
    case .silenceEnded:
      .usual(
        "No silence covers the alert any more.", "Ingen dæmpning gælder for alarmen længere.",
        cause: "Its time was over, or a person ended it.", "Dens tid var gået, eller en person sluttede den.")
    case .resolved: Alert.State.resolved.explanation
    case .expired: NotificationReason.expired.explanation
    }
  }
}

extension ExpectedDay.State {
  /// The meaning of the state, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .came: .usual("All the expected files of the day came in time.", "Alle dagens ventede filer kom til tiden.")
    case .late:
      Explanation(
        "The expected files of the day came too late.", "Dagens ventede filer kom for sent.",
        cause: "The sender or the platform was late.", "Afsenderen eller platformen var forsinket.",
        remedy: "If it happens often, ask the sender.", "Sker det tit, så spørg afsenderen.", ask: .sender)
    case .missing:
      Explanation(
        "Expected files of the day are overdue, in whole or in part.",
        "Dagens ventede filer mangler, helt eller delvis.",
        cause: "The sender did not send them, or the platform has not distributed them.",
        "Afsenderen har ikke sendt dem, eller platformen har ikke fordelt dem.",
        remedy: "Ask the sender.", "Spørg afsenderen.", ask: .sender)
    case .notYet:
      .usual(
        "The files of the day are expected, and there is still time.",
        "Dagens filer ventes, og der er stadig tid.", cause: "Their hour has not come.",
        "Klokkeslættet er ikke kommet.")
    case .dayOff:
      .usual(
        "No file is expected on that day.", "Ingen fil ventes den dag.",
        cause: "The rule leaves the day out.", "Reglen gælder ikke for dagen.")
    case .notWatched:
      Explanation(
        "It is not known whether the files of the day came in time.",
        "Det vides ikke, om dagens filer kom til tiden.",
        cause: "The watcher was down, or could not see the account.",
        "Overvågningen var nede eller kunne ikke se kontoen.",
        remedy: "See for yourself with filsluse journal list.", "Se selv efter med filsluse journal list.", ask: .own)
    }
  }
}

extension RunAccount.Connection {
  /// The meaning of the state, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .idle:
      .usual(
        "The account has no connection: it was not needed yet, or was closed.",
        "Kontoen har ingen forbindelse: den har ikke været nødvendig endnu eller er lukket.",
        cause: "There is nothing to transfer.", "Der er intet at overføre.")
    case .connected: .usual("The account is connected to its server.", "Kontoen er forbundet til sin server.")
    case .waiting:
      Explanation(
        "The connection was lost or could not be made; the next attempt is to come.",
        "Forbindelsen blev afbrudt eller kunne ikke oprettes; det næste forsøg kommer.",
        cause: "The network, a firewall, or a server that is down.",
        "Nettet, en firewall eller en server, der er nede.",
        remedy: "If it lasts, see filsluse check.", "Varer det ved, så se filsluse check.", ask: .routes)
    case .maintenance:
      .usual(
        "The account is in a maintenance window, so nothing is transferred.",
        "Kontoen er i et vedligeholdsvindue, så intet overføres.",
        cause: "maintenance: of the account names the hours.", "Kontoens maintenance: nævner timerne.")
    case .stopped:
      Explanation(
        "The account is stopped until a person has seen to it.", "Kontoen er standset, til en person har set på den.",
        cause: "The server refused the key, or has another host key.",
        "Serveren har afvist nøglen eller har en anden værtsnøgle.",
        remedy: "See the reason in filsluse status, mend it, and check with filsluse check.",
        "Se grunden i filsluse status, ret den, og se efter med filsluse check.", ask: .routes)
    }
  }
}

extension FailureCategory {
  /// The meaning of the category, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .passing:
      Explanation(
        "The error may pass by itself.", "Fejlen kan gå over af sig selv.",
        cause: "The network, the server or another process.", "Nettet, serveren eller en anden proces.",
        remedy: "Try the same again later; a service does that itself.",
        "Prøv det samme igen senere; en tjeneste gør det selv.", ask: .routes)
    case .account:
      Explanation(
        "The error is about the account as a whole.", "Fejlen gælder hele kontoen.",
        cause: "Its key, its passphrase or the server's host key.",
        "Dens nøgle, adgangskode eller serverens værtsnøgle.",
        remedy: "Mend that before anything is tried again: the account may get locked.",
        "Ret det, før noget prøves igen: kontoen kan blive spærret.", ask: .routes)
    case .file:
      Explanation(
        "The error is about one file, folder or document; the others go on.",
        "Fejlen gælder én fil, mappe eller ét dokument; de andre fortsætter.",
        cause: "Its name, its content or its permissions.", "Navnet, indholdet eller rettighederne.",
        remedy: "Correct the file that the error names.", "Ret den fil, som fejlen nævner.", ask: .own)
    case .local:
      Explanation(
        "The error is on this machine.", "Fejlen er på denne maskine.",
        cause: "Its disk, its journal or a program.", "Disken, journalen eller et program.",
        remedy: "Make room or mend what the error names; the work goes on by itself.",
        "Skaf plads, eller ret det, som fejlen nævner; arbejdet fortsætter af sig selv.", ask: .own)
    case .request:
      Explanation(
        "The error is in the request itself.", "Fejlen er i selve anmodningen.",
        cause: "It names something that there is not, comes too late, or the settings are wrong.",
        "Den nævner noget, der ikke findes, kommer for sent, eller indstillingerne er forkerte.",
        remedy: "Correct the call or the settings; trying again alone does not help.",
        "Ret kaldet eller indstillingerne; det hjælper ikke bare at prøve igen.", ask: .own)
    }
  }
}
