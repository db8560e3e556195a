import ExchangeSettings
import SystemPackage
import Testing
import TriggerFiles

@Suite struct ArrivalSettingsTests {
  private func settings(_ arrival: String) -> Result<ExchangeSettings, SettingsError> {
    let text =
      SettingsText.account + """
        infrefs: [X_1]
        routes:
          back: { account: fagsystem, kind: direct, recipients: [a] }
        arrivals:
          in: { account: fagsystem, infref: X_1, \(arrival) }

        """
    do throws(SettingsError) {
      return .success(try ExchangeSettings.parse(text, source: "/etc/filsluse/filsluse.yaml"))
    } catch {
      return .failure(error)
    }
  }

  @Test(
    "a program with a slash is a path",
    arguments: [
      ("[./bin/take, -v]", ["/etc/filsluse/bin/take", "-v"]), ("[bin/take]", ["/etc/filsluse/bin/take"]),
      ("/opt/take", ["/opt/take"]), ("take-over", ["take-over"]), ("[\"a b\", \"\"]", ["a b", ""]),
    ])
  func aProgramWithASlashIsAPath(run: String, command: [String]) throws {
    let hook = try settings("hook: { run: \(run) }").get().arrivals.first?.hook
    #expect(hook == ArrivalHook(command: command, timeout: .seconds(600), tries: 10))
  }

  @Test("every key of a hook counts")
  func everyKeyOfAHookCounts() throws {
    let arrival = try settings(
      "business-receipts: true, hook: { run: [a], timeout: 90s, tries: 2, answer-by: back }"
    ).get().arrivals.first
    #expect(arrival?.hook == ArrivalHook(command: ["a"], timeout: .seconds(90), tries: 2, answerBy: "back"))
    #expect(arrival?.businessReceipts == true)
  }

  @Test("recipient authorities are given as municipalities, by four digits or three")
  func municipalitiesOfAuthorities() throws {
    let arrival = try settings("municipalities: { \"29189420\": \"0751\", 12345678: 101 }").get().arrivals.first
    #expect(arrival?.municipalities == [try CVRNumber("29189420"): "0751", try CVRNumber("12345678"): "0101"])
  }

  @Test(
    "reports errors with their position",
    arguments: [
      ("hook: take", "wrong-type arrivals.in.hook"), ("hook: {}", "missing-key arrivals.in.hook.run"),
      ("hook: { run: [] }", "bad-value arrivals.in.hook.run"),
      ("hook: { run: take --over }", "bad-value arrivals.in.hook.run"),
      ("hook: { run: [~other/take] }", "bad-value arrivals.in.hook.run"),
      ("hook: { run: [a, \"b\\0\"] }", "bad-value arrivals.in.hook.run[1]"),
      ("hook: { run: a, timeout: 10 }", "bad-value arrivals.in.hook.timeout"),
      ("hook: { run: a, tries: 0 }", "bad-value arrivals.in.hook.tries"),
      ("hook: { run: a, tries: many }", "bad-value arrivals.in.hook.tries"),
      ("hook: { run: a, answer-by: bakc }", "unknown-reference arrivals.in.hook.answer-by"),
      ("hook: { run: a, shell: true }", "unknown-key arrivals.in.hook.shell"),
      ("business-receipts: yes", "bad-value arrivals.in.business-receipts"),
      ("municipalities: { 2918942: 0751 }", "bad-value arrivals.in.municipalities.2918942"),
      ("municipalities: { 29189420: 0752 }", "bad-value arrivals.in.municipalities.29189420"),
      ("municipalities: { 29189420: [0751] }", "wrong-type arrivals.in.municipalities.29189420"),
      ("municipalities: [0751]", "wrong-type arrivals.in.municipalities"),
    ])
  func whatIsWrongIsReportedWithItsPlace(arrival: String, problem: String) {
    guard case .failure(let error) = settings(arrival) else {
      Issue.record("\(arrival) was taken")
      return
    }
    #expect(error.problems.map { "\($0.code.rawValue) \($0.keyPath)" } == [problem])
  }

  @Test("a sortiment that anybody may send is worth a warning")
  func aSortimentThatAnybodyMaySendIsWorthAWarning() throws {
    let text = SettingsText.account + "arrivals:\n  s: { account: fagsystem, infref: SortimentOverfør_1 }\n"
    #expect(try ExchangeSettings.parse(text, source: "a.yaml").warnings.map(\.keyPath) == ["arrivals.s"])
    let checked = text.replacing(" }", with: ", senders: [fk-kla] }")
    #expect(try ExchangeSettings.parse(checked, source: "a.yaml").warnings.isEmpty)
  }
}
