internal import ExchangeSettings
package import FilsluseBase
internal import TriggerFiles

extension SharedConnection {
  /// The limit of the attempts to connect.
  package enum Persistence: Sendable {
    /// Until this number of attempts in a row has failed, or one with an error that a retry cannot fix.
    case tries(Int)
    /// Until the work of the account ends.
    case lasting(until: GracefulStop)
  }

  /// The state of the connection.
  enum State: Sendable, Equatable {
    /// It was not needed yet, or was closed.
    case idle
    case connected
    /// It was lost or could not be made; the next attempt is to come.
    case waiting(String)
    case maintenance
    /// A person must repair something; there is no connection until a try succeeds.
    case stopped(LocalizedText)
  }
}

extension ExchangeError {
  /// The failure with the account's name, which most of them carry.
  ///
  /// - Parameter isRetried: true where the sentence goes on with the next try, in place of the advice to try again.
  func naming(_ account: Account, isRetried: Bool = false) -> LocalizedText {
    let text = isRetried && code == .transfer ? failure : description
    return LocalizedText(
      operation.hasSuffix(account.name) ? text : "\(account.name): \(text)", "\(account.name): \(clauseInDanish)")
  }
}

extension SharedConnection {
  /// The error of a use while the account is stopped.
  static func stopped(_ account: Account, _ reason: LocalizedText) -> ExchangeError {
    ExchangeError(
      .accountStopped, operation: "connect to \(account.name)", message: "the account is stopped: \(reason.en)",
      remedy:
        "mend it: it is tried again when its key or known_hosts changes, on \(.reload), and after pauses of up to an hour"
    ).inDanish(
      "Kontoen er standset. \(reason.da) Der prøves igen, når dens nøgle eller known_hosts ændres, ved \(Remedy.Step.reload.inDanish) og med pauser på op til en time."
    )
  }
}
