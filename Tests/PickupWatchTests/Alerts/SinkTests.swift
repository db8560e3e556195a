import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Sinks, for real: programs, a sendmail of our own, a web server on loopback.
@Suite(.timeLimit(.minutes(25))) struct SinkTests {
  private func entry(
    _ finding: Finding = Given.finding("a"), reason: NotificationReason = .fired
  ) -> AlertNotification {
    var alert = Alert(id: 17, finding: finding, firstSeen: Given.minute(0))
    alert.see(finding, at: Given.minute(1), fireAfter: .zero)
    alert.noteNotification(.fired, at: Given.minute(1))
    if reason == .resolved {
      alert.resolve(at: Given.minute(9))
      alert.noteNotification(.resolved, at: Given.minute(9))
    }
    return AlertNotification(
      AlertEvent(alert: alert, reason: reason), database: "abc", wording: AlertWording(.danish))
  }

  private func failure(_ sender: any AlertSender) async throws -> String {
    try await refusal(sender)?.description ?? ""
  }

  private func refusal(_ sender: any AlertSender) async throws -> SendingFailure? {
    let entry = entry()
    return await #expect(throws: SendingFailure.self) { try await sender.send(entry) }
  }

  /// Another process writes it: a process that a test beside this one starts at the same time could inherit our open
  /// file, and a file that is open for writing cannot be run.
  private func script(_ text: String, in folder: FilePath) async throws -> FilePath {
    let path = folder.appending("script-\(UInt64.random(in: 0...(.max)))")
    let report = await Program(
      arguments: ["/bin/sh", "-c", "cat > \"$0\" && chmod 755 \"$0\"", path.string],
      input: Array("#!/bin/sh\n\(text)\n".utf8), timeout: .seconds(240)
    ).run()
    #expect(report.isSuccess)
    return path
  }

  // MARK: Programs

  @Test("a command gets the notification on its input")
  func aCommandFindsTheNoticeOnItsInput() async throws {
    try await withScratchFolder { folder in
      let path = try await script("cat > \"$1\"; echo \"$2|${SECRET_OF_OURS:-none}\" > \"$1.words\"", in: folder)
      let file = folder.appending("got").string
      setenv("SECRET_OF_OURS", "hemmelig", 1)
      let sender = CommandSender(
        AlertSink.CommandTarget(command: [path.string, file, "$HOME; rm *"]), withheld: ["SECRET_OF_OURS"])
      let entry = entry()
      try await sender.send(entry)
      let got = try SentNotification(json: String(contentsOfFile: file, encoding: .utf8))
      #expect(try got == SentNotification(entry))
      #expect(got.id == "abc-17-1")
      #expect(try String(contentsOfFile: file + ".words", encoding: .utf8) == "$HOME; rm *|none\n")
    }
  }

  @Test("a command that fails or hangs is a failure")
  func aCommandThatFailsOrHangsIsAFailure() async throws {
    try await withScratchFolder { folder in
      let path = try await script("echo 'kan ikke: 0101901234' >&2; [ \"$1\" = hang ] && sleep 600; exit 3", in: folder)
      let failed = CommandSender(AlertSink.CommandTarget(command: [path.string]), withheld: [])
      #expect(try await failure(failed) == "it ended with status 3: kan ikke: **********")
      let danish = try await refusal(failed)?.text.da
      #expect(danish == "programmet sluttede med status 3: kan ikke: **********")
      let hung = CommandSender(
        AlertSink.CommandTarget(command: [path.string, "hang"], timeout: .milliseconds(300)), withheld: [])
      #expect(try await failure(hung).contains("was not done after"))
      let missing = CommandSender(AlertSink.CommandTarget(command: ["/no/such"]), withheld: [])
      #expect(try await failure(missing).contains("could not be started"))
    }
  }

  @Test("sendmail gets a whole mail")
  func sendmailGetsAWholeMail() async throws {
    try await withScratchFolder { folder in
      let mail = folder.appending("mail").string
      let path = try await script("echo \"$@\" > '\(mail).arguments'; cat > '\(mail)'", in: folder)
      let sender = MailSender(
        AlertSink.MailTarget(to: ["drift@example.dk"], from: "filsluse@example.dk", sendmail: path), withheld: [])
      try await sender.send(entry())
      #expect(try String(contentsOfFile: mail + ".arguments", encoding: .utf8) == "-t -i\n")
      let text = try String(contentsOfFile: mail, encoding: .utf8)
      #expect(text.hasPrefix("From: filsluse@example.dk\nTo: drift@example.dk\nSubject: =?UTF-8?B?"))
      #expect(text.contains("\n\n"))
      let refusing = MailSender(
        AlertSink.MailTarget(to: ["a@b.dk"], from: "c@d.dk", sendmail: try await script("exit 75", in: folder)),
        withheld: [])
      #expect(try await failure(refusing) == "it ended with status 75")
    }
  }

  // MARK: The web

  private func webhook(
    _ server: LoopbackHTTP, form: AlertSink.WebhookTarget.Form = .json, token: FilePath? = nil,
    timeout: Duration = .seconds(240)
  ) -> WebhookSender {
    WebhookSender(
      AlertSink.WebhookTarget(
        url: server.url("/hook?key=hemmelig"), tokenFile: token, form: form, timeout: timeout),
      withheld: [], repeatEvery: .seconds(4 * 3600))
  }

  @Test("a webhook gets the notification with its token")
  func aWebhookIsPostedTheNoticeWithItsToken() async throws {
    try await withScratchFolder { folder in
      let token = folder.appending("token")
      try Data("  hemmelig-nøgle\n".replacing("ø", with: "o").utf8).write(to: URL(filePath: token.string))
      #expect(chmod(token.string, 0o600) == 0)
      let server = try LoopbackHTTP(.answers(204))
      let entry = entry()
      try await webhook(server, token: token).send(entry)
      let request = try #require(server.requests.first)
      #expect(request.head.hasPrefix("POST /hook?key=hemmelig HTTP/1.1\r\n"))
      #expect(request.head.contains("\r\nAuthorization: Bearer hemmelig-nogle"))
      #expect(request.head.contains("\r\nContent-Type: application/json"))
      #expect(request.head.contains("\r\nIdempotency-Key: abc-17-1"))
      #expect(try request.body == entry.json())
      #expect(server.requests.count == 1)
    }
  }

  @Test("A token-file that others can read is not used, and a pipe is not waited for")
  func aTokenThatOthersCanReadIsNotSent() async throws {
    try await withScratchFolder { folder in
      let file = folder.appending("token")
      let server = try LoopbackHTTP(.answers(200))
      try Data("hemmelig-nogle".utf8).write(to: URL(filePath: file.string))
      for mode in [mode_t(0o644), 0o640, 0o604] {
        #expect(chmod(file.string, mode) == 0)
        let words = try await failure(webhook(server, token: file))
        #expect(words == "its token-file cannot be used: others than its owner can read it; chmod 600 it")
      }
      #expect(unlink(file.string) == 0 && mkfifo(file.string, 0o600) == 0)
      #expect(try await failure(webhook(server, token: file)).contains("it is a pipe"))
      #expect(server.requests.isEmpty)
    }
  }

  @Test(
    "refuses a file that holds no valid token, and sends nothing",
    arguments: ["", "to\nlinjer", "med mellemrum", "nøgle", String(repeating: "x", count: 5000)])
  func aTokenThatIsNoneIsNotSent(token: String) async throws {
    try await withScratchFolder { folder in
      let file = folder.appending("token")
      try Data(token.utf8).write(to: URL(filePath: file.string))
      #expect(chmod(file.string, 0o600) == 0)
      let server = try LoopbackHTTP(.answers(200))
      let words = try await failure(webhook(server, token: file))
      #expect(words == "its token-file does not hold one line of visible ASCII, at most 4096 bytes")
      #expect(try await failure(webhook(server, token: folder.appending("none"))).contains("cannot be read"))
      #expect(server.requests.isEmpty)
    }
  }

  @Test(
    "an answer that is no success is a failure",
    arguments: [(500, "it answers with status 500"), (404, "it answers with status 404")])
  func anAnswerThatIsNoSuccessIsAFailure(status: Int, words: String) async throws {
    let server = try LoopbackHTTP(.answers(status))
    #expect(try await failure(webhook(server)) == words)
    #expect(server.requests.count == 1)
  }

  @Test(
    "keeps how long a server asks to be left alone, in seconds or by the server's own clock",
    arguments: [
      (429, "Retry-After: 120\r\n", 120), (503, "retry-after:7\r\n", 7), (500, "", nil), (429, "", nil),
      (403, "Retry-After: 0\r\n", 0), (307, "Location: /x\r\nRetry-After: 30\r\n", 30),
      (503, "Retry-After: soon\r\n", nil),
      (413, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:51:07 GMT\r\n", 90),
      (503, "Retry-After: Sun, 06 Nov 1994 08:51:07 GMT\r\n", 0),
    ] as [(Int, String, Int?)])
  func asksToBeLeftAlone(status: Int, head: String, seconds: Int?) async throws {
    let server = try LoopbackHTTP(.answers(status, head: head))
    #expect(try await refusal(webhook(server))?.retryAfter == seconds.map { .seconds($0) })
  }

  @Test("reports a refused token as such")
  func aRefusedTokenIsReportedAsSuch() async throws {
    let server = try LoopbackHTTP(.answers(401))
    #expect(try await failure(webhook(server)).contains("token-file"))
    #expect(server.requests.count == 1)
  }

  @Test("redirects are not followed", arguments: [301, 302, 307, 308])
  func redirectsAreNotFollowed(status: Int) async throws {
    let other = try LoopbackHTTP(.answers(200))
    let server = try LoopbackHTTP(.answers(status, head: "Location: \(other.url())\r\n"))
    #expect(try await failure(webhook(server)).contains("redirects (status \(status))"))
    #expect(other.requests.isEmpty)
  }

  @Test("a silent server is given up in time")
  func aServerThatSaysNothingIsLeftInTime() async throws {
    let server = try LoopbackHTTP(.hangs)
    #expect(
      try await failure(webhook(server, timeout: .milliseconds(400))).contains("did not answer within 0.4 seconds"))
  }

  @Test("a cancelled request ends")
  func whatIsCancelledEnds() async throws {
    let server = try LoopbackHTTP(.hangs)
    let sender = webhook(server, timeout: .seconds(600))
    let entry = entry()
    let sending = Task { try await sender.send(entry) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    sending.cancel()
    await #expect(throws: SendingFailure.self) { try await sending.value }
  }

  @Test("broken servers are failures without secrets")
  func brokenServersAreFailuresWithoutSecrets() async throws {
    for habit in [LoopbackHTTP.Habit.hangsUp, .babbles] {
      let server = try LoopbackHTTP(habit)
      let words = try await failure(webhook(server))
      #expect(words != "nobody takes the connection" && !words.contains("hemmelig"), "\(words)")
      withExtendedLifetime(server) {}
    }
    let gone = WebhookSender(
      AlertSink.WebhookTarget(url: "http://127.0.0.1:1/hemmelig", timeout: .seconds(240)), withheld: [],
      repeatEvery: .seconds(60))
    let words = try await failure(gone)
    #expect(!words.contains("hemmelig"), "\(words)")
    #expect(!gone.name.contains("hemmelig"))
  }

  @Test("an answer without end is a success")
  func anAnswerWithoutEndIsASuccess() async throws {
    let server = try LoopbackHTTP(.neverEnds)
    // It is read for as long as that, and no longer.
    try await webhook(server, timeout: .seconds(30)).send(entry())
    #expect(server.requests.count == 1)
  }

  // MARK: Alertmanager

  @Test("Alertmanager gets its form")
  func alertmanagerGetsItsForm() async throws {
    let server = try LoopbackHTTP(.answers(200))
    try await webhook(server, form: .alertmanager).send(entry())
    try await webhook(server, form: .alertmanager).send(entry(reason: .resolved))
    let alerts = try server.requests.map { request in
      try #require(try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [[String: Any]])
    }
    let firing = try #require(alerts[0].first)
    #expect(
      firing["labels"] as? [String: String] == [
        "alertname": "pick-up-late", "severity": "critical", "account": "fagsystem", "alert": "17", "episode": "abc-17",
        "infref": "SortimentOverfør_1",
      ])
    #expect(firing["startsAt"] as? String == "2026-11-23T09:01:00.000Z")
    #expect(firing["endsAt"] as? String == "2026-11-23T18:01:00.000Z")
    let over = try #require(alerts[1].first)
    #expect(over["labels"] as? [String: String] == firing["labels"] as? [String: String])
    #expect(over["endsAt"] as? String == "2026-11-23T09:09:00.000Z")
    #expect((over["annotations"] as? [String: String])?["summary"]?.hasPrefix("LØST") == true)
    #expect(alerts.map(\.count) == [1, 1])
  }

  /// To Alertmanager a warning and what becomes of it are two alerts.
  @Test("Alertmanager gets the end of a warning that became critical")
  func alertmanagerGetsTheEndOfAWarningThatBecameCritical() throws {
    let finding = Given.finding("a", severity: .warning)
    var alert = Alert(id: 17, finding: finding, firstSeen: Given.minute(0))
    alert.see(finding, at: Given.minute(1), fireAfter: .zero)
    alert.noteNotification(.fired, at: Given.minute(1))
    alert.see(Given.finding("a"), at: Given.minute(2), fireAfter: .zero)
    alert.noteNotification(.escalated, at: Given.minute(2))
    let notice = AlertNotification(
      AlertEvent(alert: alert, reason: .escalated), database: "abc", wording: AlertWording(.danish))
    let json = try AlertmanagerPayload(notice, repeatEvery: .seconds(60)).json()
    let entries = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(entries.map { ($0["labels"] as? [String: String])?["severity"] } == ["critical", "warning"])
    #expect(entries.map { $0["endsAt"] as? String } == ["2026-11-23T10:04:00.000Z", "2026-11-23T09:02:00.000Z"])
  }

  // MARK: The log

  @Test("the log level follows the severity")
  func theLogLevelFollowsTheSeverity() throws {
    let lines = Locked<[String]>([])
    let logger = Logger(label: "test") { _ in NotingLog(lines: lines) }
    let sender = LogSender(AlertSink.LogTarget(), logger: logger)
    sender.send(entry())
    sender.send(entry(Given.finding("a", severity: .warning)))
    sender.send(entry(reason: .resolved))
    LogSender(AlertSink.LogTarget(level: .info), logger: logger).send(entry())
    let noted = lines.withLock { $0 }
    #expect(noted.map { $0.prefix { $0 != ":" } } == ["error", "warning", "notice", "info"])
    #expect(noted[0] == "error: KRITISK: Fil ikke afhentet i tide – fagsystem, SortimentOverfør_1, a.xml abc-17-1")
  }
}
