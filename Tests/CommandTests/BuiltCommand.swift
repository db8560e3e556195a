import Glibc
import Subprocess
import SystemPackage

/// The built `filsluse` and the example programs, run as a user would run them.
enum BuiltCommand {
  struct Outcome: Sendable {
    var status: Int32
    var output: String
    var errors: String
  }

  /// After how many seconds what never ends is ended. A busy machine may take its time, so nothing gets less; the
  /// suites' time limit is longer.
  static let patience = 420

  /// Runs it; after `seconds` it is killed, and the status is then 137 or 124.
  static func run(
    _ arguments: [String], program: String = "filsluse", in folder: FilePath? = nil, seconds: Int = patience
  ) async throws -> Outcome {
    let command = try binary(program)
    let result = try await Subprocess.run(
      .name("timeout"), arguments: Arguments(["--kill-after=2", "\(seconds)", command.string] + arguments),
      environment: .inherit.updating(["COLUMNS": "80"]), workingDirectory: folder,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return Outcome(
      status: code(of: result.terminationStatus), output: result.standardOutput, errors: result.standardError)
  }

  /// Runs a line of shell in which `$0` is the command.
  static func shell(_ line: String, seconds: Int = patience) async throws -> Outcome {
    let command = try binary()
    let result = try await Subprocess.run(
      .name("timeout"), arguments: ["--kill-after=2", "\(seconds)", "bash", "-c", line, command.string],
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return Outcome(
      status: code(of: result.terminationStatus), output: result.standardOutput, errors: result.standardError)
  }

  /// The command lies beside the tests' own executable.
  static func binary(_ name: String = "filsluse") throws -> FilePath {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { throw Errno(rawValue: errno) }
    let own = FilePath(String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    return own.removingLastComponent().appending(name)
  }

  private static func code(of status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
