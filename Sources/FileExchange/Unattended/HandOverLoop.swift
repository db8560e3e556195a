internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging

/// Gives one account's arrivals to the receiver's programs as they come, beside the collecting: a program that takes
/// long holds up no file.
struct HandOverLoop: Sendable {
  let exchange: Exchange
  let account: Account
  let bulletin: Bulletin
  let stop: GracefulStop
  let pulse: Pulse

  /// Whether the account has anything to be given to a program.
  var isNeeded: Bool {
    exchange.settings.arrivals.contains { $0.account == account.name && ($0.hook != nil || $0.businessReceipts) }
  }

  func run() async {
    _ = await exchange.handOver(account.name) { [stop, pulse] in
      pulse.beat()
      return await !stop.wait(atMost: .seconds(1))
    } onNews: { news in
      tell(news)
    }
  }

  private func tell(_ news: HandOverReport) {
    for arrival in news.handedOver {
      bulletin.logger.info("A\(arrival.id) \(Masked.name(arrival.wireName)) is handed over")
    }
    for arrival in news.setAside {
      bulletin.count { $0.setAside += 1 }
      bulletin.attention(
        .setAside, account: account.name, number: "A\(arrival.id)",
        "\(arrival.wireName) is set aside: \(arrival.reason ?? ""); when that is mended: filsluse retry A\(arrival.id)")
    }
    for problem in news.problems { bulletin.once(.warning, "\(account.name): \(problem)") }
  }
}
