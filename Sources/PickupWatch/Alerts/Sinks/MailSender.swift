internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Foundation
internal import SystemPackage

/// Sends each notification by the machine's own sendmail.
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
    guard report.isSuccess else { throw SendingFailure(report.text) }
  }
}

/// A notification as an e-mail (RFC 5322): every header line is written here, and text from outside enters it in
/// encoded form only.
struct AlertMail: Sendable {
  /// The whole message, its lines ended as a local sendmail takes them.
  let text: String

  init(_ notification: AlertNotification, from: String, to: [String]) {
    let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
    func messageID(_ id: String) -> String { "<filsluse.\(id)@\(domain)>" }
    var head = [
      "From: \(from)", "To: \(to.joined(separator: ",\n "))", "Subject: \(Self.encoded(notification.headline))",
      "Date: \(WallClock.utc.reading(at: notification.at).internetText) +0000",
      "Message-ID: \(messageID(notification.id))",
    ]
    if notification.number > 1 {
      // Mail programs show an alert's notifications below its first.
      head += [
        "In-Reply-To: \(messageID("\(notification.episode)-1"))",
        "References: \(messageID("\(notification.episode)-1"))",
      ]
    }
    head += [
      // Holiday messages and the like are not to answer (RFC 3834).
      "Auto-Submitted: auto-generated", "X-Filsluse-Notice: \(notification.id)",
      "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
    ]
    let place: [String] = [""] + notification.whereabouts
    let lines: [String] =
      [notification.headline, ""] + notification.text + place + ["", "-- ", "filsluse, \(notification.id)"]
    let body = lines.joined(separator: "\r\n")
    let encoded = Data((body + "\r\n").utf8).base64EncodedString()
    text = (head + [""] + Self.folded(encoded, at: 76)).joined(separator: "\n") + "\n"
  }

  /// Text of any kind as encoded words (RFC 2047): ASCII whatever it holds, none longer than 75 characters.
  static func encoded(_ text: String) -> String {
    var words: [[UInt8]] = [[]]
    // Enough for any headline; longer subjects are cut off by mail programs anyhow.
    for scalar in text.unicodeScalars.prefix(300) {
      let bytes = Array(String(Character(scalar)).utf8)
      // A word holds whole characters: 45 bytes become 60 of Base64, and `=?UTF-8?B?` and `?=` are 12. The first one
      // shares its line with the field's name.
      if let last = words.last, last.count + bytes.count > (words.count == 1 ? 36 : 45) { words.append([]) }
      words[words.count - 1] += bytes
    }
    return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\n ")
  }

  private static func folded(_ text: String, at width: Int) -> [String] {
    var lines: [String] = []
    var rest = text.utf8[...]
    while !rest.isEmpty {
      lines.append(String(decoding: rest.prefix(width), as: UTF8.self))
      rest = rest.dropFirst(width)
    }
    return lines
  }
}
