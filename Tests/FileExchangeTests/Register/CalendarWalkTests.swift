import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The way from nothing to production, day by day, with files over a real server at each step.
@Suite(.timeLimit(.minutes(25))) struct CalendarWalkTests {
  private static let infRef = InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1")
  /// Copenhagen and Aarhus, with numbers of the test series.
  private static let authorities = ["0101": "99000101", "0751": "99000751"]

  /// A platform with an instance of sender and receiver for each environment.
  private static func plan() throws -> PlatformPlan {
    func system(_ name: String, _ digit: Int) throws -> PlatformSystem {
      PlatformSystem(
        name: name, title: name, itSystem: try SystemID("0d8a7a5c-1111-4222-8333-44445555666\(digit)"),
        authority: try CVRNumber("99009002"))
    }
    func route(_ name: String, _ from: String, _ to: String, _ authority: String) throws -> PlatformRoute {
      let authority = try CVRNumber(authority)
      return PlatformRoute(name: name, infRef: infRef, from: from, authority, to: to, authority)
    }
    return PlatformPlan(
      systems: [
        try system("fag-test", 1), try system("fag-prod", 2), try system("flis-test", 3), try system("flis-prod", 4),
      ],
      routes: [
        try route("test-0101", "fag-test", "flis-test", "99000101"),
        try route("flis-0101", "fag-prod", "flis-prod", "99000101"),
        try route("flis-0751", "fag-prod", "flis-prod", "99000751"),
      ])
  }

  /// The user's folder, whose settings are read anew before each step.
  private struct Operator: Sendable {
    let folder: FilePath
    let accounts: [Account]
    /// The log of all exchanges of the operator.
    let log = RecordedLog()
    var list: FilePath { folder.appending("routes.csv") }

    func write(_ text: String, as name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.appending(name).string))
    }

    func writeSettings(_ changed: ChangedSpecification = .warn) throws {
      let settings = ExchangeSettings(
        source: folder.appending("filsluse.yaml"), accounts: accounts, routesFile: list, changedSpecification: changed)
      try write(settings.yaml(), as: "filsluse.yaml")
    }

    func record(_ day: String, _ event: RecordedEvent) throws {
      try RouteRegister.record([RecordedEntry(event, on: CivilDay(day), by: "Driften")], of: list)
    }

    func load() throws -> ExchangeSettings { try ExchangeSettings.load(folder.appending("filsluse.yaml")) }

    /// The digest of the specification as it is now.
    func specification() throws -> SHA256Digest {
      try #require(DataSpecification.digest(of: folder.appending("specification.txt")))
    }

    /// Delivers a new file by a route.
    func deliver(_ name: String, by route: String) async throws -> Delivery {
      try #require(try await deliver([(name: name, route: route)]).first)
    }

    /// Delivers new files, each by its route, in one run.
    func deliver(_ files: [(name: String, route: String)], override: String? = nil) async throws -> [Delivery] {
      for file in files { try write(file.name, as: file.name) }
      let exchange = try await Exchange.open(try load(), logger: Logger(label: "walk") { [log] _ in log })
      let orders = files.map { file in
        DeliveryOrder(file: folder.appending(file.name), route: file.route, overrideReason: override)
      }
      let results = await exchange.deliver(orders)
      try await exchange.close()
      return try results.map { try $0.get() }
    }

    /// The message of a refusal.
    func refusal(_ name: String, by route: String) async throws -> String {
      do {
        let delivery = try await deliver(name, by: route)
        Issue.record("\(name) was sent: \(delivery.state)")
        return ""
      } catch let error as ExchangeError {
        return "\(error.code.rawValue): \(error.message); \(error.remedy.description)"
      }
    }

    /// The register's remarks on a route that do not block it.
    func remarks(_ route: String) throws -> [String] {
      let settings = try load()
      let today = try #require(CivilDay("2026-04-10"))
      return RouteClearance(
        try #require(settings.route(named: route)), settings: settings,
        today: today, specification: DataSpecification.digest
      ).remarks.map(\.message.en)
    }

    /// How often the exchanges have logged a remark about a route.
    func logged(_ remark: String, about route: String) -> Int {
      log.messages.count { $0.hasPrefix("route \(route): \(remark); ") }
    }
  }

  @Test("from an empty list to production for one municipality, by each refusal and its message")
  func walk() async throws {
    try await withScratchFolder("walk") { folder in
      let logger = Logger(label: "walk") { _ in SwiftLogNoOpLogHandler() }
      try await withLocalPlatform(at: folder.appending("platform"), plan: try Self.plan(), logger: logger) { platform in
        let accounts = try ["fag-test", "fag-prod"].map { name in
          var account = try #require(try platform.settings(for: name).accounts.first)
          account.statedEnvironment = name == "fag-test" ? .externalTest : .production
          return account
        }
        let user = Operator(folder: folder, accounts: accounts)
        try await Self.firstTestFile(user, platform)
        try await Self.firstProductionFile(user)
        try await Self.changedSpecification(user)
        try await Self.override(user)
      }
    }
  }

  @Test("remarks once per run that nothing is recorded of routes under routes:, however many routes and files")
  func unrecordedRoutes() async throws {
    try await withScratchFolder("unrecorded") { folder in
      let settings = try ExchangeSettings.parse(
        """
        accounts:
          fagsystem:
            host: 127.0.0.1
            port: 1
            user: fagsystem
            key: key
            host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
            environment: production
        routes:
          one: { account: fagsystem, kind: direct, recipients: [a] }
          other: { account: fagsystem, kind: direct, recipients: [b] }
        """, source: folder.appending("filsluse.yaml"))
      let log = RecordedLog()
      let exchange = try await Exchange.open(settings, logger: Logger(label: "unrecorded") { [log] _ in log })
      // The files are not there: the routes are judged before the files are read, and no connection is made.
      for route in ["one", "other", "one"] {
        let results = await exchange.deliver([DeliveryOrder(file: folder.appending("not-there.csv"), route: route)])
        #expect(throws: ExchangeError.self) { try results[0].get() }
      }
      try await exchange.close()
      let remark = "nothing is recorded of routes under routes:, so states and orders are not checked; "
      #expect(log.messages.count { $0.hasPrefix(remark) } == 1, "\(log.messages)")
    }
  }

  @Test("a run logs before its first file which watched folders have a route that is not cleared, each in one line")
  func unclearedFolders() async throws {
    try await withScratchFolder("uncleared") { folder in
      func write(_ text: String, as name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.appending(name).string))
      }
      try write(
        """
        accounts:
          fagsystem:
            host: 127.0.0.1
            port: 1
            user: fagsystem
            key: key
            host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
            it-system: 0d8a7a5c-1111-4222-8333-444455556666
            environment: production
        routes-file: routes.csv
        """, as: "filsluse.yaml")
      let rows = ["0101", "0751"].map { code in
        "flis-\(code);fagsystem;\(Self.infRef);\(code);9900\(code);0d8a7a5c-1111-4222-8333-444455557777;out/\(code)\n"
      }
      try write(
        "name;account;infref;municipality;authority;recipient-it-system;outgoing\n" + rows.joined(), as: "routes.csv")
      let at = "2026-03-02T09:14:05.000Z"
      try write(
        "\(at) infref name=\(Self.infRef) state=created environment=production on=2026-03-01 by=A\n"
          + "\(at) order route=flis-0101 of=route state=confirmed on=2026-03-01 by=A\n", as: "routes.record")
      let settings = try ExchangeSettings.load(folder.appending("filsluse.yaml"))
      let log = RecordedLog()
      let logger = Logger(label: "uncleared") { [log] _ in log }
      _ = try await UnattendedRun.folders(settings, keeping: [:], logger: logger)
      let said = log.messages.filter { $0.contains("is not cleared for sending") }
      #expect(
        said.count == 1 && said[0].hasPrefix("files in \(folder)/out/0751 will be refused: route flis-0751"), "\(said)")
      #expect(said.allSatisfy { $0.contains("the order of the route for 0751 Aarhus is not confirmed; ask helpdesk@") })
    }
  }

  /// Nothing is ordered yet: the list is made, and external test goes on with a remark.
  private static func firstTestFile(_ user: Operator, _ platform: LocalPlatform) async throws {
    try user.writeSettings()
    try user.write("version 1", as: "specification.txt")
    try user.write("name;template\n", as: "routes.csv")
    #expect(
      try await user.refusal("a.csv", by: "test-0101").hasPrefix("unknown-route: there is no route named test-0101"))
    let recipients = try ["flis-test", "flis-prod"].map { try #require(platform.plan.system(named: $0)).itSystem }
    let table =
      "name;template;account;infref;municipality;authority;recipient-it-system;specification\n"
      + "@test;;fag-test;\(infRef);;;\(recipients[0]);specification.txt\n;test;;;0101;99000101;;\n"
      + "@flis;;fag-prod;\(infRef);;;\(recipients[1]);specification.txt\n"
      + authorities.sorted { $0.key < $1.key }.map { ";flis;;;\($0.key);\($0.value);;\n" }.joined()
    let settings = try #require(SettingsReading(user.folder.appending("filsluse.yaml")).settings)
    let change = try RouteRegister.change(
      user.list, by: Array(table.utf8), from: "new.csv", settings: RegisterSurroundings(settings), isTrial: false)
    #expect(change.edit.added.contains("flis-0751"))
    try user.record("2026-03-02", .infRef(infRef, .requested, owner: nil))
    let remark = "\(infRef) is requested, and only a created InfRef can carry a file"
    #expect(try user.remarks("test-0101") == [remark])
    #expect(try await user.deliver("test_0101.csv", by: "test-0101").state == .accepted)
    #expect(user.logged(remark, about: "test-0101") == 1, "\(user.log.messages)")
  }

  /// The order is confirmed for one municipality, and the other one is refused.
  private static func firstProductionFile(_ user: Operator) async throws {
    let early = try await user.refusal("tidlig_0101.csv", by: "flis-0101")
    #expect(
      early.hasPrefix(
        "route-not-cleared: \(infRef) is requested, and only a created InfRef can carry a file; the order of the route for 0101 København is not confirmed; ask kdi@kombit.dk when it is created"
      ), "\(early)")
    // The remedy of each refusal, and not of the first alone.
    #expect(early.hasSuffix(Remedy.Step.recordConfirmedOrder(route: "flis-0101").description), "\(early)")
    try user.record("2026-03-09", .infRef(infRef, .assigned, owner: nil))
    try user.record(
      "2026-03-10",
      .declaration(DeclarationEdition(infRef: infRef, number: "1203", specification: try user.specification())))
    try user.record("2026-03-10", .infRef(infRef, .declared, owner: nil))
    for (code, number) in authorities {
      try user.record("2026-03-11", .agreement(route: "flis-\(code)", authority: try CVRNumber(number)))
      try user.record("2026-03-12", .order(RouteOrder(route: "flis-\(code)", subject: .route, state: .ordered)))
    }
    try user.record("2026-03-20", .infRef(infRef, .created, owner: nil))
    try user.record("2026-03-25", .order(RouteOrder(route: "flis-0101", subject: .route, state: .confirmed)))
    #expect(try user.remarks("flis-0101").isEmpty)
    #expect(try await user.deliver("f\u{F8}rste_0101.csv", by: "flis-0101").state == .accepted)
    let other = try await user.refusal("f\u{F8}rste_0751.csv", by: "flis-0751")
    #expect(
      other.hasPrefix(
        "route-not-cleared: the order of the route for 0751 Aarhus is not confirmed; ask helpdesk@serviceplatformen.dk"),
      "\(other)")
  }

  /// A changed specification is remarked, or blocks, until a renewal of the declaration, with the same number.
  private static func changedSpecification(_ user: Operator) async throws {
    try user.write("version 2", as: "specification.txt")
    let remark = "the data specification \(user.folder)/specification.txt is another than the declared one"
    #expect(try user.remarks("flis-0101") == [remark])
    #expect(try await user.deliver("anden_0101.csv", by: "flis-0101").state == .accepted)
    #expect(user.logged(remark, about: "flis-0101") == 1, "\(user.log.messages)")
    try user.writeSettings(.block)
    let blocked = try await user.refusal("tredje_0101.csv", by: "flis-0101")
    #expect(
      blocked.hasPrefix("route-not-cleared: \(remark); send in a new edition of the GDPR declaration"), "\(blocked)")
    try user.record(
      "2026-04-08",
      .declaration(DeclarationEdition(infRef: infRef, number: "1203", specification: try user.specification())))
    #expect(try await user.deliver("tredje_0101.csv", by: "flis-0101").state == .accepted)
    let (settings, register) = try ExchangeSettings.loadWithRegister(user.folder.appending("filsluse.yaml"))
    let findings = RegisterCheck(
      try #require(register), settings: settings, today: try #require(CivilDay("2026-04-10"))
    ).findings().filter { $0.severity == .error }
    #expect(findings.isEmpty, "\(findings)")
  }

  /// A person sends in spite of a refusal, and the journal keeps both: of each route of a list what was overridden, and
  /// nothing of a route that is not refused.
  private static func override(_ user: Operator) async throws {
    let reason = "agreed with HelpDesk by telephone"
    let files = [("fjerde_0101.csv", "flis-0101"), ("f\u{F8}rste_0751.csv", "flis-0751")]
    let deliveries = try await user.deliver(files.map { (name: $0.0, route: $0.1) }, override: reason)
    #expect(deliveries.map(\.state) == [.accepted, .accepted])
    let (free, refused) = (try #require(deliveries.first).id, try #require(deliveries.last).id)
    #expect(user.logged("the order of the route for 0751 Aarhus is not confirmed", about: "flis-0751") == 1)
    let journal = try await Journal.open(try user.load().journal)
    #expect(try await journal.overrideReason(of: refused) == reason)
    let notes = try await journal.entries(about: .delivery(refused)).compactMap(\.detail)
    #expect(
      notes.contains(
        "sent by flis-0751 although the order of the route for 0751 Aarhus is not confirmed; reason: \(reason)"),
      "\(notes)")
    #expect(try await journal.entries(about: .delivery(free)).allSatisfy { $0.state != "override" })
    #expect(try await journal.verify().findings.isEmpty)
    try await journal.close()
  }
}
