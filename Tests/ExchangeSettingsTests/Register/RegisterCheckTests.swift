import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

/// The findings of a register that can be read: an example for each, and the same without the mistake.
@Suite struct RegisterCheckTests {
  private static let infRef = RegisterFolder.infRef
  private static let other = "0d8a7a5c-1111-4222-8333-444455558888"
  private static let at = "2026-03-02T09:14:05.000Z"
  private static let header =
    "name;direction;account;infref;authority;sender-it-system;sender-role;recipient-it-system;recipient-role;valid-to;superseded-on;recipient-authority\n"
  private static let assigned = "\(at) infref name=\(infRef) state=assigned on=2026-03-01 by=Anna\n"

  private static func route(
    _ name: String = "r", direction: String = "", infRef: String = infRef, authority: String = "64942212",
    sender: String = "", role: String = "", recipient: String = RegisterFolder.receiver, recipientRole: String = "",
    validTo: String = "", superseded: String = "", recipientAuthority: String = ""
  ) -> String {
    "\(name);\(direction);fagsystem;\(infRef);\(authority);\(sender);\(role);\(recipient);\(recipientRole);\(validTo);\(superseded);\(recipientAuthority)\n"
  }

  private func findings(
    _ lines: String, record: String = assigned, today: String = "2026-11-29", tasks: Set<String>? = nil
  ) throws -> [String] {
    let folder = try RegisterFolder()
    try folder.write(Self.header + lines, as: "routes.csv")
    try folder.write(record, as: "routes.record")
    let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
    let check = RegisterCheck(
      try #require(register), settings: settings, today: try #require(CivilDay(today)), knownTasks: tasks)
    let findings = check.findings()
    for finding in findings {
      #expect(RegisterFindingCode.all.contains(finding.code))
      #expect(!finding.message.da.isEmpty && !finding.remedy.en.isEmpty && !finding.remedy.da.isEmpty)
    }
    return findings.map(RegisterFolder.short)
  }

  @Test("finds nothing wrong with a route whose InfRef is assigned")
  func good() throws { #expect(try findings(Self.route()).isEmpty) }

  @Test("finds an InfRef without a recorded assignment")
  func notAssigned() throws {
    #expect(try findings(Self.route(), record: "") == ["2:14 error inf-ref-not-assigned"])
    let requested = "\(Self.at) infref name=\(Self.infRef) state=requested on=2026-03-01 by=Anna\n"
    #expect(try findings(Self.route(), record: requested) == ["2:14 error inf-ref-not-assigned"])
  }

  @Test("finds an InfRef without assignment once, however many routes use it, and warns only outside production")
  func notAssignedOnce() throws {
    let folder = try RegisterFolder()
    func found(_ lines: String) throws -> [RegisterFinding] {
      try folder.write("name;account;infref;authority;recipient-it-system\n" + lines, as: "routes.csv")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      let today = try #require(CivilDay("2026-11-29"))
      return RegisterCheck(try #require(register), settings: settings, today: today).findings()
        .filter { $0.code == .unassignedInfRef }
    }
    let two = ["a;fagsystem", "b;fagsystem"].enumerated().map { number, start in
      "\(start);\(Self.infRef);\(["64942212", "55133018"][number]);\(RegisterFolder.receiver)\n"
    }.joined()
    let inProduction = try found(two)
    #expect(inProduction.map(RegisterFolder.short) == ["2:13 error inf-ref-not-assigned"])
    #expect(inProduction.first?.message.en.contains("which 2 routes use") ?? false)
    #expect(inProduction.first?.remedy.en.hasPrefix("order it from kdi@kombit.dk") ?? false)
    let settings = try folder.text(of: "filsluse.yaml")
    for host in ["sftpexttest.serviceplatformen.dk", "127.0.0.1"] {
      try folder.write(settings.replacing("sftp.serviceplatformen.dk", with: host), as: "filsluse.yaml")
      let warnings = try found(two)
      #expect(warnings.map(RegisterFolder.short) == ["2:13 warning inf-ref-not-assigned"])
      // A trial's server is this machine, and its InfRef is invented.
      let isSaid = warnings.first?.remedy.en.hasPrefix("nothing is to be done in a trial; ")
      #expect(isSaid == (host == "127.0.0.1"))
    }
  }

  @Test("names the place of an InfRef without assignment in the list's text, where a template gives it too")
  func placeOfUnassigned() throws {
    let folder = try RegisterFolder()
    let own = "own;;fagsystem;FagsystemdefineredeDataRefGDPR1204_1;0461;35209115;\(RegisterFolder.receiver)\n"
    let text =
      "# A comment.\n\n# Another one.\n" + RegisterFolder.header + RegisterFolder.template + ";flis;;;0751;55133018;\n"
      + own
    try folder.write(text, as: "routes.csv")
    let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
    let check = RegisterCheck(
      try #require(register), settings: settings, today: try #require(CivilDay("2026-11-29")))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let places = check.findings().filter { $0.code == .unassignedInfRef }.compactMap(\.position)
    let named = places.map { lines[$0.line - 1].dropFirst($0.column - 1).prefix { $0 != ";" } }
    #expect(named == [Self.infRef[...], "FagsystemdefineredeDataRefGDPR1204_1"])
    #expect(places.map(\.line) == [5, 7])
  }

  @Test("finds an InfRef that a second system sends, by the record's owner or by another route")
  func otherSystem() throws {
    let owned = "\(Self.at) infref name=\(Self.infRef) state=assigned owner=\(Self.other) on=2026-03-01 by=Anna\n"
    #expect(try findings(Self.route(), record: owned) == ["2:1 error inf-ref-of-other-system"])
    let two = Self.route("a") + Self.route("b", sender: Self.other)
    #expect(try findings(two) == ["3:1 error inf-ref-of-other-system"])
  }

  /// Adds an account `try` of external test, with an instance of its own, to the settings of a folder.
  private static func addTestAccount(to folder: borrowing RegisterFolder) throws {
    let account = """
        try:
          host: sftpexttest.serviceplatformen.dk
          user: try
          key: keys/try
          host-keys: ["\(SettingsText.fingerprint)"]
          it-system: \(other)
          authority: "12345674"
      routes-file: routes.csv

      """
    let settings = try folder.text(of: "filsluse.yaml").replacing("routes-file: routes.csv\n", with: account)
    try folder.write(settings, as: "filsluse.yaml")
  }

  @Test("lets each environment's instance of one system send an InfRef, and no second system in either")
  func instancesOfOneSystem() throws {
    let folder = try RegisterFolder()
    try Self.addTestAccount(to: folder)
    try folder.write(
      "\(Self.at) infref name=\(Self.infRef) state=assigned owner=\(RegisterFolder.system) on=2026-03-01 by=Anna\n",
      as: "routes.record")
    func found(_ sender: String) throws -> [String] {
      let recipients = (0..<3).map { "0d8a7a5c-1111-4222-8333-00000000000\($0)" }
      try folder.write(
        "name;account;infref;authority;recipient-it-system;sender-it-system\n"
          + "a;fagsystem;\(Self.infRef);64942212;\(recipients[0]);\n"
          + "b;try;\(Self.infRef);64942212;\(recipients[1]);\n"
          + "c;try;\(Self.infRef);55133018;\(recipients[2]);\(sender)\n", as: "routes.csv")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      let today = try #require(CivilDay("2026-11-29"))
      let findings = RegisterCheck(try #require(register), settings: settings, today: today).findings()
      return findings.filter { $0.severity == .error }.map(RegisterFolder.short)
    }
    #expect(try found("").isEmpty)
    #expect(try found("0d8a7a5c-1111-4222-8333-444455550000") == ["4:1 error inf-ref-of-other-system"])
  }

  @Test("finds a declaration whose number is not its InfRef's")
  func declarationNumber() throws {
    let good = "\(Self.at) declaration infref=\(Self.infRef) number=1203 on=2026-03-01 by=Anna\n"
    #expect(try findings(Self.route(), record: Self.assigned + good).isEmpty)
    let wrong = good.replacing("number=1203", with: "number=1230")
    #expect(try findings(Self.route(), record: Self.assigned + wrong) == ["2:1 error declaration-number"])
  }

  @Test("finds a sortiment that another system than the classification system sends")
  func sortimentSender() throws {
    let line = Self.route(infRef: "SortimentOverf\u{F8}r_1", role: "classification")
    #expect(try findings(line).isEmpty)
    #expect(try findings(line.replacing(";classification;", with: ";fagsystem;")) == ["2:1 error sortiment-sender"])
    #expect(try findings(line.replacing(";classification;", with: ";;")) == ["2:1 error sortiment-sender"])
  }

  @Test("finds version 2 on the route to a system that handles invoices, and two versions to one recipient")
  func sortimentVersion() throws {
    let second = Self.route(infRef: "SortimentOverf\u{F8}r_2", role: "classification", recipientRole: "invoices")
    #expect(try findings(second) == ["2:1 error sortiment-version"])
    let both =
      Self.route("a", infRef: "SortimentOverf\u{F8}r_1", role: "classification")
      + Self.route("b", infRef: "SortimentOverf\u{F8}r_2", role: "classification")
    #expect(try findings(both) == ["3:1 error sortiment-version"])
  }

  @Test("warns of a CVR number with a wrong check digit, once for each number")
  func checkDigit() throws {
    let lines = Self.route("a", authority: "12345678") + Self.route("b", authority: "12345678", recipient: Self.other)
    #expect(try findings(lines) == ["2:1 warning cvr-check-digit"])
  }

  @Test("finds a line with the CVR number of another municipality, and a second number of one municipality")
  func authorityOfAnother() throws {
    let folder = try RegisterFolder()
    func found(_ lines: String) throws -> [String] {
      try folder.write(
        "name;account;infref;municipality;authority;recipient-authority;recipient-it-system\n" + lines, as: "routes.csv"
      )
      try folder.write(Self.assigned, as: "routes.record")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      let today = try #require(CivilDay("2026-11-29"))
      let findings = RegisterCheck(try #require(register), settings: settings, today: today).findings()
      return findings.map(RegisterFolder.short)
    }
    func line(_ name: String, _ municipality: String, _ authority: String, shared: String = "") -> String {
      "\(name);fagsystem;\(Self.infRef);\(municipality);\(authority);\(shared);\(name == "c" ? Self.other : RegisterFolder.receiver)\n"
    }
    let good = line("a", "0101", "64942212") + line("b", "0751", "55133018")
    #expect(try found(good + line("c", "0751", "55133018")).isEmpty)
    let wrong = ["4:1 error municipality-authority"]
    #expect(try found(good + line("c", "0461", "55133018")) == wrong)
    #expect(try found(good + line("c", "0751", "35209115")) == wrong)
    // A recipient that all municipalities share is nobody's own.
    let shared = line("a", "0101", "64942212", shared: "28856075") + line("b", "0751", "55133018", shared: "28856075")
    #expect(try found(shared).isEmpty)
  }

  @Test("finds routes that are over, and two from and to the same")
  func deadAndDoubled() throws {
    #expect(try findings(Self.route(validTo: "2026-11-28")) == ["2:1 warning dead-route"])
    #expect(try findings(Self.route(validTo: "2026-11-29")).isEmpty)
    let ended =
      Self.assigned + "\(Self.at) agreement route=r authority=64942212 on=2026-03-01 by=Anna\n"
      + "\(Self.at) order route=r of=route state=ended on=2026-05-01 by=Anna\n"
    #expect(try findings(Self.route(), record: ended) == ["2:1 warning dead-route"])
    #expect(try findings(Self.route("a") + Self.route("b")) == ["3:1 error doubled-route"])
  }

  @Test("finds two routes from and to the same that go by two accounts of one environment")
  func doubledByTwoAccounts() throws {
    let folder = try RegisterFolder()
    let plain = try folder.text(of: "filsluse.yaml")
    func found(_ host: String) throws -> [String] {
      let account = """
          second:
            host: \(host)
            user: second
            key: keys/second
            host-keys: ["\(SettingsText.fingerprint)"]
            it-system: \(RegisterFolder.system)
            authority: "12345674"
        routes-file: routes.csv

        """
      try folder.write(plain.replacing("routes-file: routes.csv\n", with: account), as: "filsluse.yaml")
      try folder.write(
        "name;account;infref;authority;recipient-it-system\n"
          + "a;fagsystem;\(Self.infRef);64942212;\(RegisterFolder.receiver)\n"
          + "b;second;\(Self.infRef);64942212;\(RegisterFolder.receiver)\n", as: "routes.csv")
      try folder.write(Self.assigned, as: "routes.record")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      let today = try #require(CivilDay("2026-11-29"))
      let findings = RegisterCheck(try #require(register), settings: settings, today: today).findings()
      return findings.map(RegisterFolder.short)
    }
    #expect(try found("sftp.serviceplatformen.dk") == ["3:1 error doubled-route"])
    // A platform of one's own is another.
    #expect(try found("127.0.0.1").isEmpty)
  }

  @Test("finds an interface whose six months after it was superseded are near their end, or over")
  func superseded() throws {
    let line = Self.route(superseded: "2026-08-31")
    #expect(try findings(line, today: "2026-12-01").isEmpty)
    #expect(try findings(line, today: "2026-12-30") == ["2:1 warning superseded"])
    #expect(try findings(line, today: "2027-02-28") == ["2:1 warning superseded"])
    #expect(try findings(line, today: "2027-03-01") == ["2:1 error superseded"])
  }

  @Test("finds a route that was ordered before all its authorities had approved")
  func orderedBeforeApproval() throws {
    let order = "\(Self.at) order route=r of=route state=ordered on=2026-04-01 by=Anna\n"
    func agreement(_ authority: String, on day: String) -> String {
      "\(Self.at) agreement route=r authority=\(authority) on=\(day) by=Anna\n"
    }
    let line = Self.route()
    let late = ["2:1 error ordered-before-approval"]
    #expect(try findings(line, record: Self.assigned + order) == late)
    #expect(try findings(line, record: Self.assigned + order + agreement("64942212", on: "2026-04-02")) == late)
    #expect(try findings(line, record: Self.assigned + order + agreement("64942212", on: "2026-03-31")).isEmpty)
    // Two authorities both approve.
    let two = Self.route(recipientAuthority: "55133018")
    let one = Self.assigned + agreement("64942212", on: "2026-03-31") + order
    #expect(try findings(two, record: one) == late)
    #expect(try findings(two, record: one + agreement("55133018", on: "2026-03-31")).isEmpty)
  }

  @Test("judges the order in force: an end and a new order after the approval clear an order that was too early")
  func orderedAgain() throws {
    func order(_ state: String, on day: String) -> String {
      "\(Self.at) order route=r of=route state=\(state) on=\(day) by=Anna\n"
    }
    let early =
      Self.assigned + order("ordered", on: "2026-04-01") + order("confirmed", on: "2026-04-02")
      + "\(Self.at) agreement route=r authority=64942212 on=2026-04-10 by=Anna\n"
    let late = ["2:1 error ordered-before-approval"]
    #expect(try findings(Self.route(), record: early) == late)
    let ended = early + order("ended", on: "2026-04-11")
    #expect(try findings(Self.route(), record: ended) == ["2:1 warning dead-route"])
    #expect(try findings(Self.route(), record: ended + order("ordered", on: "2026-04-12")).isEmpty)
    #expect(try findings(Self.route(), record: ended + order("ordered", on: "2026-04-09")) == late)
    // A confirmation alone is an order, too.
    #expect(try findings(Self.route(), record: ended + order("confirmed", on: "2026-04-12")).isEmpty)
  }

  @Test("counts no approval that was withdrawn, or that was recorded for another system, InfRef or environment")
  func approvalsThatDoNotHold() throws {
    let order = "\(Self.at) order route=r of=route state=ordered on=2026-04-01 by=Anna\n"
    func agreement(_ terms: String) -> String {
      "\(Self.at) agreement route=r authority=64942212 \(terms) on=2026-03-31 by=Anna\n"
    }
    let own =
      "environment=production infref=\(Self.infRef) sender=\(RegisterFolder.system) recipient=\(RegisterFolder.receiver)"
    func found(_ agreements: String) throws -> [String] {
      try findings(Self.route(), record: Self.assigned + agreements + order)
    }
    let late = ["2:1 error ordered-before-approval"]
    #expect(try found(agreement(own)).isEmpty)
    #expect(try found(agreement(own) + agreement("state=withdrawn")) == late)
    #expect(try found(agreement(own) + agreement("state=withdrawn") + agreement(own)).isEmpty)
    for (value, other) in [
      (RegisterFolder.receiver, Self.other), (RegisterFolder.system, Self.other), ("GDPR1203", "GDPR1204"),
      ("production", "external-test"),
    ] {
      let before = own.replacing(value, with: other)
      #expect(try found(agreement(before)) == late, "\(before)")
      #expect(try found(agreement(before) + agreement(own)).isEmpty, "\(before)")
    }
  }

  @Test("finds a route whose order was recorded for another recipient, or for the other environment")
  func changedSinceOrder() throws {
    func record(_ terms: String) -> String {
      Self.assigned + "\(Self.at) agreement route=r authority=64942212 on=2026-03-31 by=Anna\n"
        + "\(Self.at) order route=r of=route state=ordered \(terms) on=2026-04-01 by=Anna\n"
    }
    let line = Self.route()
    #expect(try findings(line, record: record("environment=production recipient=\(RegisterFolder.receiver)")).isEmpty)
    for terms in ["recipient=\(Self.other)", "environment=external-test"] {
      #expect(try findings(line, record: record(terms)) == ["2:1 error changed-since-order"])
    }
  }

  @Test("finds a direct route whose order was recorded for other recipients, and takes a line that does not say them")
  func changedRecipients() throws {
    let folder = try RegisterFolder()
    try folder.write("name;account;kind;recipients\nr;fagsystem;direct;nabo|lager\n", as: "routes.csv")
    func found(_ terms: String) throws -> [String] {
      try folder.write(
        "\(Self.at) order route=r of=route state=ordered \(terms) on=2026-04-01 by=Anna\n", as: "routes.record")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      let today = try #require(CivilDay("2026-11-29"))
      return RegisterCheck(try #require(register), settings: settings, today: today).findings()
        .filter { $0.code == .changedSinceOrder }.map(\.message.en)
    }
    for terms in ["", "kind=direct", "kind=direct recipients=lager|nabo", "kind=direct recipients=nabo|lager"] {
      #expect(try found(terms).isEmpty)
    }
    let message = "route \"r\": its order was recorded for other values than these: "
    #expect(try found("kind=direct recipients=lager") == [message + "recipients"])
    #expect(try found("kind=implicit") == [message + "kind"])
  }

  @Test("finds a route that arrives with neither a watch rule nor ordered monitoring")
  func unmonitored() throws {
    let line = Self.route(direction: "in", sender: Self.other, recipient: "")
    #expect(try findings(line) == ["2:1 error unmonitored-arrival"])
    let ordered = Self.assigned + "\(Self.at) order route=r of=monitoring state=ordered on=2026-04-01 by=Anna\n"
    #expect(try findings(line, record: ordered).isEmpty)
  }

  @Test("offers the pickup period of a route that arrives as a watch rule, with which it is watched")
  func offeredPickUp() throws {
    let folder = try RegisterFolder()
    try folder.write(
      "name;direction;account;infref;authority;sender-it-system;pickup\n"
        + "a;in;fagsystem;\(Self.infRef);64942212;\(Self.other);4h business\n", as: "routes.csv")
    try folder.write(Self.assigned, as: "routes.record")
    let plain = try folder.text(of: "filsluse.yaml")
    func found(_ rules: String) throws -> [RegisterFinding] {
      try folder.write(plain + rules, as: "filsluse.yaml")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      let today = try #require(CivilDay("2026-11-29"))
      return RegisterCheck(try #require(register), settings: settings, today: today).findings()
    }
    let first = try found("")
    #expect(first.map(RegisterFolder.short) == ["2:1 error unmonitored-arrival"])
    let rule = try #require(first.first?.remedy.en.split(separator: "rules: ").last)
    #expect(rule.contains("pick-up-within: 4h business"), "\(rule)")
    #expect(try found("watch:\n  \(rule)\n").isEmpty)
  }

  @Test("offers the frequency of a data specification as a watch rule where none expects the files")
  func frequency() throws {
    let folder = try RegisterFolder()
    try folder.write(
      "name;direction;account;infref;authority;sender-it-system;frequency\n"
        + "a;in;fagsystem;\(Self.infRef);64942212;\(Self.other);daily by 06:00\n"
        + "b;in;fagsystem;\(Self.infRef);55133018;\(Self.other);daily by 06:00\n"
        + "c;in;fagsystem;\(Self.infRef);64942212;\(RegisterFolder.receiver);daily by 06:00\n",
      as: "routes.csv")
    try folder.write(Self.assigned, as: "routes.record")
    let plain = try folder.text(of: "filsluse.yaml")
    func offered(_ rules: String) throws -> [RegisterFinding] {
      try folder.write(plain + rules, as: "filsluse.yaml")
      let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
      return RegisterCheck(
        try #require(register), settings: settings, today: try #require(CivilDay("2026-11-29"))
      ).findings().filter { $0.code == .unexpectedFrequency }
    }
    let found = try offered("")
    #expect(found.map(RegisterFolder.short) == ["2:1 warning frequency-not-expected"])
    let remedy = try #require(found.first?.remedy.en)
    let rule = try #require(remedy.split(separator: "rules: ").last)
    // The rule that is offered is one.
    #expect(try offered("watch:\n  \(rule)\n").isEmpty)
  }

  @Test("finds unknown tasks, tasks without date or name, and entries about routes that are not there")
  func tasks() throws {
    func task(_ text: String) -> String { Self.assigned + "\(Self.at) task \(text)\n" }
    let known: Set<String> = ["SF1590_D:TF106"]
    #expect(try findings(Self.route(), record: task("id=SF1590_D:TF106 on=2026-03-01 by=Anna"), tasks: known).isEmpty)
    #expect(
      try findings(Self.route(), record: task("id=SF1590_D:TF999 on=2026-03-01 by=Anna"), tasks: known)
        == ["2:1 error unknown-task"])
    #expect(try findings(Self.route(), record: task("id=TF106 on=2026-03-01 by=Anna")) == ["2:1 error unknown-task"])
    #expect(try findings(Self.route(), record: task("id=SF1590_D:TF106 by=Anna")) == ["2:1 error undated-task"])
    #expect(try findings(Self.route(), record: task("id=SF1590_D:TF106 on=2026-03-01")) == ["2:1 error undated-task"])
    // Recorded again with both, it is right: the last line counts.
    let again = task("id=SF1590_D:TF106") + "\(Self.at) task id=SF1590_D:TF106 on=2026-03-01 by=Anna\n"
    #expect(try findings(Self.route(), record: again).isEmpty)
    // For a route alone it is right where no other route has the task.
    let ofRoute = task("id=SF1630:10") + "\(Self.at) task id=SF1630:10 route=r on=2026-03-01 by=Anna\n"
    #expect(try findings(Self.route(), record: ofRoute).isEmpty)
    let two = Self.route() + Self.route("q", authority: "55133018")
    #expect(try findings(two, record: ofRoute) == ["2:1 error undated-task"])
    let ofBoth = ofRoute + "\(Self.at) task id=SF1630:10 route=q on=2026-03-01 by=Anna\n"
    #expect(try findings(two, record: ofBoth).isEmpty)
    #expect(
      try findings(Self.route(), record: task("id=SF1590_D:TF106 route=q on=2026-03-01 by=Anna"))
        == ["2:1 warning record-of-unknown-route"])
  }

  @Test("finds two alternatives that are both recorded as done, once, and words how the earlier one is taken back")
  func bothAlternatives() throws {
    let lines = ["a", "b"].map { name in
      Self.route(
        name, infRef: "SortimentOverf\u{F8}r_1", authority: name == "a" ? "64942212" : "55133018",
        role: "classification",
        recipientRole: "fagsystem")
    }.joined()
    func task(_ id: String, _ state: String = "done") -> String {
      "\(Self.at) task id=SF1590_D:\(id) route=a state=\(state) on=2026-03-01 by=Anna\n"
    }
    #expect(try findings(lines, record: task("TF126-A")).isEmpty)
    #expect(try findings(lines, record: task("TF126-A") + task("TF126-B")) == ["2:1 error both-alternatives"])
    let undone = task("TF126-A") + task("TF126-B") + task("TF126-A", "not-done")
    #expect(try findings(lines, record: undone).isEmpty)
  }

  @Test("finds a UUID that is used in external test and in production")
  func bothEnvironments() throws {
    let folder = try RegisterFolder()
    try Self.addTestAccount(to: folder)
    try folder.write(
      "name;account;infref;authority;recipient-it-system\n"
        + "a;fagsystem;\(Self.infRef);64942212;\(RegisterFolder.receiver)\n"
        + "b;try;\(Self.infRef);55133018;\(RegisterFolder.receiver)\n", as: "routes.csv")
    try folder.write(Self.assigned, as: "routes.record")
    let reading = SettingsReading(folder.settingsFile)
    var check = RegisterCheck(
      try #require(reading.register?.register), settings: try #require(reading.settings),
      today: try #require(CivilDay("2026-11-29")))
    check.positions = reading.positions
    // The keys of the two accounts, which are not there, are warned of, each at its account.
    let warnings = check.findings().filter { $0.severity == .warning }
    #expect(warnings.map(RegisterFolder.short) == ["3:5 warning key-not-compared", "10:5 warning key-not-compared"])
    let found = check.findings().filter { $0.severity == .error }
    #expect(found.map(RegisterFolder.short) == ["3:1 error system-in-both-environments"])
    #expect(throws: SettingsError.self) { try ExchangeSettings.load(folder.settingsFile) }
    #expect(found.first?.message.en.contains("external test") ?? false)
  }

  @Test("every kind of finding is in the article, with an example and a remedy")
  func documented() throws {
    let article = try String(
      contentsOfFile: FilePath(#filePath).removingLastComponent().pushing(
        "../../../Sources/ExchangeSettings/ExchangeSettings.docc/Routes.md"
      ).lexicallyNormalized().string, encoding: .utf8)
    let rows = article.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { $0.replacing("\\|", with: "/").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(rows.allSatisfy { $0.count == 3 && !$0.contains("") })
    #expect(rows.map(\.[0]) == RegisterFindingCode.all.map { "`\($0.rawValue)`" })
  }
}
