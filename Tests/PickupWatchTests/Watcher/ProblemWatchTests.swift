import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import ServiceLifecycle
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import PickupWatch

/// The journal's open problems among a watcher's alerts, beside a `filsluse run` that alerts by its own program.
@Suite(.timeLimit(.minutes(25))) struct ProblemWatchTests {
  private static func kind(_ problem: OpenProblem.Kind) -> Finding.Kind { Finding.Kind(problem) }

  @Test("alerts people to open problems and to their end in place of the program of filsluse run")
  func inPlaceOfRun() async throws {
    try await withProblemScene { scene in
      try await scene.watch { work in
        try await scene.quarantine("010190-1234.csv")
        let quarantined = try await work.alert(Self.kind(.quarantined), "a")
        #expect(quarantined.severity == "warning" && quarantined.infRef == "SortimentOverfør_1")
        #expect(quarantined.fileName == "******-****.csv" && quarantined.subject == "A1")
        #expect(quarantined.text.contains { $0.contains("sender flis is not permitted") })
        let (notifier, reporter) = scene.notifier()
        reporter.attention(
          .diskFull, account: "", of: "/srv/ud",
          LocalizedText(da: "/srv/ud: disken har 12 byte tilbage.", en: "/srv/ud: the disk has 12 bytes left"))
        await notifier.compare()
        let full = try await work.alert(Self.kind(.diskFull), "")
        #expect(
          full.severity == "critical"
            && full.headline == "CRITICAL: A disk is full, or has no room for a file that waits")
        reporter.isOver(
          .diskFull, account: "", of: "/srv/ud",
          LocalizedText(
            da: "/srv/ud: disken har 99999999 byte tilbage.", en: "/srv/ud: the disk has 99999999 bytes left"))
        await notifier.compare()
        #expect(try await work.end(of: full).ending == "/srv/ud: the disk has 99999999 bytes left")
        try await scene.close("A1")
        #expect(try await work.end(of: quarantined).ending == "A1 was closed: sendt pr. brev")
        await notifier.compare()
        #expect(try work.notifications().map(\.reason.isEnd).count { $0 } == 2)
      }
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun().isEmpty)
    }
  }

  @Test("sends each thing once while the watcher and filsluse run take turns")
  func onceWhileTheyTakeTurns() async throws {
    try await withProblemScene { scene in
      // Run sends the first, whose end comes while the watcher is there; and one that ends before it is.
      try await scene.quarantine("1.csv")
      try await scene.quarantine("2.csv")
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["quarantined open"])
      let journal = scene.journal
      try await scene.watch { work in
        try await work.until("both are listed") {
          await work.watcher.statusSource.status().alerts.count { $0.finding.kind.rawValue == "quarantined" } == 2
        }
        try await scene.quarantine("3.csv")
        let third = try await work.alert(Self.kind(.quarantined), "a")
        #expect(third.subject == "A3", "what run has sent is not sent again")
        try await scene.close("A1")
        try await work.until("the end of the first") {
          try work.notifications().contains { $0.subject == "A1" && $0.reason == .resolved }
        }
        try await work.until("it is noted") {
          try await journal.surveyProblems(of: scene.settings.accounts).alerted.count == 2
        }
      }
      // The watcher is gone: run sends what is new, and the end of what the watcher sent.
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["quarantined open"])
      try await scene.close("A3")
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["quarantined open", "quarantined over"])
      try await scene.watch { work in
        try await work.until("the third is over here too") {
          await work.watcher.statusSource.status().alerts.contains {
            $0.finding.kind.rawValue == "quarantined" && $0.state == .resolved
          }
        }
        try await scene.quarantine("4.csv")
        try await work.until("the fourth") { try work.notifications().contains { $0.subject == "A4" } }
        #expect(try work.notifications().filter { $0.kind == "quarantined" }.map(\.subject) == ["A4"])
      }
      #expect(try scene.toldByRun().count == 2)
    }
  }

  @Test("sends the end of alerts that filsluse run sent and that were over before the watcher saw them")
  func endsThatNobodySaw() async throws {
    try await withProblemScene { scene in
      try await scene.quarantine("1.csv")
      await scene.notifier().notifier.compare()
      try await scene.close("A1")
      try await scene.watch { work in
        try await work.until("the end") {
          try work.notifications().map { "\($0.subject) \($0.reason.rawValue)" } == ["A1 resolved"]
        }
      }
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["quarantined open"])
    }
  }

  @Test("alerts people to a file that the server refuses, and leaves half pairs to its rules, however many there are")
  func refusedAccess() async throws {
    try await withProblemScene { scene in
      try await scene.watch { work in
        // From its first alert on the watcher sends alone.
        try await scene.quarantine("1.csv")
        _ = try await work.alert(Self.kind(.quarantined), "a")
        let (notifier, reporter) = scene.notifier()
        for number in 1...250 {
          reporter.attention(
            .notCollectable, account: "a", of: "IN/halv-\(number).csv",
            LocalizedText(da: "Den er et halvt par.", en: "it is half a pair"))
        }
        reporter.attention(
          .accessRefused, account: "a", of: "IN/lukket.csv",
          LocalizedText(da: "Serveren vil ikke give den.", en: "the server does not give it"))
        await notifier.compare()
        let refused = try await work.alert(Self.kind(.accessRefused), "a")
        #expect(refused.severity == "warning" && refused.subject == "IN/lukket.csv")
        let open = try await scene.journal.surveyProblems(of: scene.settings.accounts).open
        #expect(open.counts == [.quarantined: 1, .notCollectable: 250, .accessRefused: 1])
        let kinds = await work.watcher.statusSource.status().alerts.map(\.finding.kind.rawValue)
        #expect(!kinds.contains("not-collectable"), "\(kinds)")
        reporter.isOver(
          .accessRefused, account: "a", of: "IN/lukket.csv",
          LocalizedText(da: "Den er hentet.", en: "it was collected"))
        await notifier.compare()
        #expect(try await work.end(of: refused).ending == "it was collected")
      }
    }
  }

  @Test("sends a refusal once, whether filsluse run or a rule of the watch finds it first")
  func refusals() async throws {
    try await withProblemScene { scene in
      try await scene.refuse("1.csv")
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["refused open"])
      let journal = scene.journal
      try await scene.watch { work in
        try await work.until("the first is listed") {
          await work.watcher.statusSource.status().alerts.contains { $0.finding.kind == .receiptError }
        }
        try await scene.refuse("2.csv")
        let second = try await work.alert(.receiptError, "a")
        #expect(second.fileName == "2.csv", "the first was sent by filsluse run")
        try await work.until("it is noted") {
          try await journal.surveyReceipts(of: scene.settings.accounts[0]).alerted.count == 2
        }
        #expect(try work.notifications().map(\.kind) == ["receipt-error"])
      }
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["refused open"])
    }
  }

  @Test("sends the end of a refusal that filsluse run sent and that was over before a rule of the watch could find it")
  func refusalsThatNoRuleSaw() async throws {
    try await withProblemScene { scene in
      try await scene.refuse("1.csv")
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["refused open"])
      try await scene.close("D1")
      let journal = scene.journal
      let accounts = scene.settings.accounts
      try await scene.watch { work in
        try await work.until("the end") {
          try work.notifications().map { "\($0.subject) \($0.kind) \($0.reason.rawValue)" } == ["D1 refused resolved"]
        }
        #expect(try work.notifications().first?.ending == "D1 was closed: sendt pr. brev")
        try await work.until("it is noted") { try await journal.surveyProblems(of: accounts).ended.isEmpty }
      }
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["refused open"])
    }
  }

  @Test("ends the alert of a rule about a refusal that a person closes, once and with the reason")
  func closedRefusals() async throws {
    try await withProblemScene { scene in
      let journal = scene.journal
      let accounts = scene.settings.accounts
      try await scene.watch { work in
        try await scene.refuse("1.csv")
        let refused = try await work.alert(.receiptError, "a")
        try await work.until("it is noted") { try await journal.surveyReceipts(of: accounts[0]).alerted.count == 1 }
        try await scene.close("D1")
        try await work.end(of: refused)
        try await work.until("its end is noted") { try await journal.surveyProblems(of: accounts).ended.isEmpty }
        let told = try work.notifications()
        #expect(told.map { "\($0.kind) \($0.reason.rawValue)" } == ["receipt-error fired", "receipt-error resolved"])
        #expect(told.last?.ending?.contains("sendt pr. brev") == true)
      }
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun().isEmpty)
    }
  }

  @Test(
    "sends the end of a refusal once, also where filsluse run sent it while the watcher was down",
    arguments: [true, false])
  func refusalsEndedWhileTheWatcherIsDown(runSends: Bool) async throws {
    try await withProblemScene { scene in
      let journal = scene.journal
      let accounts = scene.settings.accounts
      let adjust = { @Sendable (settings: inout ExchangeSettings) in settings.alert = AlertCommand(command: ["true"]) }
      try await scene.watch(adjust) { work in
        for name in ["1.csv", "2.csv"] { try await scene.refuse(name) }
        try await work.until("both are noted") { try await journal.surveyReceipts(of: accounts[0]).alerted.count == 2 }
      }
      try await scene.close("D1")
      if runSends {
        await scene.notifier().notifier.compare()
        #expect(try scene.toldByRun() == ["refused over"])
      }
      try await scene.watch(adjust) { work in
        try await scene.close("D2")
        let ends = { try work.notifications().filter { $0.reason == .resolved }.compactMap(\.fileName).sorted() }
        try await work.until("the second's end") { try ends().contains("2.csv") }
        try await work.until("its end is noted") { try await journal.surveyProblems(of: accounts).ended.isEmpty }
        #expect(try ends() == (runSends ? ["2.csv"] : ["1.csv", "2.csv"]))
      }
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == (runSends ? ["refused over"] : []))
    }
  }

  @Test("reports another process's observations and their ends, in Danish as in English")
  func observedInDanish() async throws {
    try await withProblemScene { scene in
      let (notifier, reporter) = scene.notifier()
      reporter.attention(
        .diskFull, account: "", of: "/srv/ud",
        LocalizedText(da: "/srv/ud: disken har 12 byte tilbage.", en: "/srv/ud: the disk has 12 bytes left"))
      await notifier.compare()
      let account = scene.settings.accounts[0]
      func survey() async throws -> ProblemSurvey { try await scene.journal.surveyProblems(of: [account]) }
      let open = try #require(try await survey().open.problems.first)
      #expect(Finding(open).detail?.da == "/srv/ud: /srv/ud: disken har 12 byte tilbage.")
      #expect(open.line(in: .danish) == "/srv/ud: disken har 12 byte tilbage.")
      reporter.isOver(
        .diskFull, account: "", of: "/srv/ud", LocalizedText(da: "Der er plads igen.", en: "there is room again"))
      try await reporter.problems.synchronize()
      let ended = try #require(try await survey().ended.first)
      #expect(ended.ending.danish == "Der er plads igen." && ended.ending.description == "there is room again")
      #expect(ended.problem.danish == "/srv/ud: disken har 12 byte tilbage.")
    }
  }

  @Test("leaves the alerting to filsluse run where the watcher has nowhere to send, and lists all the same")
  func withoutSinks() async throws {
    try await withProblemScene { scene in
      var settings = scene.settings
      settings.watch.alerts = AlertSettings()
      let watcher = Watcher(settings: settings, version: "test", logger: WatchedServer.quiet)
      let group = ServiceGroup(services: [ClosureService { try await watcher.run() }], logger: WatchedServer.quiet)
      let running = Task { try await group.run() }
      try await scene.quarantine("1.csv")
      let end = ContinuousClock.now + .seconds(120)
      while await !watcher.statusSource.status().alerts.contains(where: { $0.finding.kind.rawValue == "quarantined" }),
        end > .now
      {
        try await Task.sleep(for: .milliseconds(50))
      }
      let status = await watcher.statusSource.status()
      #expect(status.alerts.map(\.finding.kind.rawValue) == ["quarantined"])
      #expect(status.alerts.first?.title.da == "En fil bliver liggende i IN, fordi ingen regel venter den")
      await scene.notifier().notifier.compare()
      #expect(try scene.toldByRun() == ["quarantined open"])
      await group.triggerGracefulShutdown()
      try await running.value
    }
  }

  @Test("names the members of a group and where to see the rest, of accounts without rules too")
  func groups() async throws {
    try await withProblemScene { scene in
      var accounts = scene.settings.accounts
      accounts[0].name = "b"
      let more = accounts
      for number in 1...12 { try await scene.quarantine("fil \(number).csv", account: "b") }
      try await scene.watch {
        $0.accounts += more
      } _: { work in
        let group = try await work.alert(.manyFindings, "b")
        #expect(group.headline == "WARNING: 12 things wait for a person – b, SortimentOverfør_1")
        for number in 1...10 {
          #expect(
            group.text.contains { $0.contains("A\(number), SortimentOverfør_1, fil \(number).csv") }, "\(group.text)")
        }
        #expect(group.text.contains("  – and 2 more; the list of alerts shows them all"))
        #expect(group.group?.oldest.count == 10 && group.group?.kinds == ["quarantined": 12])
        #expect(try work.notifications().count == 1)
      }
    }
  }

  @Test("names file, sender and the end of a quarantine in Danish, without a word of the journal's English")
  func danishFacts() async throws {
    try await withProblemScene { scene in
      try await scene.quarantine("liste.csv")
      try await scene.refuse("udtræk.csv")
      let account = scene.settings.accounts[0]
      func problems() async throws -> ProblemSurvey { try await scene.journal.surveyProblems(of: [account]) }
      let found = try await problems().open.problems.map(Finding.init)
      #expect(
        found.compactMap(\.detail?.da) == [
          """
          A1: liste.csv fra afsenderen flis bliver liggende i IN: InfRef SortimentOverfør_1: afsenderen flis er ikke \
          tilladt af ind; hvis det er rigtigt, så tillad det under arrivals:
          """,
          "D1: Platformen har afvist udtræk.csv. Kvitteringen siger: „17 Ukendt rute“",
        ])
      await scene.notifier().notifier.compare()
      try await scene.close("A1")
      try await scene.refuse("udtræk.csv", again: true)
      let endings = try await problems().ended.map(\.ending.danish)
      #expect(
        endings.sorted() == ["A1 er lukket med begrundelsen „sendt pr. brev“.", "D1 udtræk.csv er sendt igen."])
    }
  }

  @Test("says every kind of open problem in both languages, and has no English word in the Danish")
  func bothLanguages() {
    for kind in OpenProblem.Kind.allCases {
      let problem = OpenProblem(
        OpenProblem.Key(kind, account: "a", subject: "A7"), message: "010101.csv is not there", remedy: "",
        since: Given.start)
      var alert = Alert(id: 17, finding: Finding(problem), firstSeen: Given.minute(0))
      alert.see(alert.finding, at: Given.minute(1), fireAfter: .zero)
      for reason in [NotificationReason.fired, .repeated, .resolved] {
        let danish = AlertNotification(
          AlertEvent(alert: alert, reason: reason), database: "abc", wording: AlertWording(.danish))
        for line in [danish.headline] + danish.text {
          #expect(!line.contains("is not there"), "quotes the English text: \(line)")
          #expect(EnglishWords.found(in: line).isEmpty, "\(kind.rawValue) \(reason): \(line)")
        }
        let english = AlertNotification(
          AlertEvent(alert: alert, reason: reason), database: "abc", wording: AlertWording(.english))
        #expect(english.text != danish.text && english.text.contains { $0.contains("010101.csv") })
      }
    }
  }
}
