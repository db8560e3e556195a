import FilsluseBase
import Glibc
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

  /// Runs it, out of reach of an ssh-agent of the user's; after `seconds` it is killed, and the status is then 137 or
  /// 124.
  static func run(
    _ arguments: [String], program: String = "filsluse", in folder: FilePath? = nil, seconds: Int = patience
  ) async throws -> Outcome {
    try await outcome(
      of: [try binary(program).string] + arguments, environment: ["COLUMNS": "80", "SSH_AUTH_SOCK": ""], in: folder,
      seconds: seconds)
  }

  /// Runs a line of shell in which `$0` is the command.
  static func shell(_ line: String, seconds: Int = patience) async throws -> Outcome {
    try await outcome(of: ["bash", "-c", line, try binary().string], seconds: seconds)
  }

  /// Runs a program by `timeout`, which ends it even where the tests themselves are killed.
  static func outcome(
    of arguments: [String], environment: [String: String] = [:], in folder: FilePath? = nil, seconds: Int = patience
  ) async throws -> Outcome {
    let report = await Program(
      arguments: ["timeout", "--kill-after=2", "\(seconds)"] + arguments, environment: environment,
      timeout: .seconds(seconds + 60), folder: folder, keptOutput: 1 << 20, keptComplaints: 1 << 20
    ).run()
    let status =
      switch report.end {
      case .exited(let code): code
      case .signalled(let signal): 128 + signal
      default: throw Failure(description: report.summary)
      }
    return Outcome(status: status, output: report.output.text, errors: report.complaints.text)
  }

  /// A program could not be run to its end.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The command is in the folder of the tests' own executable.
  static func binary(_ name: String = "filsluse") throws -> FilePath {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { throw Errno(rawValue: errno) }
    let own = FilePath(String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    return own.removingLastComponent().appending(name)
  }
}
