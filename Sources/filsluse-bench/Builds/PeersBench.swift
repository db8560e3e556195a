import ArgumentParser
import SystemPackage

/// `filsluse-bench peers`: the command on its daily work, beside other programs on the same work.
struct PeersBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract: "Measure `filsluse send` and `filsluse receive` beside OpenSSH's sftp and lftp.",
    discussion: """
      Whole processes, connecting and logging on included: deliveries by a list (a data file and a trigger each), and \
      pairs collected from IN, which were written an hour ago. The command keeps its journal, syncs and hashes each \
      file; the others copy, and what they have collected they remove. They take turns; the medians count, and every \
      file is compared afterwards.
      """)

  @Option(help: "How many rounds.")
  var rounds = 5

  @Option(help: "How many deliveries and how many pairs in each round.")
  var files = 1000

  @Option(help: ArgumentHelp("The data files' size.", valueName: "KiB"))
  var small = 4

  @Option(help: ArgumentHelp("The round trips through the proxies; loopback comes first.", valueName: "ms,..."))
  var roundTrips = "20,100"

  @Flag(help: "Leave out OpenSSH's sftp on slow lines, where it takes minutes.")
  var quick = false

  private var delays: [Int] { roundTrips.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard rounds > 0, files > 0, small > 0, delays.allSatisfy({ $0 > 0 }),
      delays.count == roundTrips.split(separator: ",").count
    else { throw ValidationError("every number is at least 1") }
  }

  /// The command, or one of the other programs.
  private struct Worker {
    let name: String
    let peer: (any Peer)?
  }

  func run() async throws {
    guard let command = BuiltProducts.command else {
      throw ToolError(description: "filsluse was not built beside this program; Scripts/bench builds both")
    }
    var workers = [Worker(name: "filsluse", peer: nil), Worker(name: "OpenSSH sftp", peer: OpenSSH())]
    if Lftp.isInstalled { workers.append(Worker(name: Lftp().name(for: .deliver), peer: Lftp())) }
    let load = BuildsLoad(files: files, smallBytes: small << 10, largeBytes: 0)
    print("\(files) files of \(small) KiB; medians of \(rounds) rounds, connecting and logging on included.")
    try await withBuildsField(load, roundTripMilliseconds: delays) { field in
      for line in field.lines {
        for work in [BuildsWork.deliver, .collect] {
          print("\n\(line.title): \(work.rawValue)")
          try await measure(work, over: line, in: field, workers, command)
        }
      }
    }
  }

  private func measure(
    _ work: BuildsWork, over line: BuildsLine, in field: BuildsField, _ workers: [Worker], _ command: FilePath
  ) async throws {
    let workers = workers.filter { !(quick && line.isDelayed && $0.peer is OpenSSH) }
    var seconds = [[Double]](repeating: [], count: workers.count)
    for round in 1...rounds {
      for (index, worker) in workers.enumerated() {
        Progress.show("\(line.title), \(work.rawValue), round \(round) of \(rounds): \(worker.name)")
        let taken =
          if let peer = worker.peer {
            try await field.seconds(work, by: peer, over: line)
          } else {
            try await field.seconds(work, by: command, over: line)
          }
        seconds[index].append(taken)
      }
    }
    let ours = seconds[0].median
    for (worker, times) in zip(workers, seconds) {
      let rate = BenchText.rounded(Double(files) / times.median, 0)
      let ratio =
        worker.peer == nil ? "" : "; filsluse does \(BenchText.rounded(times.median / ours, 1)) times as many"
      let all = times.map { "\(BenchText.rounded($0, 2)) s" }.joined(separator: ", ")
      print("  \(worker.name): \(rate)/s\(ratio) (\(all))")
    }
  }
}
