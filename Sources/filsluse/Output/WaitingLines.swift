import ExchangeSettings
import FileExchange
import FilsluseBase
import TriggerFiles

/// The lines of `send` while it waits: the step of the files, the waiting time, and the time left.
struct WaitingLines {
  let lines: [String]
  /// So many names are shown; the others are counted.
  private static let mostNames = 5

  init(_ report: WaitingReport) {
    let rest = DurationText.format(.seconds(max(1, report.remaining.components.seconds)))
    let steps = [
      (report.inOut, "still in OUT, not taken by the platform"),
      (report.taken, "taken by the platform, no receipt yet"),
    ]
    lines = steps.compactMap { deliveries, step in
      guard let since = deliveries.map(\.changedAt).min() else { return nil }
      let names = deliveries.prefix(Self.mostNames).map { "\(Masked.name($0.wireName.string)) (delivery \($0.id))" }
      let others = deliveries.count - names.count
      let shown = names.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
      return Printable.text(
        "filsluse: waiting: \(shown): \(step), since \(since); it waits \(rest) more at most; if it is ended, the same command goes on and sends nothing twice"
      )
    }
  }
}
