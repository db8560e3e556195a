import ExchangeSettings
import FilsluseBase
import Foundation
import Testing
import TriggerFiles

@testable import PickupWatch

/// The texts of notifications.
@Suite struct WordingTests {
  @Test("the text names the clock of an age", arguments: Finding.AgeBasis.allCases, AlertSettings.Language.allCases)
  func byWhoseClockTheAgeIsIsSaid(basis: Finding.AgeBasis, language: AlertSettings.Language) throws {
    var finding = Given.finding("a")
    finding.ageBasis = basis
    let notice = try notice(finding, language)
    #expect(notice.ageBasis == basis.rawValue)
    #expect(
      notice.text.contains {
        $0.contains(language == .danish ? ": 23. november 2026 kl. 10.00 (" : ": 2026-11-23 10:00 (")
      })
  }

  @Test("says what a late bare file and a late direct transmission are", arguments: AlertSettings.Language.allCases)
  func filesWithoutInfRef(language: AlertSettings.Language) throws {
    let isDanish = language == .danish
    let bare = Finding(
      kind: .pickUpLate, severity: .critical, account: "fagsystem", subject: "name-1",
      fileName: "SF2900_1.xml",
      since: Given.minute(0), due: Given.minute(1), ruleLine: 9,
      rule: LocalizedText("bare-files: SF2900_*.xml, pick-up-within: 1m"))
    let told = try notice(bare, language)
    #expect(
      told.headline
        == (isDanish ? "KRITISK: Fil ikke afhentet i tide" : "CRITICAL: File not picked up in time")
        + " – fagsystem, SF2900_1.xml")
    let rule = isDanish ? "Regel" : "Rule"
    let line = isDanish ? "linje 9 i indstillingerne" : "line 9 of the settings"
    #expect(told.text.contains("\(rule): bare-files: SF2900_*.xml, pick-up-within: 1m, \(line)"))
    #expect(!told.text.contains { $0.hasPrefix("InfRef") })
    var direct = bare
    direct.sender = "nabosystem"
    direct.rule = LocalizedText("arrival: nabo, pick-up-within: 1m")
    let text = try notice(direct, language).text
    #expect(text.contains("\(isDanish ? "Afsender (SFTP-bruger)" : "Sender (SFTP user)"): nabosystem"))
    #expect(text.contains("\(rule): arrival: nabo, pick-up-within: 1m, \(line)"))
    let half = Finding(kind: .dataWithoutMetadata, severity: .warning, account: "a", subject: "s", fileName: "a.xml")
    #expect(try notice(half, language).text.contains { $0.contains("bare-files") })
  }

  private func notice(
    _ finding: Finding, _ language: AlertSettings.Language, reason: NotificationReason = .fired
  ) throws -> SentNotification {
    var alert = Alert(id: 17, finding: finding, firstSeen: Given.minute(0))
    alert.see(finding, at: Given.minute(1), fireAfter: .zero)
    if reason == .resolved { alert.resolve(at: Given.minute(9)) }
    alert.noteNotification(reason, at: Given.minute(1))
    return try SentNotification(
      AlertNotification(AlertEvent(alert: alert, reason: reason), database: "abc", wording: AlertWording(language)))
  }

  @Test(
    "every kind of alert names the file, its place, its age and the remedy",
    arguments: Finding.Kind.all.filter { $0 != .test }, AlertSettings.Language.allCases)
  func everyKindSaysWhatWhereSinceWhenAndWhatToDo(kind: Finding.Kind, language: AlertSettings.Language) throws {
    let notice = try notice(Given.finding("a", kind: kind), language)
    let isDanish = language == .danish
    #expect(notice.headline.hasPrefix(isDanish ? "KRITISK: " : "CRITICAL: "))
    #expect(notice.headline.hasSuffix("fagsystem, SortimentOverfør_1, a.xml"))
    let text = notice.text.joined(separator: "\n")
    for line in isDanish
      ? [
        "Konto: fagsystem", "Fil: a.xml", "InfRef: SortimentOverfør_1", "InfRef på bestillingsformularen: SF7002",
        "Afsender (SFTP-bruger): fk-kla", "Til myndighed (CVR): 11111111", "Siden: 23. november 2026 kl. 10.00",
        "Frist: 23. november 2026 kl. 14.00", "Regel: skal hentes inden 4 timer, linje 12 i indstillingerne",
        "Gør dette: ", "Kvittér: alarm 17",
      ]
      : [
        "Account: fagsystem", "File: a.xml", "InfRef: SortimentOverfør_1", "InfRef on the order form: SF7002",
        "Sender (SFTP user): fk-kla", "For authority (CVR): 11111111", "Since: 2026-11-23 10:00",
        "Limit: 2026-11-23 14:00", "Rule: pick-up-within: 4h, line 12 of the settings",
        "Do this: ", "Acknowledge: alert 17",
      ]
    { #expect(text.contains("\n\(line)"), "\(line) is missing in:\n\(text)") }
  }

  /// At the warning there is still time: the text must not say that the limit has passed.
  @Test(
    "a warning does not call a file late", arguments: [Finding.Kind.pickUpLate, .nearCleanUp],
    AlertSettings.Language.allCases)
  func whatIsWarnedOfIsNotSaidToBeLate(kind: Finding.Kind, language: AlertSettings.Language) throws {
    let warning = try notice(Given.finding("a", kind: kind, severity: .warning), language)
    let critical = try notice(Given.finding("a", kind: kind), language)
    let soon = language == .danish ? "snart" : "soon"
    #expect(
      warning.text[0].contains(soon) && !critical.text[0].contains(soon), "\(warning.text[0]) \(critical.text[0])")
    let titles = [warning, critical].map { $0.headline.split(separator: ": ", maxSplits: 1).last }
    #expect(titles[0] != titles[1], "\(titles)")
  }

  @Test(
    "says why an alert is over, and does not call it resolved where only its time has passed",
    arguments: AlertSettings.Language.allCases)
  func endings(language: AlertSettings.Language) throws {
    let isDanish = language == .danish
    let why = LocalizedText(da: "Filen blev hentet kl. 12.00.", en: "it was fetched at 12:00")
    for (isMended, mark) in [
      (true, isDanish ? "LØST: " : "RESOLVED: "),
      (false, isDanish ? "AFSLUTTET, IKKE LØST: " : "CLOSED, NOT RESOLVED: "),
    ] {
      var alert = Alert(id: 17, finding: Given.finding("a"), firstSeen: Given.minute(0))
      alert.see(alert.finding, at: Given.minute(1), fireAfter: .zero)
      alert.resolve(at: Given.minute(9), FindingEnding(isMended: isMended, why: why))
      alert.noteNotification(alert.endReason, at: Given.minute(9))
      let event = AlertEvent(alert: alert, reason: alert.endReason)
      let notice = try SentNotification(
        AlertNotification(event, database: "abc", wording: AlertWording(language)))
      #expect(notice.headline.hasPrefix(mark), "\(notice.headline)")
      #expect(notice.text.contains(isDanish ? "Årsag: \(why.da)" : "Why: \(why.en)"))
      #expect(notice.ending == (isDanish ? why.da : why.en) && notice.reason.isEnd)
      #expect(notice.reason == (isMended ? .resolved : .expired))
    }
    // Where the reason is not known, the text says so.
    let last = try notice(Given.finding("a"), language, reason: .resolved).text.last ?? ""
    #expect(
      last == (isDanish ? "Årsag: Det vides ikke; se efter på statussiden." : "Why: Not known; see the status page."))
  }

  @Test("a sortiment from a wrong sender is not answered with a permission", arguments: AlertSettings.Language.allCases)
  func foreignSortiment(language: AlertSettings.Language) throws {
    let sortiment = try notice(Given.finding("a", kind: .unknownSender, infRef: "SortimentOverfør_2"), language)
    let other = try notice(Given.finding("a", kind: .unknownSender, infRef: "Andet_1"), language)
    let text = sortiment.text.joined(separator: "\n")
    #expect(
      text.contains("FK-KLA")
        && text.contains(language == .danish ? "giv ikke afsenderen lov" : "do not permit its sender"))
    #expect(sortiment.headline != other.headline && !other.text.joined().contains("FK-KLA"))
  }

  @Test("times are by the clock on the wall that the settings name")
  func timesAreByTheClockOnTheWallThatTheSettingsName() throws {
    let clock = try #require(WallClock(zone: "America/New_York"))
    var alert = Alert(id: 17, finding: Given.finding("a"), firstSeen: Given.minute(0))
    alert.see(alert.finding, at: Given.minute(1), fireAfter: .zero)
    alert.noteNotification(.fired, at: Given.minute(1))
    let event = AlertEvent(alert: alert, reason: .fired)
    let notice = try SentNotification(
      AlertNotification(event, database: "abc", wording: AlertWording(.english, clock: clock)))
    #expect(notice.text.contains("Since: 2026-11-23 04:00"))
    #expect(notice.text.contains("Limit: 2026-11-23 08:00"))
    // For programs the zone does not matter.
    #expect(notice.since == "2026-11-23T09:00:00.000Z")
  }

  @Test("the text names the party to ask", arguments: AlertSettings.Language.allCases)
  func whomToAskIsSaid(language: AlertSettings.Language) throws {
    func text(_ kind: Finding.Kind) throws -> String {
      try notice(Given.finding("a", kind: kind), language).text.joined(separator: "\n")
    }
    #expect(try text(.unknownInfRef).contains("kdi@kombit.dk"))
    #expect(try text(.pickUpLate).contains("helpdesk@serviceplatformen.dk"))
    #expect(try text(.loginFailed).contains("helpdesk@serviceplatformen.dk"))
    #expect(try !text(.tooManyFiles).contains("@"))
    #expect(try text(Finding.Kind(rawValue: "unheard-of")).contains("helpdesk@serviceplatformen.dk"))
  }

  @Test("every kind has words of its own in both languages")
  func everyKindHasWordsOfItsOwnInBothLanguages() throws {
    let texts = KindText.all
    #expect(Set(texts.keys) == Set(Finding.Kind.all))
    for words in [\LocalizedText.da, \LocalizedText.en] {
      #expect(Set(texts.values.map { $0.title[keyPath: words] }).count == texts.count)
      #expect(Set(texts.values.map { $0.meaning[keyPath: words] }).count == texts.count)
    }
    for (kind, text) in texts {
      for part in [text.title, text.meaning, text.remedy] { #expect(part.da != part.en, "\(kind)") }
    }
    // The list of all is written by hand: it must not miss any, nor may the documentation.
    let target = URL(filePath: #filePath).appending(path: "../../../../Sources/PickupWatch").standardized
    func text(_ file: String) throws -> String {
      try String(contentsOf: target.appending(path: file), encoding: .utf8)
    }
    let declared = try text("Findings/FindingKinds.swift").matches(of: /Self\(rawValue: "(.*?)"\)/)
    let documented = try text("PickupWatch.docc/Alerts.md")
    for kind in Finding.Kind.all { #expect(documented.contains("`\(kind.rawValue)`"), "\(kind)") }
    #expect(declared.map { String($0.output.1) }.sorted() == Finding.Kind.all.map(\.rawValue).sorted())
  }

  @Test("other InfRefs have no other form name")
  func otherInfRefsHaveNoOtherFormName() throws {
    let finding = Given.finding("a", infRef: "FagsystemdefineredeDataRefGDPR1203_1")
    #expect(try notice(finding, .english).orderForm == nil)
    #expect(try notice(Given.finding("a", infRef: "SortimentOverfør_2"), .english).orderForm == "SF7002")
    #expect(try notice(Given.finding("a", infRef: nil), .english).orderForm == nil)
  }

  @Test("CPR numbers and control characters are never sent", arguments: AlertSettings.Language.allCases)
  func cprNumbersAndControlCharactersNeverGetOut(language: AlertSettings.Language) throws {
    var finding = Given.finding("a\u{202E}b", infRef: "X\r\nBcc: x")
    finding.fileName = "udtræk_010190-1234\n.csv"
    finding.sender = "sys\u{1B}[31m0101901234"
    finding.detail = LocalizedText("række 0101901234\u{2028}ukendt")
    finding.rule = LocalizedText("expect: \u{7}daily")
    let notice = try notice(finding, language)
    let everything =
      ([notice.headline, notice.subject, notice.fileName, notice.sender, notice.detail, notice.infRef]
      .compactMap(\.self) + notice.text).joined(separator: "|")
    #expect(!everything.contains("1234"))
    #expect(everything.contains("udtræk_******-****"))
    for scalar in everything.unicodeScalars {
      #expect(![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory))
    }
  }

  @Test("endless texts are cut")
  func endlessTextsAreCut() throws {
    var finding = Given.finding("a")
    finding.detail = LocalizedText(String(repeating: "ø", count: 100_000))
    let notice = try notice(finding, .danish)
    #expect(notice.text.allSatisfy { $0.unicodeScalars.count < 500 })
  }

  @Test("a resolved alert states that and asks for no action")
  func whatIsOverSaysSoAndAsksForNothing() throws {
    let notice = try notice(Given.finding("a"), .danish, reason: .resolved)
    #expect(notice.headline.hasPrefix("LØST: Fil ikke afhentet i tide"))
    #expect(notice.text.contains("Løst: 23. november 2026 kl. 10.09"))
    #expect(!notice.text.contains { $0.hasPrefix("Gør dette") || $0.hasPrefix("Kvittér") })
  }

  @Test("a group counts its members and names the oldest")
  func aFoldCountsAndNamesTheOldest() throws {
    var machine = AlertStateMachine(settings: AlertSettings(groupAbove: 3))
    let files = (0..<14).map { Given.finding("f\($0)", since: $0) }
    let event = machine.take(Given.look(21, files), silences: [])[0]
    let notice = try SentNotification(AlertNotification(event, database: "abc", wording: AlertWording(.danish)))
    #expect(notice.headline == "KRITISK: 14 fund i én indbakke, heraf 14 kritiske – fagsystem, SortimentOverfør_1")
    #expect(
      notice.text.contains(
        "  – Fil ikke afhentet i tide, SortimentOverfør_1, f0.xml, siden 23. november 2026 kl. 10.00"))
    #expect(notice.text.contains("  – og 4 til; listen over alarmer viser dem alle"))
    #expect(notice.text.contains("Fordelt på: 14 × Fil ikke afhentet i tide"))
    #expect(notice.group?.count == 14)
  }
}
