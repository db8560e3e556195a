internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase

/// Runs a program for each notification: without a shell, the notification as one JSON object on its standard input.
struct CommandSender: AlertSender {
  let name: String
  private let target: AlertSink.CommandTarget
  private let withheld: Set<String>

  init(_ target: AlertSink.CommandTarget, withheld: Set<String>) {
    self.target = target
    self.withheld = withheld
    name = "command \(target.command.first ?? "") \(AlertSink.mark(target.command))"
  }

  func send(_ notification: AlertNotification) async throws(SendingFailure) {
    let report = await Program(
      arguments: target.command, withheld: withheld, input: Array(try notification.json().utf8) + [UInt8(ascii: "\n")],
      timeout: target.timeout
    ).run()
    guard report.isSuccess else { throw SendingFailure(report.text) }
  }
}
