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
  /// The interval, in pauses, of those without help: the machine's sessions stay open, and the server counts the grace;
  /// 0 for none.
  private let realGrace: Int
  private var pauses = 0
  /// The times from such a pause until another machine had declared that one gone and done something.
  private(set) var takingOver: [Duration] = []
  /// The number of such pauses in which no other machine asked for anything of that one's, or in which it had lost the
  /// journal just before.
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

  /// True where one machine works, and the others stand by.
  private var isStandby: Bool { machines.first?.settings.journalServer?.machines == .one }

  /// Returns a machine at work that has the journal, the first one from some place on.
  mutating func machineAtWork(from start: Int) async throws -> Int {
    let end = ContinuousClock.now + .seconds(90)
    while ContinuousClock.now < end {
      for offset in machines.indices {
        let index = (start + offset) % machines.count
        if machines[index].isAtWork, try await hasJournal(index) { return index }
      }
      try await keepGoing()
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Trouble("no machine of \(schema) has come to work for 90 s; its run.log says why")
  }

  /// Returns true if a machine has the journal by the server's tables. One that has lost it is at work until it has
  /// noticed, and no other one takes over from it.
  private func hasJournal(_ index: Int) async throws -> Bool {
    guard isStandby else { return true }
    let holder = try await database.sql(
      "SELECT name FROM \(schema).machine WHERE is_alone = 1 AND is_present = 1", in: "filsluse")
    return holder == machines[index].number
  }

  /// Stops a machine's process where it is.
  func pause(_ index: Int) { machines[index].send(SIGSTOP) }

  /// Has a machine suffer a fault; one that is to be ``MachineFault/paused`` stands still already.
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

  /// Waits until another machine has declared one gone, and has added an entry since.
  private mutating func awaitOthers(without index: Int) async throws {
    let begin = ContinuousClock.now
    guard try await hasJournal(index) else { return unasked += 1 }
    let epoch = try await self.epoch(of: index)
    var (entry, isTakenOver) = (try await lastEntry(), false)
    while ContinuousClock.now - begin < .seconds(120) {
      try await Task.sleep(for: .milliseconds(200))
      try await keepGoing(but: index)
      if !isTakenOver {
        guard try await self.epoch(of: index) != epoch else { continue }
        isTakenOver = true
        // Machines that stand by have added none until then.
        if !isStandby { entry = try await lastEntry() }
      }
      guard try await lastEntry() != entry else { continue }
      return takingOver.append(ContinuousClock.now - begin)
    }
    guard isStandby else { return unasked += 1 }
    let obstacle =
      isTakenOver
      ? "another one has the journal, and has added no entry after \(entry)" : "no other one has the journal"
    let known = try await knownMachines()
    throw Trouble(
      "machine-\(index + 1) of \(schema) has stood still for 120 s, and \(obstacle); the server knows:\n\(known)")
  }

  /// The machines as the server knows them, a line each.
  private func knownMachines() async throws -> String {
    try await database.sql(
      """
      SET search_path = \(schema); SELECT format('%s: epoch %s, present %s, alone %s, heard of %s ms ago',
        name, epoch, is_present, is_alone, milliseconds() - seen_at) FROM machine ORDER BY id
      """, in: "filsluse")
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
