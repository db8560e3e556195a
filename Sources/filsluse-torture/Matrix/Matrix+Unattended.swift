import LocalPlatform
import SystemPackage

extension Matrix {
  /// Disturbs `filsluse run`, which delivers and collects at once and ends only when it is stopped.
  func disturbUnattended(in folder: FilePath, _ command: Command, _ tally: Tally) async throws {
    let (workers, kills) = (workers, unattendedKills)
    try await withLocalPlatform(
      at: folder.appending("platform"), plan: try .workers(workers), options: BadServer.ordinary.options,
      logger: Self.logger
    ) { platform in
      var first = try UnattendedWorker(1, on: platform, in: folder, command: command, tally: tally)
      let baseline = try await first.measure()
      Note.write("filsluse run: calls that change the world: \(baseline.calls.count)")
      let counts = PointCounts(
        kills: kills, powerLosses: kills / 2, cuts: kills * 2 / 5, fullDisks: kills / 5, clockJumps: kills / 10)
      let schedule = Schedule(Point.spread(counts, over: .running, old: baseline, new: baseline))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...workers {
          let ready = number == 1 ? first : nil
          group.addTask {
            var worker = try ready ?? UnattendedWorker(number, on: platform, in: folder, command: command, tally: tally)
            while let point = schedule.next(.running) { try await worker.run(point, schedule: schedule) }
            try await worker.finish()
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
