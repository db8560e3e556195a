import ArgumentParser
import FoundationEssentials
import LocalPlatform
import Logging
import SystemPackage

/// `filsluse-torture matrix`: faults at counted points, restart, and a look at everything.
struct Matrix: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Disturb send and receive at counted points, start them again, and count what is lost or doubled.",
    discussion: """
      In every round four files are delivered and collected over a local platform. The sending run and the receiving \
      run are each disturbed at one point: killed at their N-th call that changes the world, cut off after N bytes, \
      without disk space or in another hour from the N-th call on. Then they are run again, and everything is looked \
      through: each file lies in the inbox once, bit for bit; what is not ours is where it was; nothing is left over; \
      the journals are sound. It ends with status 1 unless all of that is so.
      """)

  @Option(help: "How many runs to kill, for delivering and for collecting each.")
  var kills = 300

  @Option(help: "How many runs to lose the power under, for delivering and for collecting each.")
  var powerLosses = 100

  @Option(help: "How many connections to cut, for delivering and for collecting each.")
  var cuts = 300

  @Option(help: "How many runs to leave without disk space, for delivering and for collecting each.")
  var fullDisks = 40

  @Option(help: "How many runs whose clock jumps by an hour, for delivering and for collecting each.")
  var clockJumps = 20

  @Option(
    help:
      "How many kills of filsluse run, which delivers and collects at once; cuts, full disks and clock jumps in proportion."
  )
  var unattendedKills = 100

  @Option(
    help: "How many kills and half as many cuts while a large file goes over several connections.")
  var bulkKills = 100

  @Option(help: "How many kills and half as many cuts on each server that behaves badly.")
  var badServerKills = 30

  @Option(help: "How many senders and receivers work side by side.")
  var workers = 4

  @Option(help: ArgumentHelp("The folder to work in; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  @Option(
    help: ArgumentHelp("The command to torture; the one beside this program when none is named.", valueName: "file"))
  var filsluse: String?

  func validate() throws {
    guard workers >= 1, workers <= 99,
      [kills, powerLosses, cuts, fullDisks, clockJumps, badServerKills, unattendedKills, bulkKills].allSatisfy({
        $0 >= 0
      })
    else {
      throw ValidationError("counts are not negative, and there are 1 to 99 workers")
    }
  }

  func run() async throws {
    let command = try Command.find(filsluse)
    let tally = Tally()
    let start = ContinuousClock.now
    try await Scratch.with(directory) { folder in
      let ordinary = PointCounts(
        kills: kills, powerLosses: powerLosses, cuts: cuts, fullDisks: fullDisks, clockJumps: clockJumps)
      try await run(ordinary, on: .ordinary, in: folder.appending("0"), command, tally)
      if unattendedKills > 0 { try await disturbUnattended(in: folder.appending("run"), command, tally) }
      let bad = PointCounts(
        kills: badServerKills, powerLosses: 0, cuts: badServerKills / 2, fullDisks: 0, clockJumps: 0)
      if bulkKills > 0 {
        let counts = PointCounts(kills: bulkKills, powerLosses: 0, cuts: bulkKills / 2, fullDisks: 0, clockJumps: 0)
        try await run(counts, on: .bulk, in: folder.appending("bulk"), command, tally)
      }
      guard badServerKills > 0 else { return }
      for (index, server) in BadServer.all.enumerated() {
        try await run(bad, on: server, in: folder.appending("\(index + 1)"), command, tally)
      }
    }
    // A few points cannot meet all states.
    if kills >= 100 { tally.note(tally.current.statesMissed(), during: "all rounds") }
    let counts = tally.current
    print(counts.text)
    print("time \((ContinuousClock.now - start).components.seconds) s")
    if counts.findingsInAll > 0 { throw ExitCode(1) }
  }

  private func run(
    _ counts: PointCounts, on server: BadServer, in folder: FilePath, _ command: Command, _ tally: Tally
  ) async throws {
    let workers = workers
    try await withLocalPlatform(
      at: folder.appending("platform"), plan: try .workers(workers), options: server.options, logger: Self.logger
    ) { platform in
      var first = try Worker(1, on: platform, server: server, in: folder, command: command, tally: tally)
      let baselines = try await first.measure()
      Note.write(Self.summary(of: baselines, on: server))
      let schedule = Schedule(
        Stage.allCases.flatMap { stage in
          baselines[stage].map { Point.spread(counts, over: stage, old: $0.old, new: $0.new) } ?? []
        })
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...workers {
          let ready = number == 1 ? first : nil
          group.addTask {
            var worker =
              try ready
              ?? Worker(number, on: platform, server: server, in: folder, command: command, tally: tally)
            while let points = schedule.nextPair() {
              try await worker.run(points, schedule: schedule)
              let rounds = tally.current.rounds
              if rounds % 50 == 0 {
                Note.write("\(server.name): \(rounds) rounds, findings \(tally.current.findingsInAll)")
              }
            }
            try await worker.finish()
          }
        }
        try await group.waitForAll()
      }
    }
  }

  static var logger: Logger {
    var logger = Logger(label: "torture")
    logger.logLevel = .error
    return logger
  }

  private static func summary(of baselines: [Stage: (new: Baseline, old: Baseline)], on server: BadServer) -> String {
    let stages = Stage.allCases.compactMap { stage in
      baselines[stage].map { "\(stage.rawValue) \($0.old.calls.count) (\($0.new.calls.count) with a new journal)" }
    }
    return "\(server.name): calls that change the world: \(stages.joined(separator: ", "))"
  }
}
