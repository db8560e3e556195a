import ArgumentParser
import FoundationEssentials
import Logging
import SystemPackage

/// `filsluse-bench transfers`: our SFTP client beside others, on this machine, against the same server.
struct TransferBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfers",
    abstract:
      "Measure deliveries of small files, one large file each way and a listing, beside OpenSSH's sftp and lftp.",
    discussion: """
      Every tool connects, logs on, works and leaves, and all of that is timed. The server is OpenSSH's sshd on \
      127.0.0.1, reached directly and through a proxy that delays each way by half the round trip. The tools take \
      turns, so that a slow moment of the machine hits them alike; the median of the rounds counts. The listing is also \
      done by rclone and curl; there ours is a process that only lists, and of each the most memory of its largest \
      process is shown. A program that is not on this machine is left out, and named with the reason.
      """)

  @Option(help: "How many rounds; by default 3, and 5 of the listing.")
  var rounds: Int?

  @Option(help: "How many small deliveries, each a data file and a trigger.")
  var deliveries = 300

  @Option(help: ArgumentHelp("The small data files' size.", valueName: "KiB"))
  var small = 4

  @Option(help: ArgumentHelp("The large file's size.", valueName: "MiB"))
  var large = 256

  @Option(help: ArgumentHelp("The round trip through the proxy.", valueName: "ms"))
  var roundTrip = 20

  @Option(help: "Send and fetch the large file over so many connections too; 1 leaves that out.")
  var connections = 3

  @Option(help: "How many entries the listed folder has.")
  var entries = 100_000

  @Option(help: "The line to measure on: loopback, delayed, or both.")
  var line = LineChoice.both

  @Option(help: "Do this work alone: deliver, upload, download or list; several with commas.")
  var work: String?

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func validate() throws {
    guard rounds ?? 1 > 0, deliveries > 0, small > 0, large > 0, roundTrip > 0, connections > 0, entries > 0 else {
      throw ValidationError("every number is at least 1")
    }
    guard !jobs.isEmpty else { throw ValidationError("--work names none of deliver, upload, download and list") }
  }

  private var jobs: [Job] {
    Job.allCases.filter { job in work?.split(separator: ",").contains { $0 == job.rawValue } ?? true }
  }

  func run() async throws {
    let load = Load(
      deliveries: deliveries, smallBytes: small << 10, largeBytes: large << 20,
      entries: jobs.contains(.list) ? entries : 0)
    let figures = try await withWorkbench(load, roundTripMilliseconds: roundTrip) { try await measure($0) }
    let leftOut = jobs.flatMap { job in
      peers(for: job).compactMap { peer in type(of: peer).obstacle.map { "\(peer.name(for: job)): \($0)" } }
    }
    let report = Report(
      load: load, roundTripMilliseconds: roundTrip, figures: figures, leftOut: Set(leftOut).sorted())
    print(try json ? report.json : report.table)
  }

  private func peers(for task: Job) -> [any Peer] {
    task == .list ? [OpenSSH(), Lftp(), Rclone(), Curl()] : [OpenSSH(), Lftp()]
  }

  private func measure(_ bench: Workbench) async throws -> [Figure] {
    var figures: [Figure] = []
    for line in bench.lines where self.line.includes(delayed: line.isDelayed) {
      for task in jobs {
        var contenders: [any Contender] = [Filsluse()]
        for peer in peers(for: task) where type(of: peer).obstacle == nil { contenders.append(peer) }
        if task.isLarge, connections > 1 { contenders.append(Filsluse(connections: connections)) }
        let rounds = rounds ?? (task == .list ? 5 : 3)
        var measured: [String: [Measurement]] = [:]
        for round in 1...rounds {
          for contender in contenders {
            let name = contender.name(for: task)
            Progress.show("\(line.name), \(task.rawValue), round \(round) of \(rounds): \(name)")
            measured[name, default: []].append(try await bench.measure(task, by: contender, over: line))
          }
        }
        for contender in contenders {
          let name = contender.name(for: task)
          let rounds = measured[name] ?? []
          figures.append(
            Figure(
              line: line.name, task: task, tool: name, seconds: rounds.map(\.seconds),
              kilobytes: rounds.compactMap(\.kilobytes).max()))
        }
      }
    }
    return figures
  }
}

/// The measured jobs.
enum Job: String, CaseIterable, Codable {
  case deliver, upload, download, list

  var isLarge: Bool { self == .upload || self == .download }
}
