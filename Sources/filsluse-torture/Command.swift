import FilsluseBase
import Glibc
import SystemPackage

/// The built `filsluse` and the library of faults, which lie beside this program.
struct Command: Sendable {
  let filsluse: FilePath
  let faults: FilePath

  /// The exit status and the output of a run.
  struct Outcome: Sendable {
    let status: Status
    let output: String
    let errors: String

    var text: String { "\(status) \(errors) \(output)" }
  }

  enum Status: Sendable, Hashable {
    case exited(Int32)
    case killed
    /// It did not end within the limit, and was killed.
    case hung
  }

  /// No run of a few files takes so many seconds, renewed connections and a platform that answers late included.
  private static let patience = 90

  static func find(_ filsluse: String?) throws -> Command {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { throw Errno(rawValue: errno) }
    let folder = FilePath(String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
      .removingLastComponent()
    let command = Command(
      filsluse: filsluse.map { FilePath($0) } ?? folder.appending("filsluse"),
      faults: folder.appending("libfilsluse-faults.so"))
    for file in [command.filsluse, command.faults] where access(file.string, R_OK) != 0 {
      throw Trouble("there is no \(file): build everything (swift build) first")
    }
    return command
  }

  /// Runs it in a folder; `faults` are environment variables for the library of faults.
  func run(_ arguments: [String], faults variables: [String] = [], in folder: FilePath) async throws -> Outcome {
    // env(1) stands last before the command: neither it nor timeout(1) is to suffer the faults.
    let preload = variables.isEmpty ? [] : ["LD_PRELOAD=\(faults)"] + variables
    let report = await Program(
      arguments: ["timeout", "--kill-after=2", "\(Self.patience)", "env"] + preload + [filsluse.string] + arguments,
      environment: ["LC_ALL": "C.UTF-8"], timeout: .seconds(Self.patience * 2), folder: folder,
      keptOutput: 4 << 20, keptComplaints: 4 << 20
    ).run()
    let status: Status =
      switch report.end {
      case .exited(124), .timedOut: .hung
      case .exited(let code): .exited(code)
      case .signalled, .cancelled: .killed
      case .notStarted, .tooLong, .unknown: throw Trouble("\(filsluse): \(report.summary)")
      }
    return Outcome(status: status, output: report.output.text, errors: report.complaints.text)
  }
}

/// Something that keeps the torture itself from going on.
struct Trouble: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
