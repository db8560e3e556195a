import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import Logging
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// `filsluse alerts` on a store that a watcher has open.
@Suite(.timeLimit(.minutes(25))) struct AlertsCommandTests {
  private struct Stage: Sendable {
    let folder: FilePath
    let store: WatchDatabase
    let dispatcher: AlertDispatcher

    func run(_ arguments: String...) async throws -> BuiltCommand.Outcome {
      try await BuiltCommand.run(["alerts"] + arguments, in: folder)
    }

    /// A look of the watcher's, so many minutes from now.
    func look(_ minute: Int, _ findings: [Finding]) async throws {
      try await dispatcher.take(
        AlertLook(
          account: "fagsystem", at: Timestamp.now.later(by: .seconds(minute * 60)),
          findings: findings))
    }
  }

  private static let settings = """
    accounts:
      fagsystem:
        host: 127.0.0.1
        user: fagsystem
        key: keys/fagsystem
        host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]

    """

  private static func finding(_ subject: String, kind: Finding.Kind = .pickUpLate) -> Finding {
    Finding(
      kind: kind, severity: .critical, account: "fagsystem", subject: subject,
      fileName: "udtræk_\(subject).xml", infRef: "SortimentOverfør_1", sender: "fk-kla",
      since: Timestamp(secondsSince1970: 1_795_424_400), rule: LocalizedText("pick-up-within: 4h"))
  }

  private static func withStage(_ body: (Stage) async throws -> Void) async throws {
    try await withScratchFolder("alerts-command") { folder in
      try TestFiles.write(settings, to: folder.appending("filsluse.yaml"))
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let dispatcher = AlertDispatcher(store: store, settings: AlertSettings(), logger: logger)
      try await body(Stage(folder: folder, store: store, dispatcher: dispatcher))
    }
  }

  @Test("with a journal on a server, nothing is acknowledged or silenced where no watcher runs")
  func refusesLostActs() async throws {
    try await Self.withStage { stage in
      let settings = "journal: \"postgresql://filsluse@/filsluse?host=\(stage.folder)\"\n" + Self.settings
      try TestFiles.write(settings, to: stage.folder.appending("filsluse.yaml"))
      for minute in -2..<0 { try await stage.look(minute, [Self.finding("a")]) }
      let acts = [
        ["ack", "1", "--by", "vagten"], ["unack", "1", "--by", "vagten"], ["unsilence", "1", "--by", "vagten"],
        ["silence", "--account", "fagsystem", "--for", "1h", "--why", "test", "--by", "vagten"],
      ]
      for act in acts {
        let outcome = try await BuiltCommand.run(["alerts"] + act, in: stage.folder)
        #expect(outcome.status == 75 && outcome.errors.contains("no watcher runs on this machine"), "\(outcome)")
        // A timer that runs watch --once keeps no alerts: the refusal says so where somebody looks for them.
        #expect(outcome.errors.contains("watch --once sends no alerts"), "\(outcome)")
        let danish = try await BuiltCommand.run(["alerts"] + act + ["--language", "da"], in: stage.folder)
        #expect(danish.status == 75 && danish.errors.contains("watch --once sender ingen alarmer"), "\(danish)")
      }
      #expect(try await stage.store.alerts().map(\.state) == [.firing])
      #expect(try await stage.run("list").status == 0)
    }
  }

  @Test("lists, acknowledges, and lists resolved alerts")
  func listsAcknowledgesAndListsWhatIsOver() async throws {
    try await Self.withStage { stage in
      for minute in -2..<0 { try await stage.look(minute, [Self.finding("a"), Self.finding("010190-1234")]) }
      let list = try await stage.run("list")
      #expect(list.status == 0)
      #expect(
        list.output.contains(
          "firing  critical  fagsystem  pick-up-late  2026-11-23 10:00:00+01:00  SortimentOverfør_1  udtræk_a.xml"))
      #expect(list.output.contains("udtræk_******-****.xml") && !list.output.contains("1234"))
      #expect(list.errors == "2 alerts\n")
      let proposed = try await BuiltCommand.shell(
        """
        cd '\(stage.folder)'; PATH=$(dirname "$0"):$PATH; source <("$0" --generate-completion-script bash)
        COMP_WORDS=(filsluse alerts show "") COMP_CWORD=3 COMP_LINE="filsluse alerts show " COMP_POINT=21 COMPREPLY=()
        _filsluse filsluse "" show; echo "${COMPREPLY[*]}"
        """)
      #expect(Set(proposed.output.split { $0 == " " || $0 == "\n" }) == ["1", "2"], "\(proposed)")

      let known = try await stage.run("ack", "1", "--by", "vagten", "--why", "på vej")
      #expect(known.output == "alert 1 (pick-up-late, fagsystem) is acknowledged\n", "\(known)")
      let json = try await stage.run("list", "--json")
      let lines = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
      let first = try #require(lines.first { $0["alert"] as? Int == 1 })
      #expect(first["state"] as? String == "acknowledged")
      #expect(first["acknowledgedBy"] as? String == "vagten")
      #expect(first["acknowledgedWhy"] as? String == "på vej")
      #expect(!json.output.contains("1234"))

      try await stage.look(0, [])
      #expect(try await stage.run("list").errors == "0 alerts\n")
      #expect(try await stage.run("list", "--all").output.split(separator: "\n").count == 3)
      let over = try await stage.run("ack", "1", "99")
      #expect(over.status == 65)
      #expect(over.errors.contains("alert 1 is over") && over.errors.contains("there is no alert 99"), "\(over)")
      let errors = try await stage.run("ack", "1", "99", "--json")
      let objects = try #require(
        try JSONSerialization.jsonObject(with: Data(errors.output.utf8)) as? [[String: Any]], "\(errors)")
      #expect(objects.map { $0["alert"] as? Int } == [1, 99], "\(errors)")
      let codes = objects.map { ($0["error"] as? [String: Any])?["code"] as? String }
      #expect(codes == ["alert-unchanged", "unknown-alert"], "\(errors)")
      let shown = try await stage.run("show", "99", "--json")
      #expect(shown.output.contains("\"remedy\" : \"alerts list shows those that there are\""), "\(shown)")
    }
  }

  /// A process that opens and closes the file once more loses all of its locks on it, and the next command to end would
  /// take the log away from under the watcher.
  @Test("a command leaves the watcher its log")
  func aCommandLeavesTheWatcherItsLog() async throws {
    try await Self.withStage { stage in
      try await stage.look(-1, [Self.finding("a")])
      let other = try await WatchDatabase.open(stage.store.path)
      #expect(try await stage.run("list").status == 0)
      #expect(access(stage.store.path.string + "-wal", F_OK) == 0)
      try await stage.look(0, [Self.finding("b")])
      #expect(try await stage.run("list").output.contains("udtræk_b.xml"))
      try await other.close()
    }
  }

  @Test("silences and ends silences")
  func silencesAndEndsSilences() async throws {
    try await Self.withStage { stage in
      let made = try await stage.run(
        "silence", "--account", "fagsystem", "--infref", "SF7002", "--for", "2h", "--why", "flytning", "--by", "drift")
      #expect(made.status == 0 && made.output.hasPrefix("silence 1 holds until "), "\(made)")
      for minute in -2..<0 { try await stage.look(minute + 2, [Self.finding("a")]) }
      #expect(try await stage.store.alerts().first?.lastSent == nil)
      let list = try await stage.run("list").output
      #expect(list.contains("firing, silenced"), "\(list)")
      let silences = try await stage.run("silences")
      #expect(silences.output.contains("fagsystem  SF7002  any      any    drift  flytning"), "\(silences)")

      #expect(try await stage.run("unsilence", "1").output == "silence 1 is over\n")
      #expect(try await stage.run("unsilence", "1").status == 65)
      #expect(try await stage.run("silences", "--json").output == "[\n\n]\n")
      try await stage.look(2, [Self.finding("a")])
      #expect(try await stage.store.alerts().first?.lastSent != nil)
    }
  }

  @Test("the finding of one alert can be silenced")
  func oneAlertsFindingCanBeSilenced() async throws {
    try await Self.withStage { stage in
      try await stage.look(-1, [Self.finding("a")])
      let made = try await stage.run("silence", "--alert", "1", "--for", "1d", "--why", "kendt", "--json")
      #expect(made.output.contains("\"finding\" : \"pick-up-late/fagsystem/a\""), "\(made)")
      #expect(try await stage.run("silence", "--alert", "9", "--for", "1d", "--why", "kendt").status == 65)
    }
  }

  @Test("acknowledges a group in one act, takes that back, and shows the life of an alert")
  func groups() async throws {
    try await Self.withStage { stage in
      for minute in -2..<0 { try await stage.look(minute, [Self.finding("a"), Self.finding("b")]) }
      let groups = try await stage.run("groups")
      let words = groups.output.split { $0 == " " || $0 == "\n" }.map(String.init)
      let id = try #require(words.first { $0.hasPrefix("pick-up-late.") }, "\(groups)")
      #expect(groups.errors == "1 group\n" && groups.output.contains("pick-up-within: 4h"), "\(groups)")

      let known = try await stage.run("ack", "--group", id, "--by", "vagten", "--why", "på vej")
      #expect(known.output == "2 alerts: acknowledged (act 1)\n", "\(known)")
      let undone = try await stage.run("unack", "--act", "1", "--by", "lederen")
      #expect(undone.output == "2 alerts: not acknowledged any more (act 2)\n", "\(undone)")
      for arguments in [
        ["unack", "--act", "1"], ["unack", "1"], ["show", "99"], ["ack", "--group", "findes-ikke.1"],
      ] {
        let outcome = try await BuiltCommand.run(["alerts"] + arguments, in: stage.folder)
        #expect(outcome.status == (arguments[0] == "ack" ? 64 : 65), "\(arguments): \(outcome)")
      }

      let life = try await stage.run("show", "1")
      for text in ["seen for the first time", "vagten", "på vej", "acknowledgement taken back", "lederen"] {
        #expect(life.output.contains(text), "\(life)")
      }
      let json = try await stage.run("show", "2", "--json")
      #expect(json.output.contains("\"event\" : \"undone\"") && json.output.contains("\"by\" : \"lederen\""), "\(json)")
    }
  }

  @Test(
    "lists the alerts of an account, an InfRef, a severity, a state or a group, and refuses values that there are not")
  func filteredLists() async throws {
    try await Self.withStage { stage in
      var other = Self.finding("b", kind: .unknownInfRef)
      (other.infRef, other.severity) = ("Fremmed_1", .warning)
      for minute in -2..<0 { try await stage.look(minute, [Self.finding("a"), other]) }
      #expect(try await stage.run("ack", "1", "--by", "vagten").status == 0)
      let group = try #require(try await stage.store.ruleGroups().first { $0.key.kind == .pickUpLate }).id
      let cases: [([String], Set<String>)] = [
        ([], ["a", "b"]), (["--account", "fagsystem"], ["a", "b"]), (["--infref", "Fremmed_1"], ["b"]),
        (["--severity", "warning"], ["b"]), (["--state", "acknowledged"], ["a"]), (["--state", "firing"], ["b"]),
        (["--state", "resolved"], []), (["--group", group], ["a"]), (["--group", group, "--all"], ["a"]),
        (["--group", group, "--severity", "warning"], []),
      ]
      for (options, subjects) in cases {
        let list = try await BuiltCommand.run(["alerts", "list"] + options, in: stage.folder)
        let shown = Set(["a", "b"].filter { list.output.contains("udtræk_\($0).xml") })
        #expect(list.status == 0 && shown == subjects, "\(options): \(list)")
      }
      let refused: [([String], Int32, String)] = [
        (["--account", "fagsystm"], 65, "did you mean “fagsystem”?"),
        (["--infref", "Fremmed_2"], 65, "did you mean “Fremmed_1”?"),
        (["--severity", "critcal"], 64, "did you mean “critical”? write warning, critical"),
        (["--state", "fireing"], 64, "did you mean “firing”?"),
        (["--state", "open", "--all"], 64, "leave out --state"),
        (["--group", "login-failed"], 65, "no open alert is in the group"), (["--group", "x.1"], 64, "is no group"),
      ]
      for (options, status, words) in refused {
        let list = try await BuiltCommand.run(["alerts", "list"] + options, in: stage.folder)
        #expect(list.status == status && list.errors.contains(words), "\(options): \(list)")
      }
      let arrival = try await stage.run("show", "A5")
      #expect(
        arrival.status == 64 && arrival.errors.contains("the numbers of alerts have no letter, and A5 is an arrival"),
        "\(arrival)")
    }
  }

  @Test("an acknowledged alert is not acknowledged again: the command says by whom and when, and changes nothing")
  func acknowledgedOnce() async throws {
    try await Self.withStage { stage in
      for minute in -2..<0 { try await stage.look(minute, [Self.finding("a")]) }
      #expect(try await stage.run("ack", "1", "--by", "Anne", "--why", "min sag").status == 0)
      let known = try #require(try await stage.store.alert(1)?.acknowledgement)
      for again in [["--by", "Bo"], ["--by", "Anne", "--why", "min sag"], ["--by", "Bo", "--json"]] {
        let outcome = try await BuiltCommand.run(["alerts", "ack", "1"] + again, in: stage.folder)
        #expect(outcome.status == 65, "\(outcome)")
        let said = "alert 1 was acknowledged already, by Anne at \(WallClock.denmark.stamp(at: known.at))"
        #expect(outcome.errors.contains(said), "\(outcome)")
        #expect(try await stage.store.alert(1)?.acknowledgement == known)
      }
      let danish = try await stage.run("ack", "1", "--by", "Bo", "--language", "da")
      #expect(danish.errors.contains("alarm 1 er allerede kvitteret af Anne"), "\(danish)")
      #expect(try await stage.store.life(ofAlert: 1)?.events.filter { $0.what == .acknowledged }.count == 1)
      let id = try #require(try await stage.store.ruleGroups().first).id
      #expect(try await stage.run("ack", "--group", id, "--by", "Bo").status == 65)
    }
  }

  @Test("numbers that look like CPR numbers are masked in every text that a person wrote")
  func maskedRemarks() async throws {
    try await Self.withStage { stage in
      for minute in -2..<0 { try await stage.look(minute, [Self.finding("a")]) }
      let remark = "ringet 010203-1234"
      #expect(try await stage.run("ack", "1", "--by", "Bo 010203-1234", "--why", remark).status == 0)
      let silence = ["alerts", "silence", "--account", "fagsystem", "--for", "2h", "--by", "Bo 010203-1234"]
      #expect(try await BuiltCommand.run(silence + ["--why", remark], in: stage.folder).status == 0)
      for arguments in [
        ["list", "--json"], ["show", "1"], ["show", "1", "--json"], ["silences"], ["silences", "--json"],
      ] {
        let shown = try await BuiltCommand.run(["alerts"] + arguments, in: stage.folder)
        #expect(shown.status == 0 && !shown.output.contains("1234"), "\(arguments): \(shown)")
        #expect(shown.output.contains("Bo ******-****"), "\(arguments): \(shown)")
      }
      let again = try await stage.run("ack", "1", "--by", "Bo", "--json")
      #expect(again.status == 65 && !(again.output + again.errors).contains("1234"), "\(again)")
    }
  }

  @Test("silences a group until a time of day, and refuses an end before the beginning")
  func silencedGroups() async throws {
    try await Self.withStage { stage in
      try await stage.look(-1, [Self.finding("a")])
      let id = try #require(try await stage.store.ruleGroups().first).id
      let made = try await stage.run("silence", "--group", id, "--until", "08:00", "--why", "kendt")
      #expect(made.status == 0 && made.output.contains("08:00"), "\(made)")
      #expect(try await stage.store.alert(1)?.silencedBy == 1)
      #expect(try await stage.run("silences").output.contains("pick-up-within: 4h"))
      let ended = try await stage.run(
        "silence", "--group", id, "--from", "2031-01-02 10:00", "--until", "2031-01-01T10:00", "--why", "kendt")
      #expect(ended.status == 65 && ended.errors.contains("before it begins"), "\(ended)")
      let none = try await stage.run("silence", "--group", "login-failed", "--for", "1h", "--why", "kendt")
      #expect(none.status == 65 && none.errors.contains("no open alert"), "\(none)")
      for arguments in [
        ["--until", "i morgen"], ["--until", "08:00", "--for", "1h"], ["--for", "1h", "--kind", "pick-up-late"], [],
      ] {
        let outcome = try await BuiltCommand.run(
          ["alerts", "silence", "--group", id, "--why", "kendt"] + arguments, in: stage.folder)
        #expect(outcome.status == 64, "\(arguments): \(outcome)")
      }
      #expect(try await stage.store.silences(at: .now).count == 1)
    }
  }

  @Test("refuses options that contradict each other")
  func whatCannotBeMeantIsRefused() async throws {
    try await Self.withStage { stage in
      for arguments in [
        ["silence", "--for", "2h", "--why", "x"], ["silence", "--account", "fagsystem", "--for", "2h"],
        ["silence", "--account", "fagsystem", "--for", "2 h", "--why", "x"],
        ["silence", "--account", "fagsystem", "--for", "400d", "--why", "x"],
        ["silence", "--kind", "pickup-late", "--for", "2h", "--why", "x"],
        ["silence", "--account", "fagsystem", "--for", "2h", "--why", "a\nb"],
        ["silence", "--account", "fagsystem", "--for", "2h", "--why", ""], ["ack"], ["ack", "x"],
        ["ack", "1", "--by", "a\u{1B}[2J"],
      ] {
        let outcome = try await BuiltCommand.run(["alerts"] + arguments, in: stage.folder)
        #expect(outcome.status == 64, "\(arguments): \(outcome)")
      }
      let unknown = try await stage.run("silence", "--account", "fagsystm", "--for", "2h", "--why", "x")
      #expect(unknown.status == 65 && unknown.errors.contains("fagsystem"), "\(unknown)")
      #expect(try await stage.store.silences(at: .now).isEmpty)
    }
  }

  @Test("refuses to silence an InfRef that neither the settings nor any alert name, and says which may be meant")
  func unknownInfRefs() async throws {
    try await Self.withStage { stage in
      let rules = """
        infrefs:
          - Register_1
        watch:
          rules:
            - account: fagsystem
              infref: FagsystemdefineredeDataRefGDPR1203_1
              pick-up-within: 4h

        """
      try TestFiles.write(Self.settings + rules, to: stage.folder.appending("filsluse.yaml"))
      // One that no rule is about, and that came all the same.
      var stranger = Self.finding("a", kind: .unknownInfRef)
      stranger.infRef = "Fremmed_1"
      try await stage.look(0, [stranger])

      func silence(_ infRef: String) async throws -> BuiltCommand.Outcome {
        try await stage.run("silence", "--infref", infRef, "--for", "2h", "--why", "x")
      }
      let nope = try await silence("nope")
      #expect(nope.status == 65, "\(nope)")
      #expect(
        nope.errors.contains(
          "no alert can be about the InfRef “nope”; the settings and the alerts have "
            + "FagsystemdefineredeDataRefGDPR1203_1, Fremmed_1, Register_1"), "\(nope)")
      for (slip, meant) in [
        ("FagsystemdefineredeDataRefGDPR1203_2", "FagsystemdefineredeDataRefGDPR1203_1"), ("SF7020", "SF7002"),
        ("sortimentoverfør_1", "SortimentOverfør_1"), ("Fremmed_1 ", "Fremmed_1"),
      ] {
        let outcome = try await silence(slip)
        #expect(outcome.status == 65 && outcome.errors.contains("did you mean “\(meant)”?"), "\(outcome)")
      }
      #expect(try await stage.store.silences(at: .now).isEmpty)

      let good = ["FagsystemdefineredeDataRefGDPR1203_1", "Register_1", "Fremmed_1", "SF7002", "SortimentOverfør_2"]
      for name in good { #expect(try await silence(name).status == 0, "\(name)") }
      #expect(try await stage.store.silences(at: .now).count == good.count)

      let account = try await stage.run("silence", "--account", "fagsystm", "--for", "2h", "--why", "x")
      #expect(account.status == 65 && account.errors.contains("did you mean “fagsystem”?"), "\(account)")
      let kind = try await stage.run("silence", "--kind", "pickup-late", "--for", "2h", "--why", "x")
      #expect(kind.status == 64 && kind.errors.contains("did you mean “pick-up-late”?"), "\(kind)")
    }
  }

  @Test("a test reports which sinks work")
  func aTestTellsWhichSinksTakeIt() async throws {
    try await withScratchFolder("alerts-command") { folder in
      let sinks = """
        watch:
          alerts:
            language: en
            sinks:
              - log
              - command: [/bin/sh, -c, 'cat > got; exit $0', "0"]
              - command: [/bin/sh, -c, 'echo "no room" >&2; exit $0', "3"]

        """
      try TestFiles.write(Self.settings + sinks, to: folder.appending("filsluse.yaml"))
      let outcome = try await BuiltCommand.run(["alerts", "test"], in: folder)
      #expect(outcome.status == 75)
      let lines = outcome.output.split(separator: "\n")
      #expect(
        lines.count == 3 && lines[0] == "log at severity: took it" && lines[1].hasSuffix(": took it"), "\(outcome)")
      #expect(lines.last?.hasSuffix("failed: it ended with status 3: no room") == true, "\(outcome)")
      #expect(outcome.errors.contains("WARNING: A test of alerts"), "\(outcome)")
      let got = try Data(contentsOf: URL(filePath: folder.appending("got").string))
      #expect((try JSONSerialization.jsonObject(with: got) as? [String: Any])?["kind"] as? String == "test")
      #expect(!FileManager.default.fileExists(atPath: folder.appending("watch.sqlite").string))
      try TestFiles.write(Self.settings, to: folder.appending("filsluse.yaml"))
      #expect(try await BuiltCommand.run(["alerts", "test"], in: folder).status == 78)
    }
  }

  @Test("says that no watcher has run, and makes no file")
  func whereNoWatcherHasRunThatIsSaidAndNothingMade() async throws {
    try await withScratchFolder("alerts-command") { folder in
      try TestFiles.write(Self.settings, to: folder.appending("filsluse.yaml"))
      let outcome = try await BuiltCommand.run(["alerts", "list"], in: folder)
      #expect(outcome.status == 66 && outcome.errors.contains("start filsluse watch first"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: folder.appending("watch.sqlite").string))
    }
  }
}
