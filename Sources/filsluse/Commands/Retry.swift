import ArgumentParser
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse retry`: tries deliveries and arrivals again that were refused, cancelled or set aside.
struct Retry: AsyncParsableCommand, GoesOnWhenRepeated {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: LocalizedText(
      "Try deliveries and arrivals again that were refused, cancelled, set aside or given up.",
      "Prøv leveringer og modtagelser igen, der er afvist, annulleret, lagt til side eller opgivet."
    ).shown,
    discussion: LocalizedText(
      """
      A file that came from a watched folder is put back there, and filsluse run delivers it. Any other is delivered now, \
      as long as its file lies where it was with the same content; where only the trigger is missing, and for a business \
      receipt, no file is needed. Each try is a delivery with a number of its own; where a later one is under way or was \
      accepted, that is told and nothing is sent anew. An \
      arrival that was set aside is taken up again by the next filsluse receive or run; with --by-hand its program is not \
      run any more, because a person has done its work.

      Of machines with one journal on a server, --left-by takes over what lies in the inbox of one that never comes back, and \
      the others go on meanwhile: the next receive or run on this machine fetches those files from IN again. A program that \
      had one there gets it once more, with the same FileTransferUUID. Before that machine is used again, its inbox must be \
      emptied.
      """,
      """
      En fil, der kom fra en overvåget mappe, lægges tilbage der, og filsluse run leverer den. Alle andre leveres nu, så længe \
      filen ligger, hvor den lå, med samme indhold; hvor kun triggeren mangler, og til en forretningskvittering, behøves ingen fil. \
      Hvert forsøg er en levering med sit eget nummer; hvor en senere er i gang eller er godkendt, siges det, og intet sendes igen. \
      En modtagelse, der er lagt til side, tages op igen af næste filsluse receive eller run; med --by-hand køres dens program \
      ikke mere, fordi en person har gjort arbejdet.

      Af maskiner med én journal på en server overtager --left-by det, der ligger i indbakken på en, der aldrig kommer igen, og de \
      andre arbejder videre imens: næste receive eller run på denne maskine henter de filer fra IN igen. Et program, der havde en af \
      dem dér, får den en gang til med samme FileTransferUUID. Før den maskine bruges igen, skal dens indbakke tømmes.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The numbers, as journal list shows them: D12 or A7.", "Numrene, som journal list viser dem: D12 eller A7."),
    completion: Proposals.waitingNumbers, transform: EntryNumber.parse)
  var numbers: [EntryNumber] = []

  @Flag(
    help: ArgumentHelp(
      "Call arrivals handed over that a person has taken over by hand; they are removed from IN.",
      "Kald modtagelser overdraget, som en person har overtaget i hånden; de fjernes fra IN."))
  var byHand = false

  @Option(
    help: ArgumentHelp(
      "Instead of numbers: the arrivals in the inbox of a machine that is gone for good; they are fetched again here.",
      "I stedet for numre: modtagelserne i indbakken på en maskine, der er væk for altid; de hentes igen her.",
      valueName: "machine"))
  var leftBy: String?

  @Option(
    help: ArgumentHelp(
      "The reason for --left-by, for the journal.", "Begrundelsen for --left-by, til journalen.", valueName: "text"))
  var reason: String?

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let reason { try Remark.check(reason, as: "--reason") }
    guard numbers.isEmpty != (leftBy == nil), leftBy == nil || !byHand else {
      throw ValidationError(
        remedy: LocalizedText(
          "give the numbers, or --left-by with a machine alone", "angiv numrene, eller --left-by med en maskine alene"))
    }
    guard (leftBy == nil) == (reason == nil) else {
      throw ValidationError(
        "--left-by and --reason belong together: the journal keeps why",
        "--left-by og --reason hører sammen: journalen gemmer hvorfor")
    }
    if byHand, let delivery = numbers.first(where: \.isDelivery) {
      throw ValidationError(
        "\(delivery.text) is a delivery, and --by-hand is for arrivals",
        "\(delivery.text) er en levering, og --by-hand er for modtagelser",
        remedy: LocalizedText(
          "cancel it, or give it up (filsluse cancel)", "annullér den, eller opgiv den (filsluse cancel)"))
    }
  }

  func run() async throws {
    let settings = try settings.load()
    // Arrivals are taken up again by the next receive or run.
    if numbers.contains(where: \.isDelivery) { try await settings.waitForLocalPlatform(isRequired: false) }
    try await Exchange.during(settings, logger: CommandLogger.make()) { try await retryAll(over: $0) }
  }

  private func retryAll(over exchange: Exchange) async throws {
    var lines: [Line] = []
    var statuses: [ExitStatus] = []
    if let leftBy, let reason {
      for arrival in try await exchange.takeOver(leftBy: leftBy, because: reason, person: speaker.name) {
        lines.append(Line(number: "A\(arrival.id)", outcome: Self.isTakenUp(arrival)))
      }
      if lines.isEmpty {
        Output.note(
          LocalizedText("no arrival is in that machine's inbox", "ingen modtagelse er i den maskines indbakke").shown)
      }
    }
    for number in numbers {
      do throws(ExchangeError) {
        let (line, status) = try await retry(number, exchange)
        lines.append(line)
        statuses.append(status)
      } catch {
        Output.note(error.explanation)
        statuses.append(error.exitStatus)
        lines.append(Line(number: number.text, error: ReportedError(error)))
      }
    }
    if output.json {
      try Output.print(json: lines)
    } else {
      for line in lines {
        guard let outcome = line.outcome else { continue }
        let before = line.before.map { LocalizedText("it was \($0); ", "den var \($0); ").shown } ?? ""
        Output.print(Printable.text("\(line.number): \(before)\(outcome)"))
      }
    }
    let worst = ExitStatus.worst(statuses)
    if worst != .done { throw CommandFailure(worst) }
  }

  private func retry(_ number: EntryNumber, _ exchange: Exchange) async throws(ExchangeError) -> (Line, ExitStatus) {
    let before = try await Self.former(number, exchange)
    let (tried, status) = try await tryAgain(number, exchange)
    var line = tried
    line.before = before
    return (line, status)
  }

  /// Returns its previous state, and the reason for that.
  private static func former(_ number: EntryNumber, _ exchange: Exchange) async throws(ExchangeError) -> String? {
    switch number {
    case .delivery(let id):
      return try await exchange.delivery(id).map { text($0.state.title, $0.outcome) }
    case .arrival(let id):
      return try await exchange.arrival(id).map { text($0.state.title, $0.reason?.text(in: OutputLanguage.current)) }
    }
  }

  private static func text(_ state: LocalizedText, _ reason: String?) -> String {
    // In JSON it is the code.
    Masked.name((Output.isJSON ? state.en : state.shown) + (reason.map { " (\($0))" } ?? ""))
  }

  private func tryAgain(
    _ number: EntryNumber, _ exchange: Exchange
  ) async throws(ExchangeError) -> (Line, ExitStatus) {
    switch number {
    case .delivery(let id):
      switch try await exchange.retry(id) {
      case .putBack(let path):
        return (Line(number: "D\(id)", outcome: putBack(path)), .done)
      case .delivered(let report):
        if let error = report.error { throw error }
        let state = report.delivery?.state
        let status: ExitStatus = state == .accepted ? .done : state == .refused ? .refused : .notDoneYet
        let now = report.delivery.map { Self.state(of: $0) } ?? ""
        return (Line(number: "D\(id)", outcome: now, delivery: report.delivery.map { "D\($0.id)" }), status)
      }
    case .arrival(let id) where byHand:
      let arrival = try await exchange.takeOverByHand(arrival: id)
      let name = Masked.name(arrival.wireName.string)
      let outcome = LocalizedText(
        "\(name) is called handed over; the next receive or run removes it from IN",
        "\(name) kaldes overdraget; næste receive eller run fjerner den fra IN")
      return (Line(number: "A\(id)", outcome: outcome.shown), .done)
    case .arrival(let id):
      let arrival = try await exchange.retry(arrival: id)
      return (Line(number: "A\(id)", outcome: Self.isTakenUp(arrival)), .done)
    }
  }

  private static func isTakenUp(_ arrival: Arrival) -> String {
    let name = Masked.name(arrival.wireName.string)
    return LocalizedText(
      "\(name) is taken up again by the next receive or run", "\(name) tages op igen af næste receive eller run"
    ).shown
  }

  private func putBack(_ path: FilePath) -> String {
    let name = Masked.name(path.string)
    return LocalizedText("put back: \(name)", "lagt tilbage: \(name)").shown
  }

  private static func state(of delivery: Delivery) -> String {
    let state = delivery.state.title
    return LocalizedText("D\(delivery.id) is \(state.en)", "D\(delivery.id) er \(state.da)").shown
  }

  private struct Line: Encodable {
    let number: String
    /// The state before, with its reason.
    var before: String?
    /// The result of the retry; `nil` where it failed.
    var outcome: String?
    /// The delivery that it became.
    var delivery: String?
    var error: ReportedError?
  }
}
