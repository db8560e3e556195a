import FilsluseBase

/// An event in the journal that is no state of a delivery or an arrival, as `journal show` lists it.
enum JournalEvent: String, CaseIterable {
  case removingReceipt = "removing-receipt"
  case receiptDiffers = "receipt-differs"
  case removingAgain = "removing-again"
  case removedAgain = "removed-again"
  case businessReceipt = "business-receipt"
  case businessReceiptTied = "business-receipt-tied"
  case answered
  case answerStaged = "answer-staged"
  case answerSent = "answer-sent"
  case answersRestored = "answers-restored"
  case municipality
  case override
  case namesShown = "names-shown"
  case problemClosed = "problem-closed"
  case checkpoint
  case restored
  case reconciling
  case reconciled
  case clockDoubted = "clock-doubted"

  /// The meaning of the event, its cause, the remedy, and the contact.
  var explanation: Explanation {
    switch self {
    case .removingReceipt:
      .noted(
        "The delivery's receipt is read and kept here, and is removed from IN.",
        "Leveringens kvittering er læst og gemt her og fjernes fra IN.", cause: "The platform has answered.",
        "Platformen har svaret.")
    case .receiptDiffers:
      Explanation(
        "Another receipt lies in IN than the journal has; it is left there.",
        "Der ligger en anden kvittering i IN end den, journalen har; den bliver liggende.",
        cause: "The platform has written a second one, or another program put it there.",
        "Platformen har skrevet en til, eller et andet program har lagt den der.",
        remedy: "Read it (filsluse inspect), and ask which of the two holds.",
        "Læs den (filsluse inspect), og spørg, hvilken af dem der gælder.", ask: .routes)
    case .removingAgain:
      .noted(
        "The file came again with the content that was fetched before, and is removed from IN.",
        "Filen kom igen med det indhold, der var hentet før, og fjernes fra IN.",
        cause: "The sender or the platform sent it twice.", "Afsenderen eller platformen har sendt den to gange.")
    case .removedAgain:
      .noted(
        "Metadata of a file that was fetched before lay in IN again, and is removed.",
        "Metadata til en fil, der var hentet før, lå i IN igen og er fjernet.",
        cause: "The platform wrote it again.", "Platformen har skrevet dem igen.")
    case .businessReceipt:
      .noted(
        "The arrival is a business receipt.", "Modtagelsen er en forretningskvittering.",
        cause: "The recipient of a delivery has answered.", "En leverings modtager har svaret.")
    case .businessReceiptTied:
      .noted(
        "The business receipt was tied to the delivery that it is about.",
        "Forretningskvitteringen er knyttet til den levering, den handler om.",
        cause: "Its transfer and name are those of the delivery.", "Overførsel og navn er leveringens.")
    case .answered:
      .noted(
        "A business receipt has come for the delivery, or the receiver has answered the arrival.",
        "En forretningskvittering er kommet til leveringen, eller modtageren har svaret på modtagelsen.",
        cause: "The recipient's system has read the file.", "Modtagerens system har læst filen.")
    case .answerStaged:
      .noted(
        "The answer to the arrival is a delivery of its own, and not sent yet.",
        "Svaret på modtagelsen er en levering for sig og ikke sendt endnu.",
        cause: "The receiver's program has answered.", "Modtagerens program har svaret.")
    case .answerSent:
      .noted(
        "The answer to the arrival is sent.", "Svaret på modtagelsen er sendt.",
        cause: "Its delivery was committed.", "Dets levering er fuldført.")
    case .answersRestored:
      .noted(
        "The answers to the arrival were taken over from the journal that a backup replaced.",
        "Svarene på modtagelsen er overtaget fra den journal, som en sikkerhedskopi erstattede.",
        cause: "A backup was restored.", "En sikkerhedskopi er gendannet.")
    case .municipality:
      .noted(
        "The municipality of the file was stated by a person, or noted from its name.",
        "Filens kommune er angivet af en person eller noteret ud fra navnet.",
        cause: "The route wants one.", "Ruten kræver en.")
    case .override:
      .noted(
        "A person sent the file in spite of a warning, with a reason.",
        "En person har sendt filen trods en advarsel, med en begrundelse.",
        cause: "A check of the route did not fit the file.", "Et eftersyn af ruten passede ikke til filen.")
    case .namesShown:
      .noted(
        "A person was shown names with their numbers unmasked.", "En person fik vist navne med umaskerede numre.",
        cause: "--unmasked or --show-names of a command, or the console.",
        "En kommandos --unmasked eller --show-names eller konsollen.")
    case .problemClosed:
      .noted(
        "A person closed an open problem.", "En person har lukket noget, der var åbent.",
        cause: "filsluse status --close, with --because.", "filsluse status --close, med --because.")
    case .checkpoint:
      .noted(
        "Entries older than keep: were forgotten; this one has their sum.",
        "Poster, der er ældre end keep:, er glemt; denne har summen af dem.",
        cause: "The upkeep of the journal.", "Vedligehold af journalen.")
    case .restored:
      .noted(
        "A backup of the journal was restored.", "En sikkerhedskopi af journalen er gendannet.",
        cause: "filsluse journal restore.", "Kommandoen filsluse journal restore.")
    case .reconciling:
      Explanation(
        "A machine has done its part of the reconciliation of a journal that lost entries.",
        "En maskine har gjort sin del af afstemningen af en journal, der har mistet poster.",
        cause: "The journal's server lost its last entries.", "Journalens server har mistet de sidste poster.",
        remedy: "Do the same on the other machines: filsluse journal reconcile.",
        "Gør det samme på de andre maskiner: filsluse journal reconcile.", ask: .own)
    case .reconciled:
      .noted(
        "The journal that lost entries is reconciled and used again.",
        "Journalen, der havde mistet poster, er afstemt og bruges igen.",
        cause: "Every machine has done its part.", "Alle maskiner har gjort deres del.")
    case .clockDoubted:
      Explanation(
        "The clock of the machine was ahead of or behind the journal, so nothing was forgotten.",
        "Maskinens ur var foran eller bag efter journalen, så intet blev glemt.",
        cause: "The clock was set, or time synchronisation is off.",
        "Uret er stillet, eller tidssynkroniseringen er slået fra.",
        remedy: "See to the clock of the machine.", "Se efter maskinens ur.", ask: .own)
    }
  }
}

extension Explanation {
  /// An event that is only noted.
  fileprivate static func noted(
    _ meaning: Remedy, _ danishMeaning: Remedy, cause: Remedy, _ danishCause: Remedy
  ) -> Explanation {
    Explanation(meaning, danishMeaning, cause: cause, danishCause, remedy: "Nothing.", "Intet.", ask: .own)
  }
}
