import ArgumentParser
import FilsluseBase
import PickupWatch

/// `filsluse alerts unsilence`: ends silences before their time.
struct AlertsUnsilence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unsilence", abstract: "End silences before their time.")

  @Argument(help: "The silences' numbers, as alerts silences shows them.")
  var silences: [Int64]

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    let store = try await settings.openAlerts()
    var isMissing = false
    for id in silences {
      if try await store.endSilence(id, at: .now) {
        Output.print("silence \(id) is over")
      } else {
        Output.note("filsluse: no silence \(id) holds; alerts silences shows those that do")
        isMissing = true
      }
    }
    if isMissing { throw CommandFailure(.badData) }
  }
}
