internal import CSystemShim
internal import Foundation
internal import Glibc
package import SystemPackage

/// A program that is run once: directly, without a shell, and never for longer than its time limit.
///
/// It does not use swift-subprocess: version 1.0.2 passes no further descriptor on, and when the leader of a process
/// group ends at SIGTERM, the group's processes that ignore SIGTERM live on.
package struct Program: Sendable {
  /// The program and its arguments. A name without a slash is looked for in `PATH`.
  package var arguments: [String]
  /// Environment variables added to those of this process.
  package var environment: [String: String] = [:]
  /// Variables of this process that the program does not get, such as passphrases.
  package var withheld: Set<String> = []
  /// The bytes written to its standard input.
  package var input: [UInt8] = []
  /// The time limit after which the program and its process group get SIGTERM.
  package var timeout: Duration
  /// The grace period between SIGTERM and SIGKILL.
  package var grace: Duration = .seconds(5)
  /// A descriptor that the program, and any process that it leaves running, holds open as number 3.
  package var held: Int32?
  /// The folder to run in; `nil` for that of this process.
  package var folder: FilePath?
  /// The number of bytes that are kept of the beginning of its standard output.
  package var keptOutput = 64 << 10
  /// The number of bytes that are kept of the end of its standard error.
  package var keptComplaints = 4 << 10

  /// Describes a program to run.
  package init(
    arguments: [String], environment: [String: String] = [:], withheld: Set<String> = [], input: [UInt8] = [],
    timeout: Duration, grace: Duration = .seconds(5), held: Int32? = nil, folder: FilePath? = nil,
    keptOutput: Int = 64 << 10, keptComplaints: Int = 4 << 10
  ) {
    self.arguments = arguments
    self.environment = environment
    self.withheld = withheld
    self.input = input
    self.timeout = timeout
    self.grace = grace
    self.held = held
    self.folder = folder
    self.keptOutput = keptOutput
    self.keptComplaints = keptComplaints
  }

  /// Runs the program to its end and reports the result. Neither the program nor its process group outlives the time
  /// limit; processes that it leaves running after a normal end are not touched.
  ///
  /// Cancelling the task ends the program as the time limit does.
  package func run() async -> ProgramReport {
    let process: ProgramProcess
    do throws(ProgramStartFailure) {
      process = try await BlockingThreads.shared.run { () throws(ProgramStartFailure) in
        try ProgramProcess(starting: self)
      }
    } catch {
      return ProgramReport(end: error.isTooLong ? .tooLong(error.reason) : .notStarted(error.reason))
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // It has a thread of its own: it may take many minutes, and the threads for file work are few.
        BlockingThreads.startThread(named: "filsluse-program") {
          continuation.resume(returning: process.attend(self))
        }
      }
    } onCancel: {
      process.cancel()
    }
  }

  /// The environment as `execve` takes it.
  var environmentLines: [String] {
    var variables = ProcessInfo.processInfo.environment.filter { !withheld.contains($0.key) }
    variables.merge(environment) { $1 }
    return variables.map { "\($0.key)=\($0.value)" }
  }
}

extension Program {
  /// Starts a program as the leader of a session of its own, with default signal handling and no descriptors but those
  /// given. The caller waits for it.
  ///
  /// - Parameters:
  ///   - path: the program's file.
  ///   - environment: lines `NAME=VALUE`.
  ///   - held: a descriptor that the program gets as number 3.
  ///   - folder: the folder to run in; `nil` for that of this process.
  /// - Returns: its process id.
  package static func spawn(
    _ path: String, arguments: [String], environment: [String], input: Int32, output: Int32, error: Int32,
    held: Int32? = nil, folder: FilePath? = nil
  ) throws(Errno) -> Int32 {
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var process: Int32 = 0
    let code = filsluse_spawn(&process, path, argv, envp, input, output, error, held ?? -1, folder?.string)
    guard code == 0 else { throw Errno(rawValue: code) }
    return process
  }
}
