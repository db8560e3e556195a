internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging

/// Gives one account's arrivals to the receiver's programs as they come, beside the collecting: a program that takes
/// long holds up no file.
struct HandOverLoop: Sendable {
  let live: LiveAccount
  let stop: GracefulStop
  let pulse: Heartbeat

  private var account: Account { live.account }
  private var reporter: RunReporter { live.reporter }

  func run() async {
    let (live, stop, pulse) = (live, stop, pulse)
    await live.exchange.handOver(of: account, by: { live.exchange }) {
      pulse.beat()
      return await !stop.wait(atMost: .seconds(1))
    } onNews: { news in
      tell(news)
    }
  }

  private func tell(_ news: HandOverReport) {
    for arrival in news.handedOver {
      reporter.logger.info("A\(arrival.id) \(Masked.name(arrival.wireName)) is handed over")
    }
    for arrival in news.setAside {
      reporter.count { $0.setAside += 1 }
      reporter.attention(
        .setAside, account: account.name, number: "A\(arrival.id)",
        "\(arrival.wireName) is set aside: \(arrival.reason ?? ""); when that is mended: \(Remedy.Step.retry("A\(arrival.id)"))"
      )
    }
    for problem in news.problems where problem.code != .hookNotStarted {
      reporter.note(problem)
      reporter.once(.warning, "\(account.name): \(problem)")
    }
    for (arrival, error) in news.stuck {
      reporter.attention(
        .handOverStuck, account: account.name, number: "A\(arrival)", "A\(arrival) cannot be handed over: \(error)")
    }
    for arrival in news.handedOver + news.setAside {
      reporter.isOver(.handOverStuck, account: account.name, number: "A\(arrival.id)", "A\(arrival.id) goes on")
    }
  }
}
