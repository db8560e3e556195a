import FilsluseBase

extension ExitStatus {
  /// Every status that the command ends with.
  static let all: [ExitStatus] = [
    .done, .warning, .critical, .usage, .badData, .inputMissing, .unreachable, .internalError, .localIO, .notDoneYet,
    .refused, .keyRefused, .configuration,
  ]

  /// The meaning of the status, its usual cause, the remedy, and the contact; `nil` for one that is not in ``all``.
  var explanation: Explanation? { Self.explanations[self] }

  private static let explanations: [ExitStatus: Explanation] = [
    .done: Explanation(
      "It did what was asked.", "Det, der blev bedt om, er gjort.", cause: "All went well.", "Alt gik godt.",
      remedy: "Nothing.", "Intet.", ask: .own),
    .warning: Explanation(
      "watch --once, status or check found something for which there is still time.",
      "watch --once, status eller check har fundet noget, der stadig er tid til.",
      cause: "A finding of severity warning, or something that waits for a person.",
      "Et fund, der er en advarsel, eller noget, der venter på en person.",
      remedy: "See the findings; each has its remedy.", "Se fundene; hvert har sin løsning.", ask: .own),
    .critical: Explanation(
      "watch --once or check found something critical, or could not look.",
      "watch --once eller check har fundet noget kritisk eller kunne ikke se efter.",
      cause: "A limit that has passed, or a server that cannot be reached.",
      "En frist, der er overskredet, eller en server, der ikke kan nås.",
      remedy: "See the findings; each has its remedy.", "Se fundene; hvert har sin løsning.", ask: .own),
    .usage: Explanation(
      "The command was called wrongly (EX_USAGE).", "Kommandoen blev kaldt forkert (EX_USAGE).",
      cause: "A slip in a command or an option, or a value of another form.",
      "En skrivefejl i en kommando eller et tilvalg eller en værdi på en anden form.",
      remedy: "See the message, and --help of the command.", "Se beskeden og kommandoens --help.", ask: .own),
    .badData: Explanation(
      "A document, a name or a value breaks a rule, or nothing is known of it (EX_DATAERR).",
      "Et dokument, et navn eller en værdi bryder en regel, eller der vides intet om det (EX_DATAERR).",
      cause: "A name that cannot be sent, a file of another municipality, or a number that the journal does not have.",
      "Et navn, der ikke kan sendes, en fil fra en anden kommune eller et nummer, som journalen ikke har.",
      remedy: "Correct what the message names; trying again alone does not help.",
      "Ret det, som beskeden nævner; det hjælper ikke bare at prøve igen.", ask: .own),
    .inputMissing: Explanation(
      "A local file that was named is not there (EX_NOINPUT).",
      "En lokal fil, der blev nævnt, findes ikke (EX_NOINPUT).",
      cause: "A slip in the path.", "En skrivefejl i stien.", remedy: "Name the file where it is.",
      "Nævn filen, hvor den er.",
      ask: .own),
    .unreachable: Explanation(
      "The server cannot be reached, or does not offer what is needed (EX_UNAVAILABLE).",
      "Serveren kan ikke nås eller tilbyder ikke det, der er brug for (EX_UNAVAILABLE).",
      cause: "The network, a firewall, or a server that is down.", "Nettet, en firewall eller en server, der er nede.",
      remedy: "The same command later goes on; filsluse check shows where it stops.",
      "Den samme kommando senere fortsætter; filsluse check viser, hvor det stopper.", ask: .routes),
    .internalError: Explanation(
      "The program broke a rule of its own (EX_SOFTWARE).",
      "Programmet har brudt en af sine egne regler (EX_SOFTWARE).",
      cause: "A fault of Filsluse.", "En fejl i Filsluse.",
      remedy: "Report it with the message and filsluse --version; nothing is lost.",
      "Meld den med beskeden og filsluse --version; intet er tabt.", ask: .own),
    .localIO: Explanation(
      "Reading or writing local files failed (EX_IOERR).",
      "Der kunne ikke læses eller skrives på denne maskine (EX_IOERR).",
      cause: "A full disk, permissions, or a journal that was replaced or damaged.",
      "En fuld disk, rettigheder eller en journal, der er udskiftet eller beskadiget.",
      remedy: "See the message; for the journal, run filsluse journal check.",
      "Se beskeden; for journalen: kør filsluse journal check.", ask: .own),
    .notDoneYet: Explanation(
      "Not done yet; the same command again goes on (EX_TEMPFAIL).",
      "Ikke færdig endnu; den samme kommando igen fortsætter (EX_TEMPFAIL).",
      cause: "A receipt that has not come, a connection that was lost, or a file that is not whole.",
      "En kvittering, der ikke er kommet, en forbindelse, der gik tabt, eller en fil, der ikke er hel.",
      remedy: "Run the same command again; nothing is sent twice.",
      "Kør den samme kommando igen; intet sendes to gange.",
      ask: .own),
    .refused: Explanation(
      "The platform's receipt reports an error (EX_PROTOCOL).", "Platformens kvittering melder fejl (EX_PROTOCOL).",
      cause: "A route that is not ordered, a wrong InfRef, or another fault that the receipt names.",
      "En rute, der ikke er bestilt, en forkert InfRef eller en anden fejl, som kvitteringen nævner.",
      remedy: "Mend what the receipt says, then filsluse retry with the delivery's number.",
      "Ret det, som kvitteringen nævner; derefter filsluse retry med leveringens nummer.", ask: .routes),
    .keyRefused: Explanation(
      "The key or the host key was refused, or the server does not permit what is needed (EX_NOPERM).",
      "Nøglen eller værtsnøglen blev afvist, eller serveren tillader ikke det, der er brug for (EX_NOPERM).",
      cause: "A key that is not registered, a server with a new host key, or a missing right.",
      "En nøgle, der ikke er registreret, en server med en ny værtsnøgle eller en manglende rettighed.",
      remedy: "See the message; filsluse check tries each step by itself.",
      "Se beskeden; filsluse check prøver hvert skridt for sig.", ask: .routes),
    .configuration: Explanation(
      "The settings cannot be used (EX_CONFIG).", "Indstillingerne kan ikke bruges (EX_CONFIG).",
      cause: "A mistake in the file, or a route or account that it does not have.",
      "En fejl i filen eller en rute eller konto, som den ikke har.",
      remedy: "Correct it where the message says, with line and column.",
      "Ret den, hvor beskeden siger, med linje og tegn.",
      ask: .own),
  ]
}
