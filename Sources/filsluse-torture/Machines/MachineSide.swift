import ExchangeSettings
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage

/// The machines of one side of the exchange, with one journal on a server.
struct MachineSide {
  let database: ReplicatedPostgreSQL
  /// The schema of the journal.
  let schema: String
  private(set) var machines: [TorturedMachine]
  /// The time for which a line carries nothing.
  private let stall: Duration
  /// The times from the moment at which others may have a machine's work until one of them had done something.
  private(set) var goingOn: [Duration] = []
  /// The interval, in pauses, of those without help: the machine's sessions stay open, and the server counts the grace; 0
  /// for none.
  private let realGrace: Int
  private var pauses = 0
  /// The times from such a pause until another machine had declared that one gone and done something.
  private(set) var takingOver: [Duration] = []
  /// The number of such pauses in which no other machine asked for anything of that one's.
  private(set) var unasked = 0

  init(
    _ machines: [TorturedMachine], on database: ReplicatedPostgreSQL, in schema: String, stall: Duration,
    realGrace: Int
  ) {
    self.machines = machines
    self.realGrace = realGrace
    self.database = database
    self.schema = schema
    self.stall = stall
  }

  /// Starts what has ended again; one machine may be left as it is.
  mutating func keepGoing(but left: Int? = nil) async throws {
    for index in machines.indices where index != left { try await machines[index].keepGoing() }
  }

  /// Returns a machine at work, the first one from some place on.
  mutating func machineAtWork(from start: Int) async throws -> Int {
    let end = ContinuousClock.now + .seconds(90)
    while ContinuousClock.now < end {
      for offset in machines.indices {
        let index = (start + offset) % machines.count
        if machines[index].isAtWork { return index }
      }
      try await keepGoing()
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Trouble("no machine of \(schema) has come to work for 90 s; its run.log says why")
  }

  mutating func strike(_ fault: MachineFault, at index: Int) async throws {
    switch fault {
    case .killed: try await machines[index].end()
    case .cutOff: machines[index].line.cutAll()
    case .stalled:
      machines[index].line.stall()
      let end = ContinuousClock.now + stall
      while ContinuousClock.now < end {
        try await keepGoing(but: index)
        try await Task.sleep(for: .milliseconds(200))
      }
      machines[index].line.resume()
    case .paused:
      pauses += 1
      machines[index].send(SIGSTOP)
      if realGrace > 0, pauses.isMultiple(of: realGrace) {
        try await awaitOthers(without: index)
      } else {
        machines[index].line.cutAll()
        try await letOthersWork(without: index)
      }
      machines[index].send(SIGCONT)
    case .gone:
      try await machines[index].end()
      try await letOthersWork(without: index)
    case .serverCrashed: try await crashServer()
    case .promoted: try await database.failOver()
    }
    try await keepGoing()
  }

  /// Has the server forget when it last heard of a machine, as if its grace was over.
  private mutating func letOthersWork(without index: Int) async throws {
    try await database.sql(
      """
      SET search_path = \(schema); UPDATE machine SET seen_at = 1 WHERE name = '\(machines[index].number)' AND seen_at > 0
      """, in: "filsluse")
    let (begin, last) = (ContinuousClock.now, try await lastEntry())
    // They may have nothing to do.
    var isSeen = false
    for round in 0..<50 where !isSeen || round < 8 {
      try await Task.sleep(for: .milliseconds(100))
      try await keepGoing(but: index)
      guard !isSeen, try await lastEntry() != last else { continue }
      isSeen = true
      goingOn.append(ContinuousClock.now - begin)
    }
  }

  /// Waits until another machine has declared one gone and gone on.
  private mutating func awaitOthers(without index: Int) async throws {
    let begin = ContinuousClock.now
    let epoch = try await self.epoch(of: index)
    var entry: String?
    while ContinuousClock.now - begin < .seconds(120) {
      try await Task.sleep(for: .milliseconds(200))
      try await keepGoing(but: index)
      if let known = entry {
        guard try await lastEntry() != known else { continue }
        return takingOver.append(ContinuousClock.now - begin)
      }
      if try await self.epoch(of: index) != epoch { entry = try await lastEntry() }
    }
    if machines[index].settings.journalServer?.machines == .one {
      throw Trouble("no other machine of \(schema) has gone on within 120 s after one stood still")
    }
    unasked += 1
  }

  private func epoch(of index: Int) async throws -> String {
    try await database.sql(
      "SELECT epoch FROM \(schema).machine WHERE name = '\(machines[index].number)'", in: "filsluse")
  }

  private func lastEntry() async throws -> String {
    try await database.sql("SELECT number FROM \(schema).head", in: "filsluse")
  }

  /// Kills one of the server's processes, and waits until it answers again.
  private func crashServer() async throws {
    let process = try await database.sql(
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE '\(schema)%' LIMIT 1")
    if let process = pid_t(process) { kill(process, SIGKILL) }
    for _ in 0..<300 {
      if (try? await database.sql("SELECT 1")) == "1" { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Trouble("the server has not come back within 30 s")
  }
}
