import FoundationEssentials
import SystemPackage

/// Values for a trial on the local platform, without any orders.
enum TrialValues {
  /// The answer to the question for the server that asks for a trial.
  static let host = "trial"
  /// The sending system's user.
  static let user = "fagsystem"
  /// The InfRef. No declaration has that number.
  static let infRef = "FagsystemdefineredeDataRefGDPR999999_1"
  /// The municipality, with its CVR number.
  static let municipality = "0751=55133018"
  /// Municipalities with their CVR numbers, as examples of one more.
  static let examples = [
    (code: "0461", authority: "35209115"), (code: "0851", authority: "29189420"), (code: "0561", authority: "29189803"),
    (code: "0751", authority: "55133018"),
  ]
  /// The name of the platform's folder, beside the settings.
  static let directory = "trial"

  /// The folder of the platform that a trial's settings belong to.
  static func folder(beside settings: FilePath) -> FilePath {
    settings.removingLastComponent().appending(directory)
  }

  /// The UUID of a system: a new one each time.
  static func system() -> String { UUID().uuidString.lowercased() }
}
