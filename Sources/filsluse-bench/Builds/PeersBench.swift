import ArgumentParser
import SystemPackage

/// `filsluse-bench peers`: the command on its daily work, beside other programs on the same work.
struct PeersBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract: "Measure `filsluse send` and `filsluse receive` beside OpenSSH's sftp, lftp, rclone, curl and mscp.",
    discussion: """
      Whole processes, connecting and logging on included: deliveries by a list (a data file and a trigger each), and \
      pairs collected from IN, which were written an hour ago, and one large file each way, which the command also moves \
      over several connections; mscp moves that one alone. The command keeps its journal, syncs and hashes each file; the \
      others copy, and what they have collected they remove. They take turns; the medians count, and every file is \
      compared afterwards. A program that is not on this machine is left out with the reason, and so is one that fails, \
      with what it said.
      """)

  @Option(help: "How many rounds.")
  var rounds = 5

  @Option(help: "How many deliveries and how many pairs in each round.")
  var files = 1000

  @Option(help: ArgumentHelp("The data files' size.", valueName: "KiB"))
  var small = 4

  @Option(help: ArgumentHelp("The large file's size; 0 leaves it out.", valueName: "MiB"))
  var large = 512

  @Option(help: "Move the large file over so many connections too; 1 leaves that out.")
  var connections = 4

  @Option(help: "Do this work alone: deliver, collect, upload or download; several with commas.")
  var work: String?

  @Option(help: ArgumentHelp("The round trips through the proxies; loopback comes first.", valueName: "ms,..."))
  var roundTrips = "20,100"

  @Flag(help: "Leave out OpenSSH's sftp on slow lines, where it takes minutes.")
  var quick = false

  private var delays: [Int] { roundTrips.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard rounds > 0, files > 0, small > 0, large >= 0, (1...4).contains(connections), delays.allSatisfy({ $0 > 0 }),
      delays.count == roundTrips.split(separator: ",").count
    else { throw ValidationError("every number is at least 1, and --connections at most 4") }
    guard !works.isEmpty else { throw ValidationError("--work names none of deliver, collect, upload and download") }
  }

  private var works: [BuildsWork] {
    [BuildsWork.deliver, .collect, .upload, .download].filter { work in
      (large > 0 || !work.isLarge) && (self.work?.split(separator: ",").contains { $0 == "\(work)" } ?? true)
    }
  }

  /// The command, or one of the other programs.
  private struct Worker {
    let name: String
    var peer: (any Peer)?
    /// The connections that the command has for a large file.
    var connections = 1

    static func all(for work: BuildsWork, connections: Int) -> [Worker] {
      let ours = Worker(name: "filsluse")
      let bulk = Worker(name: "filsluse, \(connections) connections", connections: connections)
      let job: Job =
        switch work {
        case .deliver, .collect, .collectFresh: .deliver
        case .upload: .upload
        case .download: .download
        }
      var peers: [any Peer] = [OpenSSH(), Lftp(), Rclone(), Curl()]
      if work.isLarge { peers.append(Mscp()) }
      return (work.isLarge && connections > 1 ? [ours, bulk] : [ours])
        + peers.map { Worker(name: $0.name(for: job), peer: $0) }
    }

    /// The reason for which it is not measured; `nil` where it is.
    func obstacle(over line: BuildsLine, quick: Bool) -> String? {
      guard let peer else { return nil }
      return quick && line.isDelayed && peer is OpenSSH ? "--quick" : type(of: peer).obstacle
    }
  }

  func run() async throws {
    guard let command = BuiltProducts.command else {
      throw ToolError(description: "filsluse was not built beside this program; Scripts/bench builds both")
    }
    let works = works
    let load = BuildsLoad(
      files: files, smallBytes: small << 10, largeBytes: works.contains { $0.isLarge } ? large << 20 : 0)
    print(
      "\(files) files of \(small) KiB, one of \(large) MiB; medians of \(rounds) rounds, connecting and logging on included."
    )
    try await withBuildsField(load, roundTripMilliseconds: delays) { field in
      for line in field.lines {
        for work in works {
          print("\n\(line.title): \(work.rawValue)")
          try await measure(work, over: line, in: field, command)
        }
      }
    }
  }

  private func measure(
    _ work: BuildsWork, over line: BuildsLine, in field: BuildsField, _ command: FilePath
  ) async throws {
    let workers = Worker.all(for: work, connections: connections)
    var seconds = [[Double]](repeating: [], count: workers.count)
    var failures: [Int: String] = [:]
    for (index, worker) in workers.enumerated() { failures[index] = worker.obstacle(over: line, quick: quick) }
    for round in 1...rounds {
      for (index, worker) in workers.enumerated() where failures[index] == nil {
        Progress.show("\(line.title), \(work.rawValue), round \(round) of \(rounds): \(worker.name)")
        guard let peer = worker.peer else {
          seconds[index].append(
            try await field.seconds(work, by: command, over: line, connections: worker.connections))
          continue
        }
        do {
          seconds[index].append(try await field.seconds(work, by: peer, over: line))
        } catch {
          failures[index] = "\(error)"
          try field.clear()
        }
      }
    }
    for (index, worker) in workers.enumerated() {
      if let failure = failures[index] {
        print("  \(worker.name): left out: \(failure)")
      } else {
        print("  " + text(of: worker, seconds[index], beside: seconds[0].median, at: work))
      }
    }
    for worker in workers where worker.peer == nil && !line.isDelayed {
      let peak = try await field.kilobytes(work, by: command, over: line, connections: worker.connections)
      print("  \(worker.name): \(peak >> 10) MB of memory at most")
    }
  }

  /// A worker's rate, and its times as multiples of the command's.
  private func text(of worker: Worker, _ times: [Double], beside ours: Double, at work: BuildsWork) -> String {
    let rate =
      work.isLarge
      ? "\(BenchText.rounded(Double(large << 20) / 1_000_000 / times.median, 0)) MB/s"
      : "\(BenchText.rounded(Double(files) / times.median, 0))/s"
    let ratio =
      worker.peer == nil ? "" : "; filsluse is \(BenchText.rounded(times.median / ours, 2)) times as fast"
    let all = times.map { "\(BenchText.rounded($0, 2)) s" }.joined(separator: ", ")
    return "\(worker.name): \(rate)\(ratio) (\(all))"
  }
}
