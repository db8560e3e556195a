import ArgumentParser
import FilsluseSFTP
import FoundationEssentials
import Glibc
import SystemPackage

/// `filsluse-torture conformance`: the same cases on many SFTP servers.
struct Conformance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the same cases on OpenSSH, ProFTPD, dropbear, asyncssh, Twisted conch and rclone.",
    discussion: """
      Each case is a run of the built command, or of its SFTP client, against a real server on 127.0.0.1 with folders, \
      journal and settings of its own. The matrix is printed; what a server is known not to do stands among the \
      expected outcomes with its reason, and any other outcome, better or worse, ends the run with status 1. A server \
      whose program is not on this machine is skipped and counted. Scripts/servers fetches the programs.
      """)

  @Flag(help: "Small files, and only the servers that start quickly.")
  var short = false

  @Flag(help: "Print the expected matrix and run nothing.")
  var table = false

  @Option(help: ArgumentHelp("Only these servers.", valueName: "name"))
  var server: [ServerKind] = []

  @Option(name: .customLong("case"), help: ArgumentHelp("Only these cases.", valueName: "name"))
  var cases: [ConformanceCase] = []

  @Option(help: "How many servers run at a time.")
  var workers = 3

  @Option(
    help: ArgumentHelp(
      "Where the servers' programs lie that are not installed: a folder with usr in it.", valueName: "dir"))
  var programs: String?

  @Option(
    help: ArgumentHelp(
      "The folder to work in, which keeps everything; one in memory when none is named.", valueName: "dir"))
  var directory: String?

  @Option(help: ArgumentHelp("The command; the one beside this program when none is named.", valueName: "file"))
  var filsluse: String?

  func validate() throws {
    guard (1...16).contains(workers) else { throw ValidationError("--workers is 1 to 16") }
  }

  func run() async throws {
    if table { return print(ConformanceMatrix.expected.table) }
    let command = try Command.find(filsluse)
    let start = ContinuousClock.now
    let matrix = try await Scratch.with(directory) { folder in try await run(command, in: folder) }
    print(matrix.table)
    for surprise in matrix.surprises { print("\nnot as expected: \(surprise)") }
    if !matrix.skippedServers.isEmpty {
      print("\nskipped servers: \(matrix.skippedServers.joined(separator: ", "))")
    }
    print(
      "\nlibssh2 \(Algorithms.libraryVersion), time \((ContinuousClock.now - start).components.seconds) s\n\(matrix.counts)"
    )
    if !matrix.surprises.isEmpty { throw ExitCode(1) }
  }

  private var subjects: [ConformanceCase] { cases.isEmpty ? ConformanceCase.allCases : cases }

  private var servers: [ServerKind] {
    server.isEmpty ? ServerKind.allCases.filter { !short || $0.isInShortForm } : server
  }

  /// Scripts/servers puts them there.
  private var programsFolder: FilePath {
    if let programs { return FilePath(programs) }
    let base = getenv("XDG_CACHE_HOME").map { FilePath(String(cString: $0)) }
    let home = getenv("HOME").map { FilePath(String(cString: $0)).appending(".cache") }
    return (base ?? home ?? "/var/.cache").appending("filsluse-servers")
  }

  private func run(_ command: Command, in folder: FilePath) async throws -> ConformanceMatrix {
    try await withThrowingTaskGroup(of: (ServerKind, Result<[ConformanceCase: ConformanceOutcome], ServerMissing>).self)
    { group in
      var matrix = ConformanceMatrix()
      var waiting = servers[...]
      for _ in 0..<min(workers, waiting.count) {
        let next = waiting.removeFirst()
        group.addTask { (next, try await run(on: next, command, in: folder.appending(next.rawValue))) }
      }
      while let (server, result) = try await group.next() {
        switch result {
        case .success(let outcomes): for (subject, outcome) in outcomes { matrix.note(outcome, subject, on: server) }
        case .failure(let missing): matrix.skip(subjects, on: server, package: missing.package)
        }
        if let next = waiting.popFirst() {
          group.addTask { (next, try await run(on: next, command, in: folder.appending(next.rawValue))) }
        }
      }
      return matrix
    }
  }

  /// Runs the cases on one server, one after the other.
  private func run(
    on kind: ServerKind, _ command: Command, in folder: FilePath
  ) async throws -> Result<[ConformanceCase: ConformanceOutcome], ServerMissing> {
    let load = short ? ConformanceLoad.short : .full
    var outcomes: [ConformanceCase: ConformanceOutcome] = [:]
    do {
      try await kind.run(in: folder.appending("server"), programs: programsFolder) { home in
        for subject in subjects { try ConformanceField.prepare(subject, load, in: home) }
      } _: { server in
        for subject in subjects {
          let start = ContinuousClock.now
          let field = try ConformanceField(subject.rawValue, on: server, in: folder, command: command)
          let outcome = try await field.run(subject, load)
          outcomes[subject] = outcome
          let seconds = Double((ContinuousClock.now - start) / .milliseconds(100)).rounded() / 10
          Note.write("\(kind.rawValue) \(subject.rawValue): \(outcome.word), \(seconds) s")
        }
      }
    } catch let missing as ServerMissing {
      Note.write("\(kind.rawValue): skipped, there is no \(missing.package)")
      return .failure(missing)
    } catch {
      // The other servers' cases run all the same.
      Note.write("\(kind.rawValue): \(error)")
      for subject in subjects where outcomes[subject] == nil {
        outcomes[subject] = ConformanceOutcome(word: "not run", detail: "\(error)")
      }
    }
    if directory == nil { try FileManager.default.removeItem(atPath: folder.string) }
    return .success(outcomes)
  }
}

extension ServerKind: ExpressibleByArgument {}
extension ConformanceCase: ExpressibleByArgument {}
