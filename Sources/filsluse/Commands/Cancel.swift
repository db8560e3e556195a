import ArgumentParser
import FileExchange
import FilsluseBase
import TriggerFiles

/// `filsluse cancel`: gives up deliveries that the platform cannot have yet, or the wait for one that it may have.
struct Cancel: AsyncParsableCommand, GoesOnWhenRepeated {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: LocalizedText(
      "Give up deliveries whose trigger is not out yet, and remove their data from OUT.",
      "Annullér leveringer, hvis trigger ikke er ude endnu, og fjern deres data fra OUT."
    ).shown,
    discussion: LocalizedText(
      """
      When the trigger is out there is nothing to cancel: the platform may have the file. With --give-up its receipt is \
      no longer waited for, so that its name can be used again; the journal says so, and a receipt that comes still counts. \
      Where a delivery stopped just before its trigger, both look into OUT first, which can take half a minute: a trigger \
      that is not out is taken back, and the delivery is cancelled.
      """,
      """
      Når triggeren er ude, er der intet at annullere: platformen har måske filen. Med --give-up ventes der ikke længere på \
      kvitteringen, så navnet kan bruges igen; journalen siger det, og en kvittering, der kommer, gælder stadig. Hvor en levering \
      standsede lige før sin trigger, ser begge dele først efter i OUT, hvilket kan tage et halvt minut: en trigger, der ikke er \
      ude, tages tilbage, og leveringen annulleres.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The deliveries' numbers, as send and journal list show them: D12, or 12.",
      "Leveringernes numre, som send og journal list viser dem: D12 eller 12."),
    completion: Proposals.newDeliveries, transform: EntryNumber.parseDelivery)
  var deliveries: [Int64]

  @Flag(
    help: ArgumentHelp(
      "Stop waiting for the receipt of a delivery that the platform may have.",
      "Hold op med at vente på kvitteringen for en levering, som platformen måske har."))
  var giveUp = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    try await settings.waitForLocalPlatform(isRequired: false)
    try await Exchange.during(settings, logger: CommandLogger.make()) { try await cancelAll(over: $0) }
  }

  private func cancelAll(over exchange: Exchange) async throws {
    var lines: [Line] = []
    var statuses: [ExitStatus] = []
    for id in deliveries {
      do throws(ExchangeError) {
        let ended = giveUp ? try await exchange.giveUp(id) : try await exchange.cancel(id)
        lines.append(Line(delivery: "D\(id)", name: Masked.name(ended.wireName.string), state: ended.state))
      } catch {
        Output.note(error.explanation)
        statuses.append(error.exitStatus)
        lines.append(Line(delivery: "D\(id)", error: ReportedError(error)))
      }
    }
    if output.json {
      try Output.print(json: lines)
    } else {
      for line in lines {
        guard let name = line.name, let state = line.state else { continue }
        let delivery = "\(line.delivery) (\(name))"
        let text = LocalizedText("\(delivery) is \(state.title.en)", "\(delivery) er \(state.title.da)")
        Output.print(Printable.text(text.shown))
      }
    }
    let worst = ExitStatus.worst(statuses)
    if worst != .done { throw CommandFailure(worst) }
  }

  private struct Line: Encodable {
    let delivery: String
    /// The name and the present state; `nil` after a failure.
    var name: String?
    var state: DeliveryState?
    var error: ReportedError?
  }
}
