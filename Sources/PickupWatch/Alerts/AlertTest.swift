public import ExchangeSettings
public import FilsluseBase
public import Logging
package import TriggerFiles

/// Sends every sink a test notification, to find out in advance whether alerts arrive. Nothing is stored, and nothing
/// is retried.
public struct AlertTest: Sendable {
  /// The result of a sink.
  public struct Outcome: Sendable, Hashable {
    /// The sink.
    public let sink: String
    /// The reason why it failed; `nil` when it did not.
    public let failure: String?
    /// The reason in both languages.
    package let text: LocalizedText?
  }

  private let settings: AlertSettings
  private let senders: [any AlertSender]

  /// Creates a test; started programs get none of the variables in `withheld`, which hold passphrases.
  public init(settings: AlertSettings, withholding withheld: Set<String> = [], logger: Logger) {
    self.settings = settings
    senders = settings.sinks.map {
      $0.sender(withholding: withheld, repeatEvery: settings.repeatEvery, logger: logger)
    }
  }

  /// Sends the test to all sinks at the same time.
  ///
  /// - Returns: how each took it, in the order of the settings.
  public func run(at moment: Timestamp = .now) async -> [Outcome] {
    let finding = Finding(kind: .test, severity: .warning, account: "filsluse", subject: "test")
    var alert = Alert(id: 0, finding: finding, firstSeen: moment)
    alert.see(finding, at: moment, fireAfter: .zero)
    alert.noteNotification(.fired, at: moment)
    let database = "test-\(String(UInt64.random(in: 1 << 44..<1 << 48), radix: 16))"
    let notification = AlertNotification(
      AlertEvent(alert: alert, reason: .fired), database: database,
      wording: AlertWording(settings))
    return await withTaskGroup(of: (Int, Outcome).self) { group in
      for (index, sender) in senders.enumerated() {
        group.addTask {
          do throws(SendingFailure) {
            try await sender.send(notification)
            return (index, Outcome(sink: sender.name, failure: nil, text: nil))
          } catch {
            return (index, Outcome(sink: sender.name, failure: error.description, text: error.text))
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
