import ArgumentParser
import FileExchange
import FilsluseSystem

/// `filsluse cancel`: gives up deliveries that the platform cannot have yet.
struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give up deliveries whose trigger is not out yet, and remove their data from OUT.")

  @Argument(help: "The deliveries' numbers, as send shows them.")
  var deliveries: [Int64]

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let exchange = try await Exchange.open(try settings.load(), logger: CommandLogger.make())
    var lines: [Line] = []
    var statuses: [ExitStatus] = []
    for id in deliveries {
      do throws(ExchangeError) {
        let cancelled = try await exchange.cancel(id)
        lines.append(Line(delivery: id, name: Masked.name(cancelled.wireName), state: cancelled.state.rawValue))
      } catch {
        Output.note(error.explanation)
        statuses.append(error.exitStatus)
      }
    }
    if output.json {
      try Output.print(json: lines)
    } else {
      for line in lines { Output.print("delivery \(line.delivery) (\(line.name)) is \(line.state)") }
    }
    let gravest = ExitStatus.gravest(statuses)
    if gravest != .done { throw CommandFailure(gravest) }
  }

  private struct Line: Encodable {
    let delivery: Int64
    let name: String
    let state: String
  }
}
