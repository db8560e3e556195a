import LocalPlatform
import SystemPackage

extension Matrix {
  /// Harms `filsluse run`, which delivers and collects at once and ends only when it is stopped.
  func harmUnattended(in folder: FilePath, _ command: Command, _ tally: Tally) async throws {
    let (lanes, kills) = (lanes, unattendedKills)
    try await withLocalPlatform(
      at: folder.appending("platform"), plan: try .lanes(lanes), options: BadServer.ordinary.options,
      logger: Self.logger
    ) { platform in
      var first = try UnattendedLane(1, on: platform, in: folder, command: command, tally: tally)
      let rehearsal = try await first.rehearse()
      Note.write("filsluse run: calls that change the world: \(rehearsal.calls.count)")
      let counts = PointCounts(
        kills: kills, powerLosses: kills / 2, cuts: kills * 2 / 5, fullDisks: kills / 5, clockJumps: kills / 10)
      let schedule = Schedule(Point.spread(counts, over: .running, old: rehearsal, new: rehearsal))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...lanes {
          let ready = number == 1 ? first : nil
          group.addTask {
            var lane = try ready ?? UnattendedLane(number, on: platform, in: folder, command: command, tally: tally)
            while let point = schedule.next(.running) { try await lane.run(point, schedule: schedule) }
            try await lane.finish()
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
