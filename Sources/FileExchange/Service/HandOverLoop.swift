internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// Hands one account's arrivals to the receiver's programs as they come, in parallel with collecting, so that a slow
/// program blocks no file.
struct HandOverLoop: Sendable {
  let live: LiveAccount
  let stop: GracefulStop
  let heartbeat: Heartbeat

  private var account: Account { live.account }
  private var reporter: RunReporter { live.reporter }

  func run() async {
    let (live, stop, heartbeat) = (live, stop, heartbeat)
    await live.exchange.handOver(of: account, by: { live.exchange }) {
      heartbeat.beat()
      return await !stop.wait(atMost: .seconds(1))
    } onNews: { news in
      report(news)
    }
  }

  private func report(_ news: HandOverReport) {
    for arrival in news.handedOver {
      reporter.logger.about(arrival).info("A\(arrival.id) \(Masked.name(arrival.wireName.string)) is handed over")
    }
    for arrival in news.setAside {
      reporter.count(for: account.name) { $0.setAside += 1 }
      reporter.attention(
        .setAside, account: account.name, number: "A\(arrival.id)",
        .setAside(arrival))
    }
    if !news.problems.isEmpty { reporter.countRetries(news.problems.count, of: .handingOver, for: account.name) }
    for problem in news.problems where problem.code != .hookNotStarted {
      reporter.note(problem)
      reporter.once(.warning, "\(account.name): \(problem)", about: problem, of: account.name)
    }
    for (arrival, error) in news.stuck {
      reporter.attention(
        .handOverStuck, account: account.name, number: "A\(arrival)",
        LocalizedText(
          "A\(arrival) cannot be handed over: \(error)", "A\(arrival) kan ikke overdrages. \(error.inDanish)"))
    }
    for arrival in news.handedOver + news.setAside {
      reporter.isOver(
        .handOverStuck, account: account.name, number: "A\(arrival.id)",
        LocalizedText("A\(arrival.id) goes on", "A\(arrival.id) er kommet videre."))
    }
  }
}
