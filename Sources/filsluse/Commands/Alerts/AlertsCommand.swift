import ArgumentParser
import ExchangeSettings
import FilsluseBase
import Glibc
import PickupWatch
import SystemPackage
import TriggerFiles

/// `filsluse alerts`: lists the watcher's alerts, acknowledges and silences them.
struct AlertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: LocalizedText(
      "List, acknowledge and silence the watcher's alerts, and test whether they come through.",
      "Vis, kvittér for og dæmp overvågningens alarmer, og prøv, om de når frem."
    ).shown,
    discussion: LocalizedText(
      "Works beside a watcher that runs; what is said here counts from its next look on.",
      "Virker ved siden af en overvågning, der kører; det, der siges her, gælder fra dens næste blik."
    ).shown,
    subcommands: [
      AlertsList.self, AlertsAcknowledge.self, AlertsSilence.self, AlertsSilences.self, AlertsUnsilence.self,
      AlertsTest.self,
    ])
}

extension SettingsOptions {
  /// Opens the watcher's database, which holds its alerts.
  ///
  /// - Throws: `CommandFailure` with `inputMissing` where no watcher has made one.
  func openAlerts() async throws -> WatchDatabase {
    let path = try load().watch.database
    // Made here, the file would belong to the user of the command, and not to the watcher.
    guard access(path.string, F_OK) == 0 else {
      throw CommandFailure(
        .inputMissing, "\(path) is not there: no watcher has kept alerts here yet; start filsluse watch first",
        "\(path) findes ikke: ingen overvågning har gemt alarmer her endnu; start filsluse watch først")
    }
    return try await WatchDatabase.open(path)
  }
}

extension AlertRefusal: HasExitStatus {
  var exitStatus: ExitStatus { .badData }
  var explanation: String { "filsluse: \(reason.shown)" }
}

extension AlertsCommand {
  /// The failure of a command that names an alert which is not there.
  static func missing(_ alert: Int64) -> CommandFailure {
    CommandFailure(
      .badData, "there is no alert \(alert); alerts list shows those that there are",
      "der er ingen alarm \(alert); alerts list viser dem, der er")
  }
}
