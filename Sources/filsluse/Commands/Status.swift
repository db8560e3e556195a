import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse status`: everything that waits for a person, on one screen.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: LocalizedText(
      "Show everything that stands still for good or waits for a person.",
      "Vis alt, der er gået i stå eller venter på en person."
    ).shown,
    discussion: LocalizedText(
      """
      Exit status 0 when there is nothing, 1 when there is something. What nothing ends by itself can be closed: refused, \
      quarantined and set-aside files and the like, by what stands under ABOUT. Deliveries under way that no process is \
      working on are shown with the command that they go on by. They count for the exit status once they are problems: \
      abandoned an hour after their begin, overdue after the account's receipt-within. Watched folders whose route is \
      not cleared for sending (routes-file:, in production) are shown with the reason, and count. The kinds:

      \(OpenProblem.Kind.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: "\n"))
      """,
      """
      Slutstatus 0, når der intet er, 1, når der er noget. Det, som intet afslutter af sig selv, kan lukkes: afviste filer, filer \
      i karantæne, filer lagt til side og lignende, ved det, der står under OM. Leveringer undervejs, som ingen proces \
      arbejder på, vises med den kommando, de fortsætter ved. De tæller med i slutstatus, når de er problemer: \
      abandoned en time efter deres begyndelse, overdue efter kontoens receipt-within. Overvågede mapper, hvis rute ikke \
      må bruges (routes-file:, i produktion), vises med grunden og tæller med. Slagsene:

      \(OpenProblem.Kind.allCases.map { "\($0.rawValue): \($0.danishExplanation)." }.joined(separator: "\n"))
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "Close what is open about a delivery, an arrival, a file or a folder, because it was dealt with in another way.",
      "Luk det, der er åbent om en levering, en modtagelse, en fil eller en mappe, fordi det er klaret på anden vis.",
      valueName: "D12"), completion: Proposals.waitingNumbers)
  var close: String?

  @Option(
    help: ArgumentHelp(
      "What was done about it; kept in the journal.", "Hvad der blev gjort ved det; gemmes i journalen.",
      valueName: "text"))
  var because: String?

  @Option(
    help: ArgumentHelp(
      "How many problems of each kind are shown; all are counted.",
      "Hvor mange problemer af hver slags der vises; alle tælles med.", valueName: "number"))
  var most = 20

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard most > 0 else { throw ValidationError("--most is at least 1", "--most er mindst 1") }
    guard (close == nil) == (because == nil) else {
      throw ValidationError("--close and --because belong together", "--close og --because hører sammen")
    }
    guard close.map({ !$0.isEmpty }) ?? true else {
      throw ValidationError("--close wants what stands under ABOUT", "--close skal have det, der står under OM")
    }
    guard because.map({ !$0.isEmpty }) ?? true else {
      throw ValidationError("--because wants a reason", "--because skal have en begrundelse")
    }
  }

  func run() async throws {
    let loaded = try settings.load()
    if let close, let because { return try await self.close(close, because: because, loaded) }
    let journal = try await settings.openNewestJournalToRead(of: loaded)
    let problems = try await journal.openProblems(of: loaded, most: most)
    let waiting = try await journal.waitingDeliveries(of: loaded.accounts)
    let refused = loaded.routes.compactMap { RefusedFolder($0, settings: loaded) }
    try show(problems, waiting, refused)
    if !problems.isEmpty || !refused.isEmpty { throw CommandFailure(.warning) }
  }

  private func close(_ subject: String, because reason: String, _ settings: ExchangeSettings) async throws {
    let journal = try await Journal.open(of: settings)
    let closed = try await journal.closeProblems(about: subject, of: settings.accounts, because: reason)
    guard !closed.isEmpty else {
      throw CommandFailure(
        .badData, code: .nothingToClose,
        "nothing about \(subject) can be closed", "intet om \(subject) kan lukkes",
        remedy: LocalizedText(
          "filsluse status shows what is open under ABOUT", "filsluse status viser under OM, hvad der er åbent"))
    }
    if output.json { return try Output.print(json: closed.map(\.rawValue)) }
    let kinds = closed.map(\.rawValue).joined(separator: ", ")
    let text = LocalizedText("\(kinds) closed", "\(kinds) lukket")
    Output.print("\(Printable.text(subject)): \(text.shown)")
  }

  private static func summary(_ count: Int) -> LocalizedText {
    switch count {
    case 0: LocalizedText("nothing waits for a person", "intet venter på en person")
    case 1: LocalizedText("1 thing waits for a person", "1 ting venter på en person")
    default: LocalizedText("\(count) things wait for a person", "\(count) ting venter på en person")
    }
  }

  private func show(_ all: OpenProblems, _ waiting: [WaitingDelivery], _ refused: [RefusedFolder]) throws {
    let language = language.chosen
    if output.json {
      return try Output.print(json: ProblemReport(all, waiting: waiting, refused: refused, in: language))
    }
    var table = Table(header: ("KIND|ACCOUNT|SINCE|ABOUT|WHAT", "SLAGS|KONTO|SIDEN|OM|HVAD"))
    for problem in all.problems {
      let line = [
        problem.key.kind.rawValue, problem.key.account ?? "-",
        WallClock.denmark.stamp(at: problem.since),
        problem.key.subject.isEmpty ? "-" : problem.key.subject, problem.line(in: language),
      ]
      table.add(line.map(Printable.text))
    }
    if !table.isEmpty { Output.print(table.text) }
    for kind in OpenProblem.Kind.allCases {
      let shown = all.problems.count { $0.key.kind == kind }
      let hidden = (all.counts[kind] ?? 0) - shown
      let more = LocalizedText("\(kind.rawValue): \(hidden) more", "\(kind.rawValue): \(hidden) til")
      if hidden > 0 { Output.print(more[language]) }
    }
    showRefused(refused, in: language)
    showUnderWay(waiting, in: language)
    var summary = Self.summary(all.count)
    if !refused.isEmpty {
      summary =
        summary
        + LocalizedText(
          "; \(refused.count.counted("watched folder is", "watched folders are")) not cleared for sending",
          "; \(refused.count.counted("overvåget mappe", "overvågede mapper")) må ikke sendes fra")
    }
    if !waiting.isEmpty {
      summary =
        summary
        + LocalizedText(
          "; \(waiting.count.counted("delivery", "deliveries")) under way",
          "; \(waiting.count.counted("levering", "leveringer")) undervejs")
    }
    Output.note(summary[language])
  }

  /// Shows the watched folders whose files would be refused, before files come.
  private func showRefused(_ refused: [RefusedFolder], in language: ReportLanguage) {
    guard !refused.isEmpty else { return }
    var table = Table(header: ("NOT CLEARED|ACCOUNT|FOLDER|WHY", "IKKE KLAR|KONTO|MAPPE|HVORFOR"))
    for folder in refused.prefix(most) {
      let line = [
        folder.route.name, folder.route.account, Masked.name(folder.folder.string), folder.reasons[language],
      ]
      table.add(line.map(Printable.text))
    }
    Output.print(table.text)
    let hidden = refused.count - most
    let more = LocalizedText("not cleared: \(hidden) more", "ikke klar: \(hidden) til")
    if hidden > 0 { Output.print(more[language]) }
  }

  /// Shows the deliveries that wait for their next command, with the command that they go on by.
  private func showUnderWay(_ waiting: [WaitingDelivery], in language: ReportLanguage) {
    guard !waiting.isEmpty else { return }
    var table = Table(header: ("UNDER WAY|ACCOUNT|STATE|SINCE|FILE|NEXT", "UNDERVEJS|KONTO|TILSTAND|SIDEN|FIL|NÆSTE"))
    for delivery in waiting.prefix(most) {
      let line = [
        delivery.number, delivery.account, delivery.state.title[language], WallClock.denmark.stamp(at: delivery.since),
        delivery.fileName, delivery.next[language],
      ]
      table.add(line.map(Printable.text))
    }
    Output.print(table.text)
    let hidden = waiting.count - most
    let more = LocalizedText("under way: \(hidden) more", "undervejs: \(hidden) til")
    if hidden > 0 { Output.print(more[language]) }
  }
}
