package import ExchangeSettings
package import FilsluseBase
package import TriggerFiles

/// A delivery under way from no watched folder that no process is working on: it waits for the next command or run.
///
/// It is no problem yet. One whose trigger is still to be sent becomes the problem `abandoned`, and one whose receipt
/// does not come becomes `overdue`.
package struct WaitingDelivery: Sendable, Hashable {
  /// Its number, such as `D12`.
  package let number: String
  /// The account that sends it.
  package let account: String
  /// Its route.
  package let route: String
  /// Its name in OUT, with CPR-like numbers masked.
  package let fileName: String
  /// Its state.
  package let state: DeliveryState
  /// The time of its last change of state.
  package let since: Timestamp

  init(_ delivery: Delivery) {
    number = "D\(delivery.id)"
    (account, route, state, since) = (delivery.account, delivery.route, delivery.state, delivery.changedAt)
    fileName = Masked.name(delivery.wireName.string)
  }

  /// The command that it goes on by.
  package var next: LocalizedText {
    let words: (en: Remedy, da: Remedy) =
      if state.awaitsReceipt {
        (
          en: "it waits for the platform's receipt, which \(.receive) or \(.run) collects",
          da: "den venter på platformens kvittering, som \(.receive) eller \(.run) henter"
        )
      } else {
        (
          en: "\(.retry(number)) goes on with it, and so does sending the file again",
          da: "\(.retry(number)) fortsætter den, og det gør det også at sende filen igen"
        )
      }
    return LocalizedText(words.en.description, words.da.inDanish)
  }
}

extension Journal {
  /// Returns the deliveries under way from no watched folder that no process is working on and that are no problem yet,
  /// at most a thousand of each account. While an unattended run is at work, none waits for its receipt alone.
  ///
  /// - Parameter now: the time for the deliveries that are problems by now.
  /// - Throws: ``ExchangeError`` with code `journal` if the journal cannot be read.
  package func waitingDeliveries(
    of accounts: [Account], at now: Timestamp = .now
  ) async throws(ExchangeError) -> [WaitingDelivery] {
    // It collects the receipts of all deliveries, and begins none again.
    let isRunning = try isClaimed(.unattendedRun)
    var waiting: [WaitingDelivery] = []
    for account in accounts {
      let underWay = try await deliveriesUnderWay(
        of: account.name, begunSince: now.earlier(by: OpenProblem.abandonedAfter),
        committedSince: now.earlier(by: account.receiptWithin))
      for delivery in underWay where !(isRunning && delivery.state.awaitsReceipt) {
        if try !isClaimed(.delivery(delivery.id)) { waiting.append(WaitingDelivery(delivery)) }
      }
    }
    return waiting
  }
}
