import ExchangeSettings
import FilsluseBase
import Glibc
import SystemPackage
import Testing
import TriggerFiles

/// The walk of a route by the calendar, from a line of the list to its first file in production.
@Suite struct RouteClearanceTests {
  private static let at = "2026-03-02T09:14:05.000Z"
  private static let infRef = RegisterFolder.infRef

  /// The clearance of a route with this record.
  private func clearance(
    _ record: String, route: String = "flis-0101", environment: String = "", extra: String = "",
    today: String = "2026-11-29", specification: SHA256Digest? = nil
  ) throws -> RouteClearance {
    let folder = try RegisterFolder()
    // Each environment has an instance, and so a UUID, of its own.
    let sender = environment.isEmpty ? "" : "0d8a7a5c-1111-4222-8333-444455559999"
    let host = environment == "external-test" ? "sftpexttest." : "sftp."
    let settings = try folder.text(of: "filsluse.yaml").replacing("host: sftp.", with: "host: \(host)")
    try folder.write(settings + extra, as: "filsluse.yaml")
    try folder.write(
      "name;template;account;infref;municipality;authority;recipient-it-system;environment;specification;valid-from;valid-to;sender-it-system\n"
        + "@flis;;fagsystem;\(Self.infRef);;;\(RegisterFolder.receiver);\(environment);spec.pdf;2026-04-01;2026-12-31;\(sender)\n"
        + ";flis;;;0101;64942212;;;;;;\n;flis;;;0751;55133018;;;;;;\n", as: "routes.csv")
    try folder.write(record, as: "routes.record")
    let read = try ExchangeSettings.load(folder.settingsFile)
    let day = try #require(CivilDay(today))
    return RouteClearance(try #require(read.route(named: route)), settings: read, today: day) { _ in
      specification
    }
  }

  private static func state(_ state: String) -> String {
    "\(at) infref name=\(infRef) state=\(state) on=2026-03-02 by=A\n"
  }
  private static let confirmed = "\(at) order route=flis-0101 of=route state=confirmed on=2026-03-02 by=A\n"

  @Test("production is refused until the InfRef is created and the order for that municipality is confirmed")
  func calendar() throws {
    let nothing = try clearance("").refusals.map(\.message.en)
    #expect(
      nothing == [
        "\(Self.infRef) is without a recorded state, and only a created InfRef can carry a file",
        "the order of the route for 0101 København is not confirmed",
      ])
    // Each remedy ends with the step that records what was missing.
    let steps: [Remedy.Step] = [.recordCreatedInfRef(Self.infRef), .recordConfirmedOrder(route: "flis-0101")]
    for (reason, step) in zip(try clearance("").refusals, steps) {
      #expect(reason.remedy.en.hasSuffix(step.description) && reason.remedy.da.hasSuffix(step.inDanish))
    }
    for state in ["requested", "assigned", "declared"] {
      #expect(
        try clearance(Self.state(state) + Self.confirmed).refusals.map(\.message.en)
          == ["\(Self.infRef) is \(state), and only a created InfRef can carry a file"])
    }
    let ready = Self.state("created") + Self.confirmed
    #expect(try clearance(ready).refusals.isEmpty)
    // Another municipality's order is another order.
    #expect(
      try clearance(ready, route: "flis-0751").refusals.map(\.message.da)
        == ["bestillingen af ruten for 0751 Aarhus er ikke bekræftet"])
    #expect(try clearance(ready, today: "2026-03-31").refusals.count == 1)
    #expect(try clearance(ready, today: "2027-01-01").refusals.count == 1)
  }

  @Test(
    "production asks for no state of an InfRef that is none of SF1630's, and for the order of its route all the same")
  func otherInfRef() throws {
    let folder = try RegisterFolder()
    try folder.write(
      "name;account;infref;authority;recipient-it-system;sender-role\n"
        + "r;fagsystem;SortimentOverf\u{F8}r_1;64942212;\(RegisterFolder.receiver);classification\n", as: "routes.csv")
    let day = try #require(CivilDay("2026-11-29"))
    func clearance() throws -> RouteClearance {
      let settings = try ExchangeSettings.load(folder.settingsFile)
      return RouteClearance(try #require(settings.route(named: "r")), settings: settings, today: day)
    }
    let before = try clearance()
    #expect(before.refusals.map(\.message.en) == ["the order of the route is not confirmed"])
    try folder.write("\(Self.at) order route=r of=route state=confirmed on=2026-03-02 by=A\n", as: "routes.record")
    let after = try clearance()
    #expect(after.refusals.isEmpty && after.remarks.isEmpty)
  }

  @Test("production is refused where the order was for external test, or for another system, InfRef or authority")
  func orderedOtherwise() throws {
    func order(_ state: String, _ terms: String) -> String {
      "\(Self.at) order route=flis-0101 of=route state=\(state) \(terms) on=2026-03-02 by=A\n"
    }
    let terms =
      "environment=production kind=explicit infref=\(Self.infRef) sender=\(RegisterFolder.system) sender-authority=64942212 recipient=\(RegisterFolder.receiver) authority=64942212"
    let ready = Self.state("created") + order("ordered", terms)
    #expect(try clearance(ready + order("confirmed", terms)).refusals.isEmpty)
    let other = "0d8a7a5c-1111-4222-8333-444455558888"
    for (value, changed, column) in [
      ("infref=\(Self.infRef)", "infref=FagsystemdefineredeDataRefGDPR1204_1", "infref"),
      ("sender=\(RegisterFolder.system)", "sender=\(other)", "sender-it-system"),
      ("recipient=\(RegisterFolder.receiver)", "recipient=\(other)", "recipient-it-system"),
      (" authority=64942212", " authority=55133018", "recipient-authority"),
      ("sender-authority=64942212", "sender-authority=55133018", "sender-authority"),
      ("kind=explicit", "kind=implicit", "kind"),
    ] {
      let before = terms.replacing(value, with: changed)
      let message = "the order of the route was for other values than the list has now: \(column)"
      let refusal = try #require(try clearance(ready + order("confirmed", before)).refusals.first)
      #expect(refusal.message.en == message)
      let step = Remedy.Step.recordOrder(route: "flis-0101")
      #expect(refusal.remedy.en.hasSuffix(step.description) && refusal.remedy.da.hasSuffix(step.inDanish))
      // What was ordered counts until it is ordered anew, also where the confirmation was recorded later.
      let changedBetween = Self.state("created") + order("ordered", before) + order("confirmed", terms)
      #expect(try clearance(changedBetween).refusals.map(\.message.en) == [message])
      let anew = changedBetween + order("ordered", terms) + order("confirmed", terms)
      #expect(try clearance(anew).refusals.isEmpty)
    }
    let tried = terms.replacing("environment=production", with: "environment=external-test")
    let refusals = try clearance(Self.state("created") + order("confirmed", tried)).refusals
    #expect(refusals.map(\.message.da) == ["bestillingen af ruten gjaldt ekstern test, og dette er produktion"])
  }

  @Test("an InfRef that is created in external test opens nothing in production, and the other way round")
  func createdElsewhere() throws {
    func created(_ environment: String) -> String {
      Self.state("assigned")
        + Self.state("created").replacing("state=created", with: "state=created environment=\(environment)")
        + Self.confirmed
    }
    let message = "\(Self.infRef) is assigned, and only a created InfRef can carry a file"
    #expect(try clearance(created("external-test")).refusals.map(\.message.en) == [message])
    #expect(try clearance(created("production")).refusals.isEmpty)
    let inTest = try clearance(created("production"), environment: "external-test")
    #expect(inTest.refusals.isEmpty && inTest.remarks.map(\.message.en) == [message])
    #expect(try clearance(created("external-test"), environment: "external-test").remarks.isEmpty)
  }

  @Test("external test is not refused, and an InfRef that is not created yet is remarked")
  func externalTest() throws {
    let early = try clearance(Self.state("assigned"), environment: "external-test")
    #expect(early.refusals.isEmpty)
    #expect(
      early.remarks.map(\.message.en) == ["\(Self.infRef) is assigned, and only a created InfRef can carry a file"])
  }

  @Test(
    "a changed data specification warns or blocks as configured, until a new edition with the same number is recorded")
  func changedSpecification() throws {
    let (declared, changed) = (SHA256.digest(of: [1]), SHA256.digest(of: [2]))
    func edition(_ digest: SHA256Digest) -> String {
      "\(Self.at) declaration infref=\(Self.infRef) number=1203 specification=\(digest) on=2026-03-02 by=A\n"
    }
    let ready = Self.state("created") + Self.confirmed + edition(declared)
    #expect(try clearance(ready, specification: declared).remarks.isEmpty)
    let warned = try clearance(ready, specification: changed)
    #expect(warned.refusals.isEmpty && warned.remarks.count == 1)
    let blocked = try clearance(ready, extra: "changed-specification: block\n", specification: changed)
    #expect(blocked.refusals.count == 1 && blocked.remarks.isEmpty)
    let steps = [warned.remarks, blocked.refusals].compactMap(\.first?.remedy.en)
    let step = "record the declaration of \(Self.infRef) and "
    #expect(steps.count == 2 && steps.allSatisfy { $0.contains(step) && $0.hasSuffix("spec.pdf") })
    let unsaid = "\(Self.at) declaration infref=\(Self.infRef) number=1203 on=2026-03-02 by=A\n"
    let still = try clearance(ready + unsaid, extra: "changed-specification: block\n", specification: changed)
    #expect(still.refusals.count == 1)
    let renewed = try clearance(
      ready + edition(changed), extra: "changed-specification: block\n", specification: changed)
    #expect(renewed.refusals.isEmpty && renewed.remarks.isEmpty)
  }

  @Test("a route under routes: is refused in production where a register is used, and remarked elsewhere")
  func unregistered() throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    let own = "routes:\n  own: {account: fagsystem, kind: direct, recipients: [b]}\n"
    let text = try folder.text(of: "filsluse.yaml")
    let today = try #require(CivilDay("2026-11-29"))
    for (text, refusals) in [(text + own, 1), (text.replacing("routes-file: routes.csv\n", with: "") + own, 0)] {
      let settings = try ExchangeSettings.parse(text, source: folder.settingsFile)
      let route = try #require(settings.route(named: "own"))
      let clearance = RouteClearance(route, settings: settings, today: today)
      #expect(clearance.refusals.count == refusals && clearance.remarks.count == 1 - refusals)
    }
  }

  @Test("an account's environment is the stated one, or that of a known host, or unknown")
  func environments() throws {
    let folder = try RegisterFolder()
    let text = try folder.text(of: "filsluse.yaml").replacing("routes-file: routes.csv\n", with: "")
    func environment(_ text: String) throws -> ExchangeEnvironment? {
      try ExchangeSettings.parse(text, source: "f.yaml").accounts.first?.environment
    }
    #expect(try environment(text) == .production)
    let test = text.replacing("sftp.serviceplatformen.dk", with: "SFTPexttest.serviceplatformen.dk")
    #expect(try environment(test) == .externalTest)
    let other = text.replacing("sftp.serviceplatformen.dk", with: "127.0.0.1")
    #expect(try environment(other) == nil)
    #expect(
      try environment(other.replacing("    user:", with: "    environment: production\n    user:")) == .production)
    // A known host is what it is, also under its whole name, and is not called the other environment.
    #expect(try environment(text.replacing("serviceplatformen.dk", with: "serviceplatformen.dk.")) == .production)
    let contradicting = text.replacing("    user:", with: "    environment: external-test\n    user:")
    #expect {
      try environment(contradicting)
    } throws: { error in
      (error as? SettingsError)?.problems.contains { $0.code == .conflict && $0.line == 4 } ?? false
    }
  }

  @Test("a data specification that is written over is compared again, also when its size and time stay")
  func aSpecificationIsReadAnewWhenItWasWritten() async throws {
    let folder = try RegisterFolder()
    let file = folder.path.appending("spec.pdf")
    try folder.write("first", as: "spec.pdf")
    // By then its times say that it was not written to since.
    try await Task.sleep(for: .seconds(5))
    let first = SHA256.digest(of: Array("first".utf8))
    for _ in 0..<2 { #expect(DataSpecification.digest(of: file) == first) }
    var status = stat()
    #expect(stat(file.string, &status) == 0)
    try folder.write("other", as: "spec.pdf")
    let times = [status.st_atim, status.st_mtim]
    #expect(utimensat(AT_FDCWD, file.string, times, 0) == 0)
    #expect(DataSpecification.digest(of: file) == SHA256.digest(of: Array("other".utf8)))
    #expect(unlink(file.string) == 0)
    #expect(DataSpecification.digest(of: file) == nil)
  }
}
