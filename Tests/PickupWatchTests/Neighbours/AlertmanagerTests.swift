import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// Alerts as Prometheus Alertmanager itself takes them: Debian's, on this machine.
@Suite(
  .enabled(if: Alertmanager.server != nil, "no prometheus-alertmanager here: Scripts/prepare fetches Debian's package"),
  .timeLimit(.minutes(25)))
struct AlertmanagerTests {
  @Test("Alertmanager has each alert with its severity as long as it fires, and passes it on")
  func walk() async throws {
    try await withAlertmanager { manager, store in
      let dispatcher = AlertDispatcher(
        store: store, settings: AlertSettings(language: .danish, sinks: [manager.sink]), logger: quietLogger)
      func look(_ findings: [Finding]) async throws -> Set<String> {
        try await dispatcher.take(AlertLook(account: "fagsystem", at: .now, findings: findings))
        try await dispatcher.sendWhatIsDue()
        #expect(try await store.entry(to: manager.sender.name) == 0)
        return Set(try await manager.alerts().map { "\($0.labels["infref"] ?? "-") \($0.labels["severity"] ?? "-")" })
      }
      let warning = Given.finding("a", severity: .warning)
      let other = Given.finding("b", infRef: nil)
      #expect(try await look([warning]) == ["SortimentOverfør_1 warning"])
      #expect(try await look([Given.finding("a"), other]) == ["SortimentOverfør_1 critical", "- critical"])
      #expect(try await look([other]) == ["- critical"])
      let held = try #require(try await manager.alerts().first)
      #expect(held.annotations["summary"] == "KRITISK: Fil ikke afhentet i tide – fagsystem, b.xml")
      #expect(held.annotations["description"]?.contains("\n") == true)
      #expect(try await look([]).isEmpty)
      try await eventually("Alertmanager's word that it is over") {
        manager.hook.requests.contains { $0.body.contains("\"status\":\"firing\"") && $0.body.contains("b.xml") }
          && manager.hook.requests.contains { $0.body.contains("\"status\":\"resolved\"") && $0.body.contains("b.xml") }
      }
    }
  }

  @Test("Alertmanager takes notifications of every kind", arguments: [AlertSettings.Language.danish, .english])
  func everyKind(language: AlertSettings.Language) async throws {
    try await withAlertmanager { manager, _ in
      let findings = try EveryFinding.all()
      for (index, finding) in findings.enumerated() {
        var alert = Alert(id: Int64(index), finding: finding, firstSeen: .now)
        alert.see(finding, at: .now, fireAfter: .zero)
        alert.noteNotification(.fired, at: .now)
        try await manager.send(alert, .fired, language)
      }
      #expect(Set(try await manager.alerts().map { $0.labels["alert"] }).count == findings.count)
    }
  }

  @Test("Alertmanager takes an end that a clock set back puts before the beginning")
  func clockSetBack() async throws {
    try await withAlertmanager { manager, _ in
      let finding = Given.finding("a", severity: .warning)
      let now = Timestamp.now
      var alert = Alert(id: 1, finding: finding, firstSeen: now)
      alert.see(finding, at: now, fireAfter: .zero)
      alert.noteNotification(.fired, at: now)
      try await manager.send(alert, .fired)
      #expect(try await manager.alerts().count == 1)
      let before = now.earlier(by: .seconds(7200))
      alert.see(Given.finding("a"), at: before, fireAfter: .zero)
      alert.noteNotification(.escalated, at: before)
      try await manager.send(alert, .escalated)
      #expect(try await manager.alerts().map { $0.labels["severity"] } == ["critical"])
      alert.resolve(at: before)
      alert.noteNotification(.resolved, at: before)
      try await manager.send(alert, .resolved)
      #expect(try await manager.alerts().isEmpty)
    }
  }

  private func withAlertmanager(_ body: (Alertmanager, WatchDatabase) async throws -> Void) async throws {
    let server = try #require(Alertmanager.server)
    try await withScratchFolder { folder in
      let hook = try LoopbackHTTP(.answers(200))
      let configuration = folder.appending("alertmanager.yml").string
      try """
      route: {receiver: hook, group_by: [alert], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
      receivers: [{name: hook, webhook_configs: [{url: "\(hook.url())"}]}]
      """.write(toFile: configuration, atomically: true, encoding: .utf8)
      try await server.serve { port in
        [
          "--config.file=\(configuration)", "--storage.path=\(folder.appending("data"))",
          "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=", "--log.level=warn",
        ]
      } isReady: {
        await ask($0, "/-/ready")?.status == 200
      } _: { port in
        let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
        try await body(Alertmanager(port: port, hook: hook), store)
        try await store.close()
      }
    }
  }
}

/// Debian's Alertmanager at work.
private struct Alertmanager {
  static let server = Neighbour("prometheus-alertmanager", of: "prometheus-alertmanager")

  let port: UInt16
  /// The receiver that it passes alerts on to.
  let hook: LoopbackHTTP

  struct Held: Decodable {
    let labels: [String: String]
    let annotations: [String: String]
  }

  var sink: AlertSink { .webhook(target) }
  private var target: AlertSink.WebhookTarget {
    AlertSink.WebhookTarget(url: "http://127.0.0.1:\(port)/api/v2/alerts", form: .alertmanager, timeout: .seconds(120))
  }
  var sender: WebhookSender { WebhookSender(target, withheld: [], repeatEvery: .seconds(4 * 3600)) }

  func send(_ alert: Alert, _ reason: NotificationReason, _ language: AlertSettings.Language = .danish)
    async throws
  {
    let notice = AlertNotification(
      AlertEvent(alert: alert, reason: reason), database: "abc", wording: AlertWording(language))
    try await sender.send(notice)
  }

  /// Its active alerts.
  func alerts() async throws -> [Held] {
    let answer = try #require(await ask(port, "/api/v2/alerts?active=true"))
    #expect(answer.status == 200)
    return try JSONDecoder().decode([Held].self, from: Data(answer.body.utf8))
  }
}
