import ArgumentParser
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage

/// `filsluse-torture machines`: machines that share a journal on a PostgreSQL server, and faults of each and of the
/// server.
struct Machines: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Kill, cut off and pause machines that share a journal on a PostgreSQL server, and crash and replace that server.",
    discussion: """
      The machines of two sides send each other what is put into their outgoing folders, and give what comes to a program; \
      each side has a journal on a PostgreSQL server of its own making, and every second machine's clock is an hour ahead. \
      Each machine has its own folders, and reaches both servers by a loopback address of its own. With --both-accounts the \
      same machines have the accounts of both sides, and one journal. \
      At each point one machine of each side is killed, cut off from the server by its line, or has a line that carries \
      nothing, is paused for longer than it may be silent, or gone until others may have its work; or the server crashes, \
      or is lost and a standby takes its place, which follows it synchronously by then. What comes is compared with what \
      was put there and with what the programs were given, and the journals are verified. It ends with status 1 unless \
      every file has come once, and a program had it before it was removed from IN.
      """)

  @Option(help: "How many faults; 0 only with --each-way.")
  var points = 600

  @Option(help: "How many files are sent at each fault; twice as many at a pause.")
  var files = 3

  @Option(
    help: ArgumentHelp("How many files each side sends in all, in place of --files for each fault.", valueName: "n"))
  var eachWay: Int?

  @Option(help: "How many machines each side has.")
  var machines = 3

  @Flag(help: "Each machine has the accounts of both sides, and all have one journal.")
  var bothAccounts = false

  @Flag(help: "One machine of a side works, and the others stand by.")
  var standby = false

  @Flag(inversion: .prefixedNo, help: "Also lose the server, and promote a standby; some seconds each.")
  var promotions = true

  @Option(help: ArgumentHelp("How long a line carries nothing; a statement has 30 seconds.", valueName: "s"))
  var stall = 35

  @Option(
    help: ArgumentHelp(
      "Of so many pauses of a side one lasts as long as the server takes by itself: no line is cut. 0 for none.",
      valueName: "n"))
  var realGrace = 10

  @Option(help: "The seed of the moments and the machines.")
  var seed: UInt64 = 17

  @Option(help: ArgumentHelp("The folder to work in; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  @Option(help: ArgumentHelp("The command; the one beside this program when none is named.", valueName: "file"))
  var filsluse: String?

  func validate() throws {
    guard points >= 0, files > 0, machines > 0, stall > 0, realGrace >= 0, eachWay.map({ $0 > 0 }) ?? (points > 0)
    else {
      throw ValidationError("every number is at least 1, but --real-grace, and --points with --each-way, may be 0")
    }
    // Each has a loopback address of its own.
    guard machines <= 100 else { throw ValidationError("--machines is at most 100") }
  }

  func run() async throws {
    if let obstacle = PostgreSQLServer.obstacle { throw Trouble(obstacle) }
    let command = try Command.find(filsluse)
    let course = try await Scratch.with(directory) { folder in
      try await ReplicatedPostgreSQL.run(in: folder) {
        (database: ReplicatedPostgreSQL) async throws -> MachinesCourse in
        try await run(command, with: database, in: folder)
      }
    }
    print(course.text)
    if !course.isComplete { throw ExitCode(1) }
  }

  private func run(
    _ command: Command, with database: ReplicatedPostgreSQL, in folder: FilePath
  ) async throws -> MachinesCourse {
    var logger = Logger(label: "machines")
    logger.logLevel = .error
    return try await withLocalPlatform(
      at: folder.appending("platform"), plan: try .bothWays(), options: LocalPlatform.Options(), logger: logger
    ) { [self] platform in
      var course = try await MachinesCourse(
        machines: machines, isStandby: standby, hasBothAccounts: bothAccounts, stall: .seconds(stall),
        realGrace: realGrace, seed: seed, on: platform, with: database, in: folder, command: command)
      try await course.run(
        points: points, files: files, eachWay: eachWay,
        faults: MachineFault.allCases.filter { promotions || $0 != .promoted })
      return course
    }
  }
}
