import ArgumentParser
import FilsluseSFTP
import LocalPlatform
import SystemPackage

/// `filsluse-torture sessions`: disturbs SFTP sessions at counted points, and counts how each ends.
struct Sessions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut, stall and kill SFTP sessions at counted points, and run them over unusual lines and servers.",
    discussion: """
      A session uploads, renames, lists, downloads and removes files, and compares each. At points spread over its bytes \
      in both directions the line is cut, stands still, or the server's process is killed: the session either gets \
      through with all files right, or ends in time with an error that says to try again; the next session gets \
      through. Over lines that carry one byte at a time or have buffers of 8 KiB, on a server that changes its keys \
      at each MiB and on servers with small windows, all get through. With --connects it connects so often, and \
      counts open files and memory.
      """)

  @Option(help: "Cut at so many points.")
  var cuts = 500

  @Option(help: "Stand still at so many points.")
  var stalls = 100

  @Option(help: "Kill the server's process at so many points.")
  var kills = 100

  @Option(help: "Connect and disconnect so often.")
  var connects = 0

  @Option(help: "Servers and lines side by side.")
  var workers = 4

  @Option(help: "The size in KiB of the large file each way.")
  var size = 300

  @Option(help: ArgumentHelp("The folder to work in; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  func validate() throws {
    guard cuts >= 0, stalls >= 0, kills >= 0, connects >= 0, (1...64).contains(workers), (1...1 << 20).contains(size)
    else {
      throw ValidationError("numbers are 0 or more, --workers is 1 to 64, --size at least 1")
    }
  }

  func run() async throws {
    let tally = try await Scratch.with(directory) { folder in
      var tally = try await disturbed(in: folder)
      for line in UnusualLine.all { try await line.run(in: folder, &tally) }
      if connects > 0 { try await ManyConnects(count: connects).run(in: folder, &tally) }
      return tally
    }
    print(tally.text)
    if !tally.isSound { throw ExitCode(1) }
  }

  private func disturbed(in folder: FilePath) async throws -> SessionTally {
    var lines: [SessionLine] = []
    for worker in 0..<workers {
      lines.append(try await SessionLine(in: folder.appending("server-\(worker)"), size: size << 10))
    }
    let faults = try await faults(on: lines[0])
    Note.write("disturbing \(faults.count) sessions")
    let tally = try await withThrowingTaskGroup(of: SessionTally.self) { group in
      for (worker, line) in lines.enumerated() {
        group.addTask {
          var tally = SessionTally()
          for place in stride(from: worker, to: faults.count, by: workers) { try await line.run(faults[place], &tally) }
          return tally
        }
      }
      return try await group.reduce(into: SessionTally()) { $0.add($1) }
    }
    for line in lines { try await line.stop() }
    return tally
  }

  /// The points, spread evenly over the bytes of a session in both directions.
  private func faults(on line: SessionLine) async throws -> [SessionFault] {
    let length = try await line.measure()
    func points(_ count: Int, _ make: (TCPProxy.Direction, Int, Int) -> SessionFault) -> [SessionFault] {
      (0..<count).map { index in
        let direction = TCPProxy.Direction.allCases[index % 2]
        return make(direction, (length[direction] ?? 0) * (index / 2) / max(count / 2, 1), index)
      }
    }
    return points(cuts) { .cut($0, after: $1, $2 / 2 % 2 == 0 ? .closed : .reset) }
      + points(stalls) { direction, bytes, _ in .stall(direction, after: bytes) }
      + (0..<kills).map { .serverKilled(after: (length[.toClient] ?? 0) * $0 / max(kills, 1)) }
  }
}
