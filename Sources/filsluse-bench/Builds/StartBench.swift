import ArgumentParser
import ExchangeSettings
import FoundationEssentials
import LocalPlatform
import Logging
import SystemPackage

/// `filsluse-bench start`: what the command costs before it does anything.
struct StartBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Measure the start of the command, its memory at rest and its size.",
    discussion: """
      The memory is that of `filsluse run` with one account on a local platform, ten seconds after its start, when it has \
      logged in and found nothing to do.
      """)

  @Option(help: "How many starts of each kind; the median counts.")
  var rounds = 21

  func validate() throws {
    guard rounds > 0 else { throw ValidationError("there is at least 1 round") }
  }

  func run() async throws {
    guard let command = BuiltProducts.command else {
      throw ToolError(description: "filsluse was not built beside this program; Scripts/bench builds both")
    }
    for option in ["--help", "--version"] {
      var seconds: [Double] = []
      for _ in 0..<rounds { seconds.append(try await Tool.use(of: [command.string, option]).seconds) }
      print("filsluse \(option): \(BenchText.rounded(seconds.median * 1000, 1)) ms, median of \(rounds)")
    }
    let scratch = FilePath(FileManager.default.temporaryDirectory.path)
      .appending("filsluse-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: scratch.string) }
    let status = try await restingStatus(of: command, in: scratch)
    let (resident, own) = (try megabytes("VmRSS", status), try megabytes("RssAnon", status))
    print("filsluse run at rest: \(resident) MB, of them \(own) its own")
    let stripped = scratch.appending("stripped")
    try await Tool.run(["strip", "-o", stripped.string, command.string])
    let (whole, rest) = (try megabytes(of: command), try megabytes(of: stripped))
    print("the program: \(whole) MB, stripped \(rest) MB")
  }

  /// The system's account of a run that has nothing to do.
  private func restingStatus(of command: FilePath, in scratch: FilePath) async throws -> String {
    let script = """
      set -e
      "$0" run --config "$1" >&2 &
      run=$!
      sleep 10
      cat /proc/$run/status
      kill -TERM $run
      wait $run
      """
    let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    return try await withLocalPlatform(at: scratch.appending("platform"), plan: .demo, logger: quiet) { platform in
      var settings = try platform.settings(for: "fagsystem")
      settings.journal = scratch.appending("journal.sqlite")
      let config = scratch.appending("filsluse.yaml")
      try DocumentFiles.write(Array(settings.yaml().utf8), config)
      return try await Tool.run(["/bin/sh", "-c", script, command.string, config.string])
    }
  }

  /// A field of such an account, which is in kB of 1,024 bytes.
  private func megabytes(_ field: String, _ status: String) throws -> String {
    let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
    guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) }) else {
      throw ToolError(description: "\(field) is not known: \(status)")
    }
    return BenchText.rounded(kilobytes * 1024 / 1e6, 1)
  }

  private func megabytes(of path: FilePath) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly)
    let bytes = try file.closeAfter { try file.seek(offset: 0, from: .end) }
    return BenchText.rounded(Double(bytes) / 1e6, 1)
  }
}
