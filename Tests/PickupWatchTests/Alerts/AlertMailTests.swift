import ExchangeSettings
import Foundation
import Testing

@testable import PickupWatch

/// Notices as e-mail.
@Suite struct AlertMailTests {
  private func mail(_ finding: Finding, number: Int = 1) -> (head: [String], body: String) {
    var alert = Alert(id: 17, finding: finding, firstSeen: Given.minute(0))
    alert.see(finding, at: Given.minute(1), fireAfter: .zero)
    for _ in 0..<number { alert.noteNotification(.fired, at: Given.minute(1)) }
    let notice = AlertNotification(
      AlertEvent(alert: alert, reason: .fired), database: "abc", wording: AlertWording(.danish))
    let text = AlertMail(notice, from: "filsluse@example.dk", to: ["drift@example.dk", "vagt@example.dk"]).text
    let parts = text.split(separator: "\n\n", maxSplits: 1)
    let body = Data(base64Encoded: String(parts[1].filter { $0 != "\n" }))
    return (
      parts[0].split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      String(decoding: body ?? Data(), as: UTF8.self)
    )
  }

  @Test("a mail has all fields of its head")
  func theHeadIsWhole() {
    let (head, body) = mail(Given.finding("a"))
    #expect(head.contains("From: filsluse@example.dk"))
    #expect(head.contains("To: drift@example.dk,"))
    #expect(head.contains(" vagt@example.dk"))
    #expect(head.contains("Date: 23 Nov 2026 09:01:00 +0000"))
    #expect(head.contains("Message-ID: <filsluse.abc-17-1@example.dk>"))
    #expect(head.contains("Auto-Submitted: auto-generated"))
    #expect(!head.contains { $0.hasPrefix("References") })
    #expect(body.contains("InfRef: SortimentOverfør_1\r\n"))
    #expect(body.hasSuffix("filsluse, abc-17-1\r\n"))
  }

  @Test("a notification names the machine and the time zone of a mail's times, and links to the alert's page")
  func whereabouts() throws {
    var alert = Alert(id: 17, finding: Given.finding("a"), firstSeen: Given.minute(0))
    alert.see(alert.finding, at: Given.minute(1), fireAfter: .zero)
    alert.noteNotification(.fired, at: Given.minute(1))
    for console in ["https://drift.example.dk:8443", "https://drift.example.dk:8443/"] {
      let notice = AlertNotification(
        AlertEvent(alert: alert, reason: .fired), database: "abc",
        wording: AlertWording(.danish, machine: "vagt-1", console: console))
      let link = "https://drift.example.dk:8443/alert/17"
      let json = try notice.json()
      #expect(json.contains("\"machine\":\"vagt-1\"") && notice.link == link && notice.machine == "vagt-1")
      let fields = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      #expect(fields?["link"] as? String == link)
      let mail = AlertMail(notice, from: "filsluse@example.dk", to: ["drift@example.dk"]).text
      let encoded = try #require(mail.split(separator: "\n\n", maxSplits: 1).last)
      let bytes = try #require(Data(base64Encoded: String(encoded.filter { $0 != "\n" })))
      let body = String(decoding: bytes, as: UTF8.self)
      let place = ["", "Maskine: vagt-1", "Alarmens side: \(link)", "Tidszone: Europe/Copenhagen", "", "-- ", ""]
      #expect(body.contains("\r\n" + place.joined(separator: "\r\n")))
      let payload = try AlertmanagerPayload(notice, repeatEvery: .seconds(3600)).json()
      let alerts = try JSONSerialization.jsonObject(with: Data(payload.utf8)) as? [[String: Any]]
      #expect(alerts?.first?["generatorURL"] as? String == link && payload.contains("\"machine\":\"vagt-1\""))
    }
    #expect(MachineName.present?.isEmpty == false)
    // A test is kept nowhere.
    let test = Alert(
      id: 0, finding: Finding(kind: .test, severity: .warning, account: "filsluse", subject: "test"),
      firstSeen: Given.minute(0))
    #expect(AlertWording(.danish, console: "https://drift.example.dk").link(to: test) == nil)
  }

  @Test("later mails are replies to the first")
  func laterNoticesAreAnswersToTheFirst() {
    #expect(mail(Given.finding("a"), number: 3).head.contains("References: <filsluse.abc-17-1@example.dk>"))
    #expect(mail(Given.finding("a"), number: 3).head.contains("Message-ID: <filsluse.abc-17-3@example.dk>"))
  }

  @Test(
    "no name gets a line of its own",
    arguments: [
      "x\r\nBcc: alle@example.dk", "x\n\nkrop", "x\u{85}Bcc: a", "=?UTF-8?Q?x?=", String(repeating: "æøå😀", count: 300),
      "\u{2028}Bcc: a", "x\r\n.\r\nMAIL FROM:<a>", "",
    ])
  func noNameGetsALineOfItsOwn(name: String) {
    var finding = Given.finding("a", infRef: ShownInfRef(stringLiteral: name))
    finding.fileName = name
    finding.sender = name
    finding.account = "fagsystem"
    let plain = mail(Given.finding("a")).head.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
    let (head, _) = mail(finding)
    // The same fields, whatever the names hold; what goes on begins with a space.
    #expect(head.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } } == plain)
    for line in head {
      #expect(line.utf8.count <= 78)
      #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
  }

  @Test("subjects come back as they were")
  func subjectsComeBackAsTheyWere() {
    let text = "KRITISK: Fil ikke afhentet i tide – fagsystem, SortimentOverfør_1, 😀 og meget, meget mere æøå"
    let words = AlertMail.encoded(text).split(separator: "\n ").map { word in
      #expect(word.utf8.count <= 75)
      return String(
        decoding: Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data(), as: UTF8.self)
    }
    #expect(words.joined() == text)
    #expect(words.count > 1)
  }
}
