import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

/// `filsluse send`: delivers files by a route, or a list of files by the routes of their municipalities.
struct Send: AsyncParsableCommand, GoesOnWhenRepeated {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract: LocalizedText(
      "Deliver files to OUT, each with its trigger, and wait for the platform's receipts.",
      "Levér filer til OUT, hver med sin trigger, og vent på platformens kvitteringer."
    ).shown,
    discussion: LocalizedText(
      """
      A delivery that an earlier run began is finished, not begun anew; what was delivered before is not sent again.
      While it waits it says on standard error what for: a file that still lies in OUT, or a receipt.

      The list of --batch is CSV with a header: the column file, and either route or municipality (its code; the file \
      then goes by every route of that municipality). It can also be a pattern of file names that say which municipality \
      each file belongs to: 'dir/udtræk_{code}_{name}_*.csv'. Everything is checked before anything is sent.

      A file whose name says two municipalities, or another than its route's, is refused. Where a word or number of the \
      name means no municipality, state what the file holds (--holds-municipality, or the list's column \
      holds-municipality), or name it under not-municipalities: of the route. The journal keeps either.
      """,
      """
      En levering, som en tidligere kørsel begyndte, gøres færdig og begyndes ikke forfra; det, der er leveret før, sendes ikke igen. \
      Mens der ventes, siges det på standardfejl hvad på: en fil, der stadig ligger i OUT, eller en kvittering.

      Listen til --batch er CSV med en overskrift: kolonnen file og enten route eller municipality (koden; filen går så ad \
      alle kommunens ruter). Den kan også være et mønster af filnavne, der siger, hvilken kommune hver fil hører til: \
      'dir/udtræk_{code}_{name}_*.csv'. Alt kontrolleres, før noget sendes.

      En fil, hvis navn siger to kommuner eller en anden end rutens, afvises. Hvor et ord eller tal i navnet ikke betyder en \
      kommune, angives det, hvad filen hører til (--holds-municipality eller listens kolonne holds-municipality), eller det nævnes \
      under not-municipalities: på ruten. Journalen gemmer begge dele.
      """
    ).shown)

  /// The greatest size of a list of files; a longer file is something else.
  private static let listLimit = 16 << 20

  @Argument(help: ArgumentHelp("The files.", "Filerne."), completion: .file())
  var files: [String] = []

  @Option(
    help: ArgumentHelp("The route's name in the settings.", "Rutens navn i indstillingerne."),
    completion: Proposals.routes)
  var route: String?

  @Option(
    help: ArgumentHelp(
      "A list of files with their routes or municipalities (- for standard input), or a pattern of names with {code} or {name}.",
      "En liste af filer med ruter eller kommuner (- for standardinput) eller et mønster af navne med {code} eller {name}.",
      valueName: "list.csv"), completion: .file())
  var batch: String?

  @Option(help: ArgumentHelp("The name on the wire; for a single file.", "Navnet på vejen; til en enkelt fil."))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "The municipality that the files hold, whatever their names seem to say; the journal keeps it.",
      "Den kommune, som filerne hører til, uanset hvad navnene ser ud til at sige; journalen gemmer det.",
      valueName: "0751"))
  var holdsMunicipality: String?

  @Option(
    help: ArgumentHelp(
      "Send although the route register refuses the route; the journal keeps the reason, and what was refused, for each file.",
      "Send, selv om ruteregistret afviser ruten; journalen gemmer begrundelsen, og hvad der blev afvist, for hver fil.",
      valueName: "reason"))
  var override: String?

  @Flag(
    help: ArgumentHelp(
      "Send even what was delivered before, with the same content, name and route.",
      "Send også det, der er leveret før, med samme indhold, navn og rute."))
  var again = false

  @Flag(help: ArgumentHelp("Do not wait for the receipts.", "Vent ikke på kvitteringerne."))
  var noWait = false

  @Option(
    help: ArgumentHelp(
      "How long to wait for the receipts.", "Hvor længe der ventes på kvitteringerne.", valueName: "10m"),
    transform: Period.parse)
  var waitFor: Duration = .seconds(600)

  @Option(
    help: ArgumentHelp(
      "How often to say what is waited for.", "Hvor tit det siges, hvad der ventes på.", valueName: "30s"),
    transform: Period.parse)
  var reportEvery: Duration = .seconds(30)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !files.isEmpty || batch != nil else {
      throw ValidationError(
        remedy: LocalizedText("name files or a list (--batch)", "angiv filer eller en liste (--batch)"))
    }
    guard files.isEmpty || batch == nil else {
      throw ValidationError(
        remedy: LocalizedText(
          "name files or a list (--batch), not both", "angiv filer eller en liste (--batch), ikke begge"))
    }
    guard batch == nil || route == nil else {
      throw ValidationError(
        "--route goes with files; a list names its own", "--route hører til filer; en liste nævner selv sine ruter")
    }
    guard files.isEmpty || route != nil else {
      throw ValidationError(
        remedy: LocalizedText("say which way they go: --route NAME", "angiv, hvilken vej de skal: --route NAVN"))
    }
    guard holdsMunicipality == nil || batch == nil else {
      throw ValidationError(
        "--holds-municipality goes with files; a list states it in its column holds-municipality",
        "--holds-municipality hører til filer; en liste har det i sin kolonne holds-municipality")
    }
    try validateDetails()
  }

  private func validateDetails() throws {
    guard reportEvery >= .milliseconds(100) else {
      throw ValidationError("--report-every is 100ms at least", "--report-every er mindst 100ms")
    }
    guard override.map({ $0.contains { !$0.isWhitespace } }) ?? true else {
      throw ValidationError("--override asks for the reason, in words", "--override skal have en begrundelse i ord")
    }
    guard name == nil || files.count == 1 else {
      throw ValidationError("--name goes with a single file", "--name hører til en enkelt fil")
    }
  }

  func run() async throws {
    let settings = try settings.load()
    let orders = try orders(settings)
    try await settings.waitForLocalPlatform()
    let progress = TransferLine(
      verb: LocalizedText("sent", "sendt").shown, files: orders.count, bytes: Self.size(of: orders))
    var options = Exchange.DeliveryOptions(waitForReceipts: noWait ? nil : waitFor)
    options.waitingReport = reportEvery
    options.onProgress = { news in
      switch news {
      case .sent(let bytes): progress.add(bytes: bytes)
      case .staged(let delivery): progress.begin(delivery.wireName.string)
      case .triggered(let delivery): progress.addFile(delivery.wireName.string)
      case .waiting(let report):
        if !Output.isQuiet { for line in WaitingLines(report).lines { Output.remark(line) } }
      // Of a single file the result says so at once.
      case .nameTaken(_, let error) where orders.count > 1: progress.say(Printable.text(error.explanation))
      case .settled, .nameTaken: break
      }
    }
    let reports = try await Exchange.during(settings, logger: CommandLogger.make()) { [options] exchange in
      await exchange.deliver(reporting: orders, options: options)
    }
    progress.finish()
    try SendResult(reports: reports, waited: !noWait).show(json: output.json)
  }

  /// The size of the files that are ordered; `nil` where one of them cannot be looked at, which its delivery reports.
  private static func size(of orders: [DeliveryOrder]) -> UInt64? {
    var sum: UInt64 = 0
    for order in orders {
      var status = stat()
      guard stat(order.file.string, &status) == 0, status.st_size >= 0 else { return nil }
      sum += UInt64(status.st_size)
    }
    return sum
  }

  private func orders(_ settings: ExchangeSettings) throws -> [DeliveryOrder] {
    guard let batch else {
      return files.map {
        DeliveryOrder(
          file: FilePath($0), route: route ?? "", wireName: name, again: again, holdsMunicipality: holdsMunicipality,
          overrideReason: override)
      }
    }
    return try list(batch, settings).orders.map { order in
      var order = order
      order.again = again
      return order
    }
  }

  private func list(_ text: String, _ settings: ExchangeSettings) throws -> DeliveryBatch {
    if DeliveryBatch.isPattern(text) {
      return try DeliveryBatch(pattern: text, settings: settings, overrideReason: override)
    }
    let list = try NamedInput(text, upTo: Self.listLimit + 1)
    guard list.bytes.count <= Self.listLimit else {
      throw CommandFailure(
        .badData, "\(Printable.text(list.name)) is larger than \(Self.listLimit >> 20) MiB",
        "\(Printable.text(list.name)) er større end \(Self.listLimit >> 20) MiB",
        remedy: LocalizedText("split the list", "del listen op"))
    }
    return try DeliveryBatch(
      reading: list.bytes, from: FilePath(list.name), settings: settings, overrideReason: override)
  }
}

/// The lines of `send` while it waits: the step of the files, the waiting time, and the time left.
struct WaitingLines {
  let lines: [String]
  /// The greatest number of names shown; the others are counted.
  private static let mostNames = 5

  init(_ report: WaitingReport) {
    let rest = DurationText.format(.seconds(max(1, report.remaining.components.seconds)))
    let steps = [
      (
        report.inOut,
        LocalizedText("still in OUT, not taken by the platform", "er stadig i OUT, ikke taget af platformen")
      ),
      (
        report.taken,
        LocalizedText("taken by the platform, no receipt yet", "er taget af platformen, ingen kvittering endnu")
      ),
    ]
    lines = steps.compactMap { deliveries, step in
      guard let since = deliveries.map(\.changedAt).min() else { return nil }
      let names = deliveries.prefix(Self.mostNames).map { "\(Masked.name($0.wireName.string)) (D\($0.id))" }
      let others = deliveries.count - names.count
      let more = LocalizedText(" and \(others) more", " og \(others) til")
      let shown = names.joined(separator: ", ") + (others > 0 ? more.shown : "")
      let text = LocalizedText(
        "waiting: \(shown): \(step.en), since \(WallClock.denmark.stamp(at: since)); it waits \(rest) more at most; if it is ended, the same command goes on and sends nothing twice",
        "venter: \(shown): \(step.da), siden \(WallClock.denmark.stamp(at: since)); der ventes højst \(rest) mere; afbrydes den, fortsætter den samme kommando og sender intet to gange"
      )
      return Printable.text("filsluse: \(text.shown)")
    }
  }
}
