import ExchangeSettings
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// Alerts as e-mail in a real SMTP conversation, with STARTTLS and AUTH, read back by Python's own reader of mail.
@Suite(
  .enabled("no msmtp or aiosmtpd here: Scripts/prepare fetches Debian's packages") { await MailServer.isThere },
  .timeLimit(.minutes(25)))
struct MailServerTests {
  private let settings = AlertSettings(language: .danish)

  private func sink(_ server: MailServer, to: String...) -> MailSender {
    MailSender(
      AlertSink.MailTarget(
        to: to, from: "filsluse@example.dk", sendmail: server.sendmail, timeout: .seconds(120)), withheld: [])
  }

  private func entry(_ finding: Finding, _ id: Int64 = 17) -> AlertNotification {
    var alert = Alert(id: id, finding: finding, firstSeen: Given.minute(0))
    alert.see(finding, at: Given.minute(1), fireAfter: .zero)
    alert.noteNotification(.fired, at: Given.minute(1))
    return AlertNotification(
      AlertEvent(alert: alert, reason: .fired), database: "abc", wording: AlertWording(.danish))
  }

  @Test("Every kind of finding arrives as it was written, over TLS and from a known user")
  func everyKind() async throws {
    try await withScratchFolder { folder in
      try await MailServer.run(in: folder) { server in
        let sender = sink(server, to: "drift@example.dk", "vagt@example.dk")
        var sent: [AlertNotification] = []
        for (index, finding) in try EveryFinding.all().enumerated() {
          let entry = entry(finding, Int64(index))
          try await sender.send(entry)
          sent.append(entry)
        }
        let mails = try server.mails()
        #expect(mails.count == sent.count && mails.count > 20)
        for (mail, notice) in zip(mails, sent) {
          #expect(mail.from == "filsluse@example.dk" && mail.to == ["drift@example.dk", "vagt@example.dk"])
          #expect(mail.isEncrypted && mail.user == "filsluse")
          #expect(mail.subject == notice.headline)
          let end = ["", "Tidszone: Europe/Copenhagen", "", "-- ", "filsluse, \(notice.id)", ""]
          let lines: [String] = [notice.headline, ""] + notice.text + end
          #expect(mail.body.replacing("\r\n", with: "\n") == lines.joined(separator: "\n"))
          #expect(mail.messageID == "<filsluse.\(notice.id)@example.dk>")
          #expect(mail.defects.isEmpty, "\(mail.defects)")
        }
      }
    }
  }

  @Test("A mailbox that takes mail at the second try gets each notification once")
  func greylisted() async throws {
    try await withScratchFolder { folder in
      try await MailServer.run(in: folder) { server in
        let clock = StillClock()
        let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
        let sender = sink(server, to: "senere@example.dk")
        let dispatcher = AlertDispatcher(
          store: store, settings: settings, senders: [sender], clock: { clock.now }, backoff: SinkBackoff(),
          logger: quietLogger)
        try await dispatcher.take(
          AlertLook(account: "fagsystem", at: Given.minute(0), findings: [Given.finding("a")]))
        try await dispatcher.sendWhatIsDue()
        #expect(try server.mails().isEmpty)
        #expect(try await store.entry(to: sender.name) == 1)
        clock.set(1)
        try await dispatcher.sendWhatIsDue()
        try await dispatcher.sendWhatIsDue()
        #expect(try server.mails().map(\.to) == [["senere@example.dk"]])
        #expect(try await store.entry(to: sender.name) == 0)
        try await store.close()
      }
    }
  }

  @Test("A refused recipient, a wrong password and a server without TLS are failures, and no mail is sent")
  func refusals() async throws {
    let finding = Given.finding("a")
    try await withScratchFolder { folder in
      try await MailServer.run(in: folder) { server in
        let unknown = await #expect(throws: SendingFailure.self) {
          try await sink(server, to: "ukendt@example.dk").send(entry(finding))
        }
        #expect(unknown?.description.contains("it ended with status") == true, "\(String(describing: unknown))")
        let mails = try server.mails()
        #expect(mails.isEmpty)
      }
    }
    try await withScratchFolder { folder in
      try await MailServer.run(in: folder, password: "forkert") { server in
        await #expect(throws: SendingFailure.self) {
          try await sink(server, to: "drift@example.dk").send(entry(finding))
        }
        let mails = try server.mails()
        #expect(mails.isEmpty)
      }
    }
    // Without TLS the password and the alert stay here.
    try await withScratchFolder { folder in
      try await MailServer.run(in: folder, isEncrypted: false) { server in
        await #expect(throws: SendingFailure.self) {
          try await sink(server, to: "drift@example.dk").send(entry(finding))
        }
        let mails = try server.mails()
        #expect(mails.isEmpty)
      }
    }
  }
}
