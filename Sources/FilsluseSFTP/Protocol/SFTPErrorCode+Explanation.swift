package import FilsluseBase

extension SFTPError.Code {
  /// The meaning of the code, its usual cause, the remedy, and the contact.
  package var explanation: Explanation {
    switch self {
    case .unreachable:
      explained(
        "No route leads to the server's address.", "Der er ingen vej til serverens adresse.",
        cause: "A firewall or the network on the way, often after a change at either end.",
        "En firewall eller nettet på vejen, tit efter en ændring i den ene ende.",
        "Se efter net og firewall.", ask: .routes)
    case .nameNotResolved:
      explained(
        "The server's name has no address.", "Serverens navn kan ikke slås op.",
        cause: "A slip in host: of the account, or the name service does not answer.",
        "En skrivefejl i kontoens host:, eller navneopslag virker ikke.",
        "Se efter, om navnet er rigtigt, og om navneopslag virker.", ask: .own)
    case .connectTimedOut:
      explained(
        "The server did not answer in time while the connection was made.",
        "Serveren svarede ikke inden for tidsgrænsen, da forbindelsen skulle oprettes.",
        cause: "A firewall that drops packets: this machine's address is not let through, say.",
        "En firewall, der smider pakker væk: fx er denne maskines adresse ikke lukket ind.",
        "Se efter net og firewall; der prøves igen.",
        "See whether network and firewall let this machine through; it is tried again.", ask: .routes)
    case .timedOut:
      explained(
        "The server did not answer within the time limit.", "Serveren svarede ikke inden for tidsgrænsen.",
        cause: "A server under load, or a connection that died without a word.",
        "En belastet server eller en forbindelse, der døde uden at sige noget.",
        "Der prøves igen, hvor arbejdet slap; bliver det ved, så spørg serverens ejer.",
        "It is tried again from where it stopped; if it goes on, ask the server's owner.", ask: .routes)
    case .connectionLost:
      explained(
        "The server or the network ended the connection.", "Serveren eller nettet afbrød forbindelsen.",
        cause: "A restart of the server, a firewall that ends idle connections, or too many logins at once.",
        "Serveren er genstartet, en firewall afbryder stille forbindelser, eller der er for mange logins på én gang.",
        "Der prøves igen, hvor arbejdet slap; bliver det ved, så spørg serverens ejer.",
        "It is tried again from where it stopped; if it goes on, ask the server's owner.", ask: .routes)
    case .connectionClosed:
      explained(
        "The connection was closed from this side.", "Forbindelsen blev lukket herfra.",
        cause: "The program ended while work was under way.", "Programmet sluttede, mens der var arbejde i gang.",
        "Kør kommandoen igen; den fortsætter, hvor den slap.",
        "Run the command again; it goes on where it stopped.", ask: .own)
    case .resourcesExhausted:
      explained(
        "This machine has no descriptor or memory left for a connection.",
        "Maskinen har ikke plads til flere forbindelser.",
        cause: "Too many open files for the limit of the process, or too little memory.",
        "For mange åbne filer til processens grænse eller for lidt hukommelse.",
        "Hæv grænsen for åbne filer (LimitNOFILE=), eller se efter, hvad der fylder.",
        "Raise the limit for open files (LimitNOFILE=), or see what uses them up.", ask: .own)
    case .protocolViolation:
      explained(
        "The server's bytes are not SFTP version 3.", "Serveren svarer ikke, som SFTP kræver.",
        cause: "The port is another service's, or the login prints a text before SFTP begins.",
        "Porten hører til en anden tjeneste, eller login skriver en tekst, før SFTP begynder.",
        "Se efter, om vært og port er rigtige; bed ellers serverens ejer om et rent login.",
        "See whether host and port are right; otherwise ask the server's owner for a silent login.", ask: .routes)
    case .unsupported:
      explained(
        "The server does not offer what was asked for.", "Serveren tilbyder ikke det, der blev spurgt om.",
        cause: "A server without renaming or another operation of SFTP version 3.",
        "En server uden omdøbning eller en anden operation fra SFTP version 3.",
        "Kontrollér kontoen for at se, hvad serveren kan, og spørg dens ejer.",
        "Check the account to see what the server can do, and ask its owner.", ask: .routes)
    case .cancelled:
      explained(
        "The work was cancelled before it was done.", "Arbejdet blev afbrudt, før det var færdigt.",
        cause: "The command was interrupted, or another failure ended the connection under it.",
        "Kommandoen blev afbrudt, eller en anden fejl lukkede forbindelsen under den.",
        "Kør kommandoen igen; den fortsætter, hvor den slap.",
        "Run the command again; it goes on where it stopped.", ask: .own)
    case .local:
      explained(
        "Reading or writing on this machine failed.", "Der kunne ikke læses eller skrives på denne maskine.",
        cause: "A full disk, or permissions of the file or its folder.",
        "En fuld disk eller rettigheder til filen eller mappen.",
        "Se efter plads og rettigheder; årsagen står i fejlen.",
        "Look for room and permissions; the error says which.", ask: .own)
    case .connectionRefused:
      explained(
        "No server listens on that port.",
        "Serveren tager ikke imod forbindelser på den port, der står i indstillingerne.",
        cause: "A wrong host: or port:, or the server is stopped.",
        "En forkert host: eller port:, eller serveren er standset.",
        "Se efter, om vært og port er rigtige, og om serveren kører.", ask: .routes)
    case .hostKeyMismatch:
      explained(
        "The server shows another host key than the known one.",
        "Serveren viser en anden værtsnøgle end den kendte.",
        cause: "The server got a new key, or somebody stands in between.",
        "Serveren har fået en ny nøgle, eller nogen står imellem.",
        "Gå ikke videre, før serverens ejer har bekræftet den nye nøgle ad anden vej; ret så indstillingerne.",
        ask: .routes)
    case .hostKeyUnknown:
      explained(
        "No host key is known for the server.", "Der er ingen kendt værtsnøgle for serveren.",
        cause: "A new account, whose host key is not in the settings yet.",
        "En ny konto, hvis værtsnøgle endnu ikke står i indstillingerne.",
        "Få fingeraftrykket fra serverens ejer ad anden vej, og skriv det i indstillingerne.", ask: .routes)
    case .hostKeyRevoked:
      explained(
        "The server shows a host key that is marked as revoked.",
        "Serveren viser en værtsnøgle, som er trukket tilbage.",
        cause: "known_hosts says so of the key, after a theft of it, say.",
        "Det siger known_hosts om nøglen, fx efter at den er blevet stjålet.", "Spørg serverens ejer.", ask: .routes)
    case .fingerprintMalformed:
      explained(
        "A text in the settings is no fingerprint.", "Fingeraftrykket i indstillingerne er ikke et fingeraftryk.",
        cause: "A fingerprint in another form than SHA256:…, or cut short.",
        "Et fingeraftryk på en anden form end SHA256:… eller kun en del af det.",
        "Skriv det, som ssh-keygen -lf viser det: SHA256: og 43 tegn.",
        "Write it as ssh-keygen -lf shows it: SHA256: and 43 characters.", ask: .own)
    case .knownHostsUnreadable:
      explained(
        "The file of known hosts cannot be read.", "Filen med kendte værtsnøgler kan ikke læses.",
        cause: "A wrong path, a file that is still to be written, or the running user may not read it.",
        "En forkert sti, en fil, der endnu ikke er skrevet, eller brugeren må ikke læse filen.",
        "Findes den endnu ikke, så skriv serverens værtsnøgler i den, når de er sammenlignet (\(.scanHostKeys)); den lokale platform skriver sine egne, når den starter. Ellers se efter sti og rettigheder.",
        ask: .own)
    case .authenticationFailed:
      explained(
        "The server does not let the SFTP user in with this key.", "Serveren afviser SFTP-brugeren med denne nøgle.",
        cause: "The key is not registered for the user, was changed, or belongs to the other environment.",
        "Nøglen er ikke registreret for brugeren, er udskiftet eller hører til det andet miljø.",
        "Se efter, om brugernavnet er rigtigt, og om den offentlige nøgle er registreret.", ask: .routes)
    case .noSFTP:
      explained(
        "The server lets the user in, and does not offer SFTP.",
        "Serveren lader brugeren logge ind, men tilbyder ikke SFTP.",
        cause: "The user has a shell, or no right to SFTP.", "Brugeren har en shell eller ingen ret til SFTP.",
        "Bed serverens ejer om at åbne for SFTP.", ask: .routes)
    case .secondFactorRequired:
      explained(
        "The server knows the key, and wants something else as well.",
        "Serveren kender nøglen, men kræver også noget andet ved login.",
        cause: "The server asks the user for a password or a code besides the key.",
        "Serveren beder om en adgangskode eller en kode ud over nøglen.",
        "Bed serverens ejer om at lukke brugeren ind med nøglen alene; andet kan ikke gives herfra.", ask: .routes)
    case .agentUnavailable:
      explained(
        "ssh-agent is not there, does not hold the key, or refuses to sign.",
        "ssh-agent svarer ikke, har ikke nøglen eller vil ikke skrive under med den.",
        cause: "The agent was restarted, or its socket belongs to another user.",
        "Agenten er genstartet, eller dens socket hører til en anden bruger.",
        "Se efter, om ssh-agent kører, har nøglen (ssh-add -l) og kan nås af brugeren.", ask: .own)
    case .keyUnreadable:
      explained(
        "The key file holds no key that can be used.",
        "Nøglefilen har ingen nøgle, der kan bruges.",
        cause: "A wrong passphrase, a public key in the private one's place, or a .ppk file.",
        "En forkert adgangskode, en offentlig nøgle i den privates sted eller en .ppk-fil.",
        "Se fejlens tekst: den siger, hvad filen er, og hvordan nøglen laves om.",
        "Read the error: it says what the file is, and how the key is converted.", ask: .own)
    case .keyUnavailable:
      explained(
        "The key file is missing or cannot be read now.", "Nøglefilen mangler eller kan ikke læses.",
        cause: "A wrong path in key:, permissions, or a key that is being replaced.",
        "En forkert sti i key:, rettigheder eller en nøgle, der er ved at blive skiftet.",
        "Se efter, om filen er der, og om brugeren kan læse den.", ask: .own)
    case .noCommonAlgorithm:
      explained(
        "Client and server have no algorithm of some class in common.",
        "Der er ingen fælles krypteringsmetode med serveren.",
        cause: "The server offers only old algorithms, or this machine's libssh2 is too old for it.",
        "Serveren tilbyder kun gamle metoder, eller maskinens libssh2 er for gammel til den.",
        "Spørg serverens ejer, eller opdatér libssh2; fejlen siger, hvilken slags der mangler.",
        "The error says which; ask the server's owner, or update libssh2.", ask: .routes)
    case .permissionDenied:
      explained(
        "The server does not permit it.", "Serveren giver ikke adgang til filen eller mappen.",
        cause: "The SFTP user has no right to the folder, or a file there belongs to another user.",
        "SFTP-brugeren har ikke ret til mappen, eller en fil dér hører til en anden bruger.",
        "Bed serverens ejer om rettigheden.", ask: .routes)
    case .failure:
      explained(
        "The server failed, or refused without saying why.", "Serveren afviste forespørgslen uden at sige hvorfor.",
        cause: "A full disk or quota at the server, or a name that is there already.",
        "En fuld disk eller kvote hos serveren eller et navn, der findes i forvejen.",
        "Der prøves igen; bliver det ved, så spørg serverens ejer, som har en log.",
        "It is tried again; if it goes on, ask the server's owner, who has a log.", ask: .routes)
    case .resumeRefused:
      explained(
        "The server takes a file from its first byte on alone.", "Serveren tager kun imod filen fra den første byte.",
        cause: "The server does not let a file be written on where it ends.",
        "Serveren lader ikke en fil blive skrevet videre, hvor den slutter.",
        "Intet: filen sendes forfra.", "Nothing: the file is sent from its beginning.", ask: .own)
    case .sizeMismatch:
      explained(
        "The file has another length than it should.", "Filen har ikke den størrelse, som den skulle have.",
        cause: "The file changed while it was transferred, or the transfer was cut off.",
        "Filen blev ændret under overførslen, eller overførslen blev afbrudt.",
        "Der prøves igen; bliver det ved, så bed om en hel fil.",
        "It is tried again; if it goes on, ask for a whole file.", ask: .sender)
    case .tooLarge:
      explained(
        "The file is longer than it may be.", "Filen er større, end den må være.",
        cause: "A document such as a receipt or metadata that is none, under such a name.",
        "Et dokument som en kvittering eller metadata, der ikke er det, under et sådant navn.",
        "Se, hvad filen er, og spørg den, der har lagt den.", "See what the file is, and ask who put it there.",
        ask: .routes)
    case .listingTooLong:
      explained(
        "A folder has more names than may be read.", "Mappen har flere filer, end der må læses.",
        cause: "Files that nobody fetches have piled up.", "Filer, som ingen henter, har hobet sig op.",
        "Ryd op i mappen, eller hæv kontoens grænser, hvis så mange filer er rigtigt.", ask: .routes)
    case .noSuchFile:
      explained(
        "The server has no such file or folder.", "Serveren kender ikke filen eller mappen.",
        cause: "A wrong folder name in the settings, or somebody else took the file away.",
        "Et forkert mappenavn i indstillingerne, eller en anden har taget filen.",
        "Se efter mappernes navne i indstillingerne, og om andre henter fra kontoen.",
        "See to the folders' names in the settings, and whether others use the account.", ask: .routes)
    }
  }

  /// Joins the sentences; the English remedy is that of the code's errors, if they have one.
  private func explained(
    _ meaning: Remedy, _ danishMeaning: Remedy, cause: Remedy, _ danishCause: Remedy, _ danishRemedy: Remedy,
    _ englishRemedy: Remedy = "", ask contact: Contact
  ) -> Explanation {
    Explanation(
      meaning, danishMeaning, cause: cause, danishCause, remedy: remedy?.asSentence ?? englishRemedy, danishRemedy,
      ask: contact)
  }
}
