package import FilsluseBase

extension RefusalCode {
  /// The meaning of the code in a receipt, its usual cause, the remedy, and whom to ask.
  package var explanation: Explanation {
    func explained(_ danish: Remedy, _ cause: Remedy, _ danishCause: Remedy, _ remedy: Remedy, _ danishRemedy: Remedy)
      -> Explanation
    {
      Explanation(
        "\(meaning) (a code of the local platform).", "\(danish) (en kode fra den lokale platform).", cause: cause,
        danishCause, remedy: remedy, danishRemedy, ask: .own)
    }
    return switch self {
    case .unreadableTrigger:
      explained(
        "Triggeren kan ikke læses", "A trigger made by another program, or cut off.",
        "En trigger, som et andet program har lavet, eller som er afbrudt.", "See the receipt: it has line and column.",
        "Se kvitteringen: den har linje og tegn.")
    case .otherSender:
      explained(
        "Sender er ikke SFTP-brugeren", "A trigger made for another account.",
        "En trigger, der er lavet til en anden konto.",
        "Make it with the account's own user.", "Lav den med kontoens egen bruger.")
    case .otherFileName:
      explained(
        "FileName er ikke datafilens navn", "A file that was renamed after its trigger was made.",
        "En fil, der er omdøbt, efter at triggeren blev lavet.", "Make a new trigger.", "Lav en ny trigger.")
    case .otherSize:
      explained(
        "SizeInBytes er ikke datafilens størrelse", "A file that changed after its trigger was made, or is not whole.",
        "En fil, der er ændret, efter at triggeren blev lavet, eller som ikke er hel.", "Send the file again.",
        "Send filen igen.")
    case .missingData:
      explained(
        "Der er ingen datafil", "The trigger was written before the data, or the data was removed.",
        "Triggeren blev skrevet før data, eller data er fjernet.", "Write the data first, and the trigger last.",
        "Skriv data først og triggeren til sidst.")
    case .unknownRecipient:
      explained(
        "Ukendt modtager", "A user name of a direct route that the platform does not have.",
        "Et brugernavn i en direkte rute, som platformen ikke har.", "Correct recipients: of the route.",
        "Ret rutens recipients:.")
    case .mixedRecipients:
      explained(
        "ROUTING_V1_0_0 og brugernavne sammen", "A trigger that names both.", "En trigger, der nævner begge dele.",
        "Keep one of the two.", "Behold den ene.")
    case .missingRouting:
      explained(
        "Routing info mangler", "ROUTING_V1_0_0 without SFTPDynamicRoutingInfo.",
        "ROUTING_V1_0_0 uden SFTPDynamicRoutingInfo.", "Add the routing info, or name the recipients.",
        "Tilføj routing info, eller nævn modtagerne.")
    case .needlessRouting:
      explained(
        "Routing info ved en direkte levering", "A trigger that names users and has routing info.",
        "En trigger, der nævner brugere og har routing info.", "Keep one of the two.", "Behold den ene.")
    case .unusableInfRef:
      explained(
        "InfRef kan ikke bruges", "An InfRef that is misspelt, or belongs to a web service or a form.",
        "En InfRef, der er forkert stavet eller hører til en webservice eller en formular.",
        "Correct it as the receipt says.", "Ret den, som kvitteringen siger.")
    case .otherSenderSystem:
      explained(
        "SenderIt-system er ikke afsenderens", "The UUID of another system in the route.",
        "Et andet systems UUID i ruten.", "Correct sender-it-system: of the route.", "Ret rutens sender-it-system:.")
    case .explicitRouteRequired:
      explained(
        "RecipientIt-system mangler", "An InfRef of SF1630 on an implicit route.",
        "En InfRef fra SF1630 på en implicit rute.",
        "Name recipient-it-system: in the route.", "Nævn recipient-it-system: i ruten.")
    case .routeNotOrdered:
      explained(
        "Ruten er ikke bestilt",
        "No route from this sender to this recipient with this InfRef is in the platform's plan.",
        "Platformens plan har ingen rute fra denne afsender til denne modtager med denne InfRef.",
        "Add it to the plan, which the running platform takes up by itself; on the real platform, order it.",
        "Tilføj den i planen, som platformen følger, mens den kører; på den rigtige platform: bestil den.")
    }
  }
}
