internal import SystemPackage
internal import TriggerFiles

extension ExchangeSettings {
  static let table = KeyTable("The file", blank: ExchangeSettings(source: "filsluse.yaml")) { table in
    table.key(
      "journal", \.journalPlace, .journal,
      "The database in which every step is written down before the next begins: a file, or, for a database on a server, postgresql://USER@HOST/DATABASE?sslmode=verify-full. {postgresql: ADDRESS, password-file: FILE, local-files: FILE, machines: several, outgoing-folders: shared} says more about a server. One machine at a time uses a journal on a server, unless that says machines: several; another one is refused, and takes over when the first is gone."
    )
    // Receipts, answers and the platform itself may speak of a delivery or an arrival for weeks.
    table.optional(
      "keep", \.keep,
      .period(
        LocalizedText("a period of 30 days or more, such as 400d", "et tidsrum på mindst 30 dage, fx 400d"),
        from: .seconds(30 * 86_400),
        remedy: LocalizedText("leave it out to keep everything", "udelad den for at beholde alt")),
      otherwise: "everything is kept", example: "400d",
      "How long the journal keeps what has ended. What was sent and what was handed over is known again even after that, by keys that hold no names."
    )
    table.key("inbox", \.inbox, .path, "The local folder that collected files come to.")
    table.optional(
      "language", \.language,
      .word(
        LocalizedText("da or en", "da eller en"),
        remedy: LocalizedText("da is Danish, en is English", "da er dansk, en er engelsk")),
      otherwise: "that of LC_ALL, LC_MESSAGES or LANG", example: "da",
      "The language of the commands; --language comes before it. That of alerts stands under watch: alerts:."
    )
    table.required(
      "accounts", \.accounts, .accounts, missing: LocalizedText("at least one account", "mindst én konto"),
      "One account for each SFTP user. Test and production are two accounts, with two keys.")
    table.key(
      "routes", \.ownRoutes, .routes,
      "Ways out: which account sends what to whom. `filsluse send FILE --route NAME` sends by one of them.")
    table.optional(
      "routes-file", \.routesFile, .path, otherwise: "the routes under routes: alone", example: "routes.csv",
      "The list of a route register, routes.csv or routes.yaml, for many routes: one line for each, with templates for what repeats, and a record of states, orders and tasks beside it. Its routes are used like those under routes:."
    )
    table.key(
      "changed-specification", \.changedSpecification, .word(LocalizedText("warn or block", "warn eller block")),
      "What becomes of files of SF1630 whose data specification is another than the declared one, until a new edition of the declaration is recorded. warn: they are sent; block: they are refused."
    )
    table.key(
      "arrivals", \.arrivals, .arrivals,
      "Ways in: what an account expects to receive, and from whom it takes it. A list that is left out is not checked."
    )
    table.key(
      "infrefs", \.register, .register,
      "InfRefs that your own register declares and that Filsluse does not know; they are taken as they stand.")
    table.key(
      "watch", \.watch, .watch, otherwise: "as below, without rules",
      "The settings of `filsluse watch`. A plain list here is the rules alone.")
    table.optional(
      "alert", \.alert, .section(AlertCommand.table),
      "The program that `filsluse run` starts when a person must look: no shell, a JSON object on its standard input, with kind, account, number, message, and resolved: true where a problem is over."
    )
  }
}

extension ValueType<Set<String>> {
  /// The names that are right count even where others are wrong, so that references to them are no further problems.
  fileprivate static var register: Self {
    let expected = LocalizedText("a list of InfRefs", "en liste over InfRefs")
    let name = ValueType<String>.text(
      LocalizedText("an InfRef", "en InfRef"),
      remedy: LocalizedText(
        "write it exactly as it stands on the declaration", "skriv den præcis, som den står i deklarationen")
    ) { text in
      let hasNoSpace = text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
      return hasNoSpace && text.escapingControls == text && !text.isEmpty
    }
    return Self(expected: expected) { entry, reader in
      entry.list(expected).map { Set($0.compactMap { name.read($0, reader) }) }
    } write: { register, _ in
      register.isEmpty ? nil : .list(register.sorted().map(YAMLValue.text))
    }
  }
}

extension AlertCommand {
  fileprivate static let table = KeyTable("The alert program", blank: AlertCommand(command: [])) { table in
    table.required(
      "run", \.command, .command,
      missing: LocalizedText("the program and its arguments", "programmet og dets argumenter"),
      "The program and its arguments.")
    table.key("timeout", \.timeout, .period, "The time limit of one run.")
  }
}
