import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseSystem
import SystemPackage

/// `filsluse send`: delivers files by a route, or a list of files by the routes of their municipalities.
struct Send: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deliver files to OUT, each with its trigger, and wait for the platform's receipts.",
    discussion: """
      A delivery that an earlier run began is finished, not begun anew; what was delivered before is not sent again.
      While it waits it says on standard error what for: a file that still lies in OUT, or a receipt.

      The list of --batch is CSV with a header: the column file, and either route or municipality (its code; the file \
      then goes by every route of that municipality). It can also be a pattern of file names that say which municipality \
      each file belongs to: 'dir/udtræk_{code}_{name}_*.csv'. Everything is checked before anything is sent.
      """)

  /// No list of files comes near this many bytes; one that does is something else.
  private static let listLimit = 16 << 20

  @Argument(help: "The files.")
  var files: [String] = []

  @Option(help: "The route's name in the settings.")
  var route: String?

  @Option(
    help: ArgumentHelp(
      "A list of files with their routes or municipalities, or a pattern of names with {code} or {name}.",
      valueName: "list.csv"))
  var batch: String?

  @Option(help: "The name on the wire; for a single file.")
  var name: String?

  @Flag(help: "Send even what was delivered before, with the same content, name and route.")
  var again = false

  @Flag(help: "Do not wait for the receipts.")
  var noWait = false

  @Option(help: ArgumentHelp("How long to wait for the receipts.", valueName: "10m"), transform: Period.parse)
  var waitFor: Duration = .seconds(600)

  @Option(help: ArgumentHelp("How often to say what is waited for.", valueName: "30s"), transform: Period.parse)
  var reportEvery: Duration = .seconds(30)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard files.isEmpty != (batch == nil) else {
      throw ValidationError("name either files or a list (--batch), not both and not neither")
    }
    guard batch == nil || route == nil else { throw ValidationError("--route goes with files; a list names its own") }
    guard files.isEmpty || route != nil else { throw ValidationError("say which way they go: --route NAME") }
    guard reportEvery >= .milliseconds(100) else { throw ValidationError("--report-every is 100ms at least") }
    guard name == nil || files.count == 1 else { throw ValidationError("--name goes with a single file") }
  }

  func run() async throws {
    let settings = try settings.load()
    let orders = try orders(settings)
    let exchange = try await Exchange.open(settings, logger: CommandLogger.make())
    let progress = TransferLine(verb: "sent", total: orders.count)
    var options = Exchange.DeliveryOptions(waitForReceipts: noWait ? nil : waitFor)
    options.waitingReport = reportEvery
    options.onProgress = { news in
      switch news {
      case .sent(let bytes): progress.add(bytes: bytes)
      case .triggered: progress.addFile()
      case .waiting(let report): for line in WaitingLines(report).lines { Output.remark(line) }
      case .staged, .settled: break
      }
    }
    let reports = await exchange.deliver(orders, options: options)
    progress.finish()
    try SendResult(reports: reports, waited: !noWait).show(json: output.json)
  }

  private func orders(_ settings: ExchangeSettings) throws -> [DeliveryOrder] {
    guard let batch else {
      return files.map { DeliveryOrder(file: FilePath($0), route: route ?? "", wireName: name, again: again) }
    }
    return try Self.batch(batch, settings).orders.map { order in
      var order = order
      order.again = again
      return order
    }
  }

  private static func batch(_ text: String, _ settings: ExchangeSettings) throws -> DeliveryBatch {
    if DeliveryBatch.isPattern(text) { return try DeliveryBatch(pattern: text, settings: settings) }
    let path = FilePath(text)
    return try DeliveryBatch(reading: try InputFile.read(path, upTo: listLimit), from: path, settings: settings)
  }
}
