internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage

/// Hands each notice to the machine's own sendmail.
struct MailSender: AlertSender {
  let name: String
  private let target: AlertSink.MailTarget
  private let withheld: Set<String>

  init(_ target: AlertSink.MailTarget, withheld: Set<String>) {
    self.target = target
    self.withheld = withheld
    name = "mail to \(target.to.joined(separator: ", ")) \(AlertSink.mark([target.from, target.sendmail.string]))"
  }

  func send(_ notification: AlertNotification) async throws(SendingFailure) {
    let mail = AlertMail(notification, from: target.from, to: target.to)
    let report = await Program(
      arguments: [target.sendmail.string, "-t", "-i"], withheld: withheld, input: Array(mail.text.utf8),
      timeout: target.timeout
    ).run()
    guard report.isSuccess else { throw SendingFailure(description: report.summary) }
  }
}
