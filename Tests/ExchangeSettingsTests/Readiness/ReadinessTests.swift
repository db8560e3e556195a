import ExchangeSettings
import FilsluseBase
import SeededNumbers
import SystemPackage
import Testing
import TriggerFiles

@Suite("readiness of routes") struct ReadinessTests {
  private static let infRef = InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1")
  private static let vendor = "f1150000-0000-4000-8000-000000000003"
  private static let day = CivilDay("2026-03-02")

  /// A route of the register.
  private static func route(
    _ name: String, infRef: String = infRef.name, municipality: String = "0751", sender: String = vendor,
    recipient: String = "f1150000-0000-4000-8000-000000000005", role: RegisteredRoute.SystemRole? = nil
  ) throws -> RegisteredRoute {
    let municipality = try #require(Municipality(code: municipality))
    let authority = try CVRNumber("9900" + municipality.code)
    let addressing = Addressing(
      infRef: InfRef(unchecked: infRef), senderITSystem: try SystemID(sender), senderAuthority: authority,
      recipientAuthority: authority)
    return RegisteredRoute(
      name: name, account: "a", kind: .explicit(addressing, recipientITSystem: try SystemID(recipient)),
      municipality: municipality, recipientRole: role)
  }

  private static func sortiment(_ name: String, _ role: RegisteredRoute.SystemRole) throws -> RegisteredRoute {
    try route(name, infRef: "SortimentOverfør_1", role: role)
  }

  private static func entry(_ event: RecordedEvent) -> RecordedEntry {
    RecordedEntry(event, on: day, by: "AB", line: 7)
  }

  private static func done(_ task: String, _ route: String?, state: TaskRecord.State = .done) -> RecordedEntry {
    entry(.task(TaskRecord(task: task, route: route, state: state)))
  }

  private static func readiness(
    _ routes: [RegisteredRoute], _ entries: [RecordedEntry], form: TaskDependency.Form = .read
  ) -> Readiness {
    Readiness(
      RouteRegister(source: "/r/routes.csv", routes: routes, record: RegisterRecord(entries)), form: form)
  }

  private static func ids(_ route: RouteReadiness, _ state: TaskReadiness.State) -> [String] {
    route.tasks(state).map(\.task.key.id)
  }

  private static func task(_ key: String, _ route: RouteReadiness) throws -> TaskReadiness {
    try #require(route.tasks.first { $0.task.key.description == key }, "\(key)")
  }

  @Test("follows the states of an SF1630 InfRef and the order of the route, to the end")
  func calendar() throws {
    let route = try Self.route("flis-0751")
    var entries: [RecordedEntry] = []
    func now() -> RouteReadiness { Self.readiness([route], entries).of(route) }
    #expect(now().integration == "SF1630")
    #expect(Self.ids(now(), .mayStart) == ["10", "20", "30", "50", "60"])
    #expect(try Self.task("SF1630:70", now()).waitsFor.map(\.meant.id) == ["50", "60", "30"])
    entries.append(Self.entry(.infRef(Self.infRef, .requested, owner: nil)))
    #expect(try Self.task("SF1630:70", now()).waitsFor.map(\.meant.id) == ["50", "60", "30"])
    // Assigned is enough for the order, and 30 itself is not done before the declaration is back.
    entries.append(Self.entry(.infRef(Self.infRef, .assigned, owner: nil)))
    #expect(try Self.task("SF1630:70", now()).waitsFor.map(\.meant.id) == ["50", "60"])
    #expect(try Self.task("SF1630:30", now()).state == .mayStart)
    entries += [Self.done("SF1630:50", "flis-0751"), Self.done("SF1630:60", "flis-0751")]
    #expect(try Self.task("SF1630:70", now()).state == .mayStart)
    #expect(try Self.task("SF1630:40", now()).waitsFor.map(\.meant.id) == ["30"])
    entries.append(Self.entry(.infRef(Self.infRef, .declared, owner: nil)))
    #expect(try Self.task("SF1630:30", now()).evidence?.kind == .infRef)
    entries.append(Self.entry(.infRef(Self.infRef, .created, owner: nil)))
    entries.append(Self.entry(.order(RouteOrder(route: "flis-0751", subject: .route, state: .ordered))))
    let order = try Self.task("SF1630:70", now())
    #expect(order.state == .done && order.evidence?.kind == .order)
    #expect(order.evidence?.on == Self.day && order.evidence?.by == "AB" && order.evidence?.line == 7)
    #expect(!now().isReady && now().missing.map(\.task.key.id) == ["10", "20"])
    entries += [Self.done("SF1630:10", "flis-0751"), Self.done("SF1630:20", "flis-0751")]
    #expect(now().isReady)
    entries.append(Self.entry(.order(RouteOrder(route: "flis-0751", subject: .route, state: .ended))))
    #expect(try Self.task("SF1630:70", now()).state == .mayStart)
  }

  @Test("counts a task for every route that it is done once for, and for no other")
  func scopes() throws {
    let lis = "f1150000-0000-4000-8000-000000000007"
    let routes = try [
      Self.route("flis-0751"), Self.route("flis-0101", municipality: "0101"),
      Self.route("lis-0101", municipality: "0101", recipient: lis),
      Self.route("other", infRef: "FagsystemdefineredeDataRefGDPR7_1", sender: lis),
    ]
    let tasks = ["10", "20", "50", "60", "70"].map { Self.done("SF1630:\($0)", "flis-0101") }
    let readiness = Self.readiness(routes, tasks)
    let done = Dictionary(uniqueKeysWithValues: routes.map { ($0.name, Self.ids(readiness.of($0), .done)) })
    #expect(done["flis-0101"] == ["10", "20", "50", "60", "70"])
    // Another municipality has its own agreement and its own order; another system its own user.
    #expect(done["flis-0751"] == ["10", "50", "60"])
    #expect(done["lis-0101"] == ["10", "20", "50"])
    #expect(done["other"] == [])
    let all = Self.readiness(routes, [Self.done("SF1630:10", nil)])
    #expect(routes.allSatisfy { Self.ids(all.of($0), .done) == ["10"] })
  }

  @Test("does twins together, and lets a circle hold up no other route")
  func twinsAndCircles() throws {
    let route = try Self.sortiment("sortiment", .invoices)
    let record = [Self.done("SF1590_D:TF107", "sortiment")]
    let now = Self.readiness([route], record).of(route)
    let twin = try Self.task("SF1590_D:TFH203", now)
    #expect(twin.state == .done && twin.evidence?.kind == .twin && twin.evidence?.by == "AB")
    let order = try Self.task("SF1590_D:TFH223", now)
    #expect(order.waitsFor.map(\.meant.id) == ["FM04", "TFH205"])
    #expect(order.together.map(\.id) == ["TFH222"])
    let subscription = try Self.task("SF1590_D:TFH222", now)
    #expect(subscription.waitsFor.map(\.meant.id) == ["TF122", "FM04", "TF123", "TFH205"])
    let more = ["FM01", "FM04", "TFH205"].map { Self.done("SF1590_D:\($0)", "sortiment") }
    #expect(try Self.task("SF1590_D:TFH223", Self.readiness([route], more).of(route)).state == .mayStart)
    let undone = record + [Self.done("SF1590_D:TF107", "sortiment", state: .notDone)]
    #expect(try Self.task("SF1590_D:TFH203", Self.readiness([route], undone).of(route)).state == .mayStart)
  }

  @Test("waits for no task that is recorded as not needed, which only conditional and optional ones can be")
  func notNeeded() throws {
    let route = try Self.sortiment("sortiment", .invoices)
    func now(_ tasks: String...) -> RouteReadiness {
      Self.readiness([route], tasks.map { Self.done("SF1590_D:\($0)", "sortiment", state: .notNeeded) }).of(route)
    }
    let exchange = now("TF108")
    for (id, kind) in [("TF108", TaskEvidence.Kind.task), ("TFH217", .twin)] {
      let task = try Self.task("SF1590_D:\(id)", exchange)
      #expect(task.state == .notNeeded && task.evidence?.kind == kind && task.evidence?.by == "AB" && !task.isMissing)
    }
    // What must be done in any case stays missing, whatever a hand has written into the record.
    #expect(try Self.task("SF1590_D:TFH205", now("TFH205")).isMissing)
    let done = Self.readiness(
      [route],
      [Self.done("SF1590_D:TF108", "sortiment"), Self.done("SF1590_D:TF108", "sortiment", state: .notNeeded)]
    ).of(route)
    #expect(try Self.task("SF1590_D:TF108", done).state == .notNeeded)
  }

  @Test("asks neither route nor monitoring of a fagsystem that reads its sortiment by hand")
  func alternatives() throws {
    let route = try Self.sortiment("sortiment", .fagsystem)
    let manual = Self.readiness([route], [Self.done("SF1590_D:TF126-B", "sortiment")]).of(route)
    #expect(Set(Self.ids(manual, .fallenAway)) == ["TF126-A", "TF106", "F-SFTP"])
    #expect(manual.wave.monitoring == .yes && manual.wave.subscription == .yes && manual.wave.agreements == .no)
    let subscribed = Self.readiness([route], [Self.done("SF1590_D:TF126-A", "sortiment")]).of(route)
    #expect(Self.ids(subscribed, .fallenAway) == ["TF126-B"])
    #expect(subscribed.wave.monitoring == .no && subscribed.wave.subscription == .yes)
    let open = Self.readiness([route], []).of(route)
    #expect(Self.ids(open, .fallenAway) == [])
    #expect(open.wave.subscription == .no)
    #expect(try Self.task("SF1590_D:TF106", open).waitsFor.map(\.meant.id) == ["TF126-A"])
  }

  @Test("counts the states of an InfRef on the platform of the route, and not those of the other one")
  func environmentOfStates() throws {
    var route = try Self.route("flis-0751")
    let entries = [
      Self.entry(.infRef(Self.infRef, .assigned, owner: nil)),
      Self.entry(.infRef(Self.infRef, .created, owner: nil, environment: .externalTest)),
    ]
    for (environment, state) in [
      (ExchangeEnvironment.externalTest, TaskReadiness.State.done),
      (ExchangeEnvironment.production, TaskReadiness.State.waits),
    ] {
      route.environment = environment
      #expect(try Self.task("SF1630:40", Self.readiness([route], entries).of(route)).state == state)
    }
  }

  @Test("counts the later of two alternatives that are both recorded as done, and not the two")
  func bothAlternatives() throws {
    let route = try Self.sortiment("sortiment", .fagsystem)
    func recorded(_ ids: [String]) -> [RecordedEntry] {
      ids.enumerated().map { index, id in
        RecordedEntry(
          .task(TaskRecord(task: "SF1590_D:\(id)", route: "sortiment")), on: Self.day, by: "AB", line: index + 2)
      }
    }
    let manual = Self.readiness([route], recorded(["TF126-A", "TF126-B"])).of(route)
    #expect(try Self.task("SF1590_D:TF126-A", manual).state == .fallenAway)
    #expect(try Self.task("SF1590_D:TF106", manual).state == .fallenAway)
    let subscribed = Self.readiness([route], recorded(["TF126-B", "TF126-A"])).of(route)
    #expect(Self.ids(subscribed, .fallenAway) == ["TF126-B"] && subscribed.wave.monitoring == .no)
  }

  @Test("shows what is printed beside what is read")
  func printedAndRead() throws {
    let route = try Self.sortiment("sortiment", .invoices)
    let read = Self.readiness([route], []).of(route)
    let printed = Self.readiness([route], [], form: .printed).of(route)
    #expect(try Self.task("SF1590_D:TFH201", read).waitsFor.map(\.meant.id) == ["FFH202"])
    // The printed id does not exist, so nothing can be waited for.
    #expect(try Self.task("SF1590_D:TFH201", printed).state == .mayStart)
    #expect(try Self.task("SF1590_D:TFH206", read).waitsFor.map(\.meant.id) == ["TFH223"])
    #expect(try Self.task("SF1590_D:TFH206", printed).waitsFor.map(\.stated.id) == ["TF111"])
    #expect(try Self.task("SF1590_D:TFH222", printed).waitsFor.map(\.stated.id) == ["TF122", "TFH223"])
  }

  @Test(
    "always has a next step until everything is done, in either form of the dependencies",
    arguments: ["SF1630", "SF1590_D", "SF1590_A"], [TaskDependency.Form.read, .printed])
  func alwaysOn(integration: String, form: TaskDependency.Form) throws {
    var random = SeededGenerator(seed: 20_270_315)
    let route =
      integration == "SF1630" ? try Self.route("r") : try Self.sortiment("r", random.pick([.invoices, .other]))
    var entries: [RecordedEntry] = []
    if integration == "SF1590_A" { entries.append(Self.done("SF1590_A:FM001", "r")) }
    for _ in 0..<60 {
      let now = Self.readiness([route], entries, form: form).of(route)
      #expect(now.integration == integration)
      guard !now.isReady else { return }
      let next = now.missing.filter { $0.state == .mayStart }
      try #require(!next.isEmpty, "nothing may start, \(now.missing.map(\.task.key))")
      for waiting in now.tasks(.waits) { #expect(!waiting.waitsFor.isEmpty, "\(waiting.task.key)") }
      entries.append(Self.done(random.pick(next).task.key.description, "r"))
    }
    Issue.record("not ready after 60 steps")
  }

  @Test("answers the three questions of a wave from the record, for several routes together")
  func wave() throws {
    let routes = try [Self.sortiment("h", .invoices), Self.route("flis-0751")]
    func answers(_ entries: [RecordedEntry]) -> [WaveAnswers] {
      let readiness = Self.readiness(routes, entries)
      return routes.map { readiness.of($0).wave }
    }
    let none = answers([])
    #expect(none[0].subscription == .no && none[1].subscription == .notAsked)
    #expect(!WaveAnswers(of: none).isReleased)
    let authority = try CVRNumber("99000751")
    var entries = [Self.done("SF1590_D:TFH222", "h")]
    for route in ["h", "flis-0751"] {
      entries.append(Self.entry(.agreement(route: route, authority: authority)))
      entries.append(Self.entry(.order(RouteOrder(route: route, subject: .monitoring, state: .ordered))))
    }
    // An order alone establishes no monitoring, also where it is the evidence of the task.
    #expect(answers(entries).map(\.monitoring) == [.no, .no])
    let ordered = WaveAnswers(of: answers(entries))
    #expect(ordered.subscription == .yes && ordered.agreements == .yes && ordered.monitoring == .no)
    for route in ["h", "flis-0751"] {
      entries.append(Self.entry(.order(RouteOrder(route: route, subject: .monitoring, state: .confirmed))))
    }
    #expect(WaveAnswers(of: answers(entries)).isReleased)
    // The task was recorded as done, and the order has ended since.
    entries.append(Self.done("SF1590_D:TFH206", "h"))
    #expect(answers(entries)[0].monitoring == .yes)
    entries.append(Self.entry(.order(RouteOrder(route: "h", subject: .monitoring, state: .ended))))
    #expect(answers(entries)[0].monitoring == .no)
  }

  @Test("reports no route of an unknown integration until one of its tasks is recorded")
  func unknownIntegration() throws {
    let route = try Self.route("bilag", infRef: "Finansbilag_1")
    let unknown = Self.readiness([route], []).of(route)
    #expect(unknown.integration == nil && unknown.tasks.isEmpty && !unknown.isReady)
    let known = Self.readiness([route], [Self.done("SF1590_A:TB201", "bilag")]).of(route)
    #expect(known.integration == "SF1590_A" && known.tasks.count == 36)
    let strange = Self.readiness([route], [Self.done("SF1590_D:TF100", "bilag"), Self.done("x", "no such route")])
    #expect(strange.of(route).integration == nil)
  }
}
