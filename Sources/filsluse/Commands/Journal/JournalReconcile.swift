import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import TriggerFiles

/// `filsluse journal reconcile`: compares a journal on a server that has lost its last entries with the knowledge of
/// the machines and the platform, before anything is sent.
struct JournalReconcile: AsyncParsableCommand, GoesOnWhenRepeated {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: LocalizedText(
      "Compare a journal on a server that has lost its last entries with OUT, IN and this machine's files.",
      "Sammenhold en journal på en server, der har mistet sine sidste poster, med OUT, IN og denne maskines filer."
    ).shown,
    discussion: LocalizedText(
      """
      For the case that a standby has taken over without the last commits, or a restored copy is older than the machines' \
      high-water marks. Without --apply nothing is changed: it says of each delivery and arrival that may have gone further \
      what is proven (a receipt in IN, a trigger in OUT, a file in the inbox) and what is not.

      End filsluse run and filsluse watch on all machines first. Run it on each of them, and then with --apply and --reason on \
      each: what is proven is written into the journal, and the machine's mark is taken over. From the first one on nobody can \
      use the journal, until the last machine has had its part. What nobody can prove then waits for your answer: --done and \
      --not-done take the numbers that are shown, or all. An account that cannot be looked at is shown as account:<name>, and its deliveries as \
      unproven; an answer about it goes on without it. A machine that is gone for good is left out by --without. The journal \
      keeps your name and the reason.

      Nothing is sent or removed. What the journal does not know, and a receipt or a trigger shows, is listed: ordered again, it \
      would be sent again. Files in watched folders that the journal does not know are set aside by the next run.
      """,
      """
      Til det tilfælde, at en standby har overtaget uden de sidste ændringer, eller en gendannet kopi er ældre end maskinernes \
      højvandsmærker. Uden --apply ændres intet: den siger om hver levering og modtagelse, der kan være nået længere, hvad der er \
      bevist (en kvittering i IN, en trigger i OUT, en fil i indbakken), og hvad der ikke er.

      Stop først filsluse run og filsluse watch på alle maskiner. Kør den på hver af dem, og derefter med --apply og --reason på \
      hver: det, der er bevist, skrives i journalen, og maskinens mærke overtages. Fra den første kan ingen bruge journalen, før \
      den sidste maskine har haft sin del. Det, som ingen kan bevise, venter da på dit svar: --done og --not-done tager de viste \
      numre, eller all. En konto, der ikke kan ses, vises som account:<navn> og dens leveringer som ikke beviste; et svar om den går \
      videre uden den. En maskine, der er væk for altid, udelades med --without. Journalen gemmer dit navn og begrundelsen.

      Intet sendes eller fjernes. Det, som journalen ikke kender, og som en kvittering eller en trigger viser, står på listen: \
      bestilles det igen, sendes det igen. Filer i overvågede mapper, som journalen ikke kender, lægges til side af næste kørsel.
      """
    ).shown)

  @Flag(
    help: ArgumentHelp(
      "Write what is proven, and the answers, into the journal.", "Skriv det beviste og svarene i journalen."))
  var apply = false

  @Option(
    help: ArgumentHelp(
      "Unproven, and done: a delivery that was sent (D12), an arrival that was received (its FileTransferUUID), or all.",
      "Ikke bevist, men gjort: en levering, der er sendt (D12), en modtagelse, der er modtaget (dens FileTransferUUID), eller all.",
      valueName: "number"))
  var done: [String] = []

  @Option(
    help: ArgumentHelp(
      "Unproven, and not done: it is sent, or collected, as if it was new.",
      "Ikke bevist og ikke gjort: den sendes eller hentes som ny.", valueName: "number"))
  var notDone: [String] = []

  @Option(
    help: ArgumentHelp(
      "A machine that is gone for good, by its host's name, or by its number where several have that.",
      "En maskine, der er væk for altid, ved værtens navn eller, hvor flere har det, ved dens nummer.",
      valueName: "machine"))
  var without: [String] = []

  @Option(help: ArgumentHelp("The reason, for the journal.", "Begrundelsen, til journalen.", valueName: "text"))
  var reason: String?

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let reason { try Remark.check(reason, as: "--reason") }
    if apply, reason == nil {
      throw ValidationError(
        "--apply needs --reason: the journal keeps why", "--apply kræver --reason: journalen gemmer hvorfor")
    }
    if !apply, !done.isEmpty || !notDone.isEmpty || !without.isEmpty || reason != nil {
      throw ValidationError(
        "answers are for --apply; without it nothing is changed", "svar hører til --apply; uden den ændres intet")
    }
  }

  func run() async throws {
    let loaded = try settings.load()
    let report: Reconciliation
    if apply {
      var answers = ReconciliationAnswers(person: speaker.name, reason: reason ?? "")
      answers.done = Set(done)
      answers.notDone = Set(notDone)
      answers.leftOut = Set(without)
      report = try await Exchange.reconcile(loaded, with: answers, logger: CommandLogger.make())
    } else {
      report = try await Exchange.examineLoss(of: loaded, logger: CommandLogger.make())
    }
    if output.json {
      try Output.print(json: Report(report, in: language.chosen))
    } else {
      show(report)
    }
    try end(report)
  }

  private func show(_ report: Reconciliation) {
    Output.print(Self.loss(report).shown)
    for item in report.items {
      show("\(item.number) \(Masked.name(item.name))", Self.word(item.finding), item.evidence)
    }
    let isUnknown = LocalizedText("sent, and not in the journal", "sendt og ikke i journalen")
    for delivery in report.unknown { show(Masked.name(delivery.name), isUnknown, delivery.evidence) }
    if report.isEnded {
      Output.print(LocalizedText("the journal can be used again", "journalen kan bruges igen").shown)
    } else if !report.awaited.isEmpty {
      let machines = report.awaited.map(Masked.name).joined(separator: ", ")
      let line = LocalizedText(
        "these machines have to have their part: \(machines)", "disse maskiner skal have deres del: \(machines)")
      Output.print(Printable.text(line.shown))
    }
  }

  private func show(_ name: String, _ finding: LocalizedText, _ evidence: LocalizedText) {
    let line = LocalizedText("\(name): \(finding.en); \(evidence.en)", "\(name): \(finding.da); \(evidence.da)")
    Output.print(Printable.text(line.shown))
  }

  private static func loss(_ report: Reconciliation) -> LocalizedText {
    if report.lostEntries == 0 {
      return LocalizedText(
        "the journal has every entry that this machine knows of, up to \(report.last.number)",
        "journalen har hver post, som denne maskine kender, til og med \(report.last.number)")
    }
    let (count, last) = (Int(report.lostEntries), report.last.number)
    return LocalizedText(
      "the journal ends with entry \(last), and lacks at least \(count.counted("entry", "entries")) that this machine knows of",
      "journalen slutter med post \(last) og mangler mindst \(count.counted("post", "poster")), som denne maskine kender"
    )
  }

  private static func word(_ finding: Reconciliation.Item.Finding) -> LocalizedText {
    switch finding {
    case .done: LocalizedText("done", "gjort")
    case .notDone: LocalizedText("not done", "ikke gjort")
    case .gone: LocalizedText("gone from IN", "væk fra IN")
    case .unproven: LocalizedText("not proven", "ikke bevist")
    }
  }

  private func end(_ report: Reconciliation) throws {
    let count = report.unanswered.count
    if count > 0, apply, !report.isWritten {
      throw CommandFailure(
        .notDoneYet,
        "nothing is written: \(count) cannot be proven", "intet er skrevet: \(count) kan ikke bevises",
        remedy: LocalizedText("answer with --done and --not-done", "svar med --done og --not-done"))
    }
    if count > 0, !apply {
      throw CommandFailure(
        .notDoneYet, "\(count) cannot be proven here", "\(count) kan ikke bevises her",
        remedy: LocalizedText("a person has to answer with --apply", "en person skal svare med --apply"))
    }
  }

  private struct Report: Encodable {
    struct Item: Encodable {
      let account: String
      let number: String?
      let name: String
      let finding: String
      let evidence: String
    }

    let lastEntry: Int64
    let mark: String?
    let lostEntries: Int64
    let items: [Item]
    let unknown: [Item]
    let awaitedMachines: [String]
    let unanswered: [String]
    let isWritten: Bool
    let isEnded: Bool

    init(_ report: Reconciliation, in language: ReportLanguage) {
      lastEntry = report.last.number
      mark = report.mark?.description
      lostEntries = report.lostEntries
      items = report.items.map { item in
        Item(
          account: item.account, number: item.number, name: Masked.name(item.name), finding: item.finding.rawValue,
          evidence: item.evidence[language])
      }
      unknown = report.unknown.map { delivery in
        Item(
          account: delivery.account, number: nil, name: Masked.name(delivery.name), finding: "unknown",
          evidence: delivery.evidence[language])
      }
      awaitedMachines = report.awaited
      unanswered = report.unanswered.map(\.number)
      isWritten = report.isWritten
      isEnded = report.isEnded
    }
  }
}
