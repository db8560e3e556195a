import ArgumentParser
import ExchangeSettings
import FileExchange

/// `filsluse receive`: collects everything that waits.
struct Receive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Collect everything that waits in IN into the inbox folder, and the receipts of what was sent.",
    discussion: """
      Data is fetched only when its metadata is read and expected (arrivals: in the settings), appears in the inbox \
      whole, and is removed from IN only then. What cannot be collected stays in IN and is named.
      """)

  @Option(help: "The account to collect for; every account when none is named.")
  var account: String?

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    let exchange = try await Exchange.open(settings, logger: CommandLogger.make())
    let names = account.map { [$0] } ?? settings.accounts.map(\.name)
    let progress = TransferLine(verb: "fetched", total: nil)
    var reports: [CollectionReport] = []
    for name in names {
      reports.append(
        await exchange.collect(name) { news in
          switch news {
          case .fetched(let bytes): progress.add(bytes: bytes)
          case .collected: progress.addFile()
          case .found: break
          }
        })
    }
    progress.finish()
    try ReceiveResult(reports: reports).show(json: output.json)
  }
}
