internal import Foundation

/// A program of the user's own, to be run once: directly, without a shell, and never for longer than it may.
package struct Program: Sendable {
  /// The program and its arguments. A name without a slash is looked for in `PATH`.
  package var arguments: [String]
  /// Environment variables added to those of this process.
  package var environment: [String: String] = [:]
  /// The variables of this process that are none of its business, such as passphrases.
  package var withheld: Set<String> = []
  /// The bytes written to its standard input.
  package var input: [UInt8] = []
  /// The time limit after which the program and its process group get SIGTERM.
  package var timeout: Duration
  /// The grace period between SIGTERM and SIGKILL.
  package var grace: Duration = .seconds(5)
  /// A descriptor that it holds open as its 3 for as long as it runs, and whatever it leaves running.
  package var held: Int32?

  /// Describes a program that is to be run.
  package init(
    arguments: [String], environment: [String: String] = [:], withheld: Set<String> = [], input: [UInt8] = [],
    timeout: Duration, grace: Duration = .seconds(5), held: Int32? = nil
  ) {
    self.arguments = arguments
    self.environment = environment
    self.withheld = withheld
    self.input = input
    self.timeout = timeout
    self.grace = grace
    self.held = held
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
        // A thread of its own: it may take many minutes, and the threads for file work are few.
        BlockingThreads.startThread(named: "filsluse-program") {
          continuation.resume(returning: process.attend(timeout: timeout, grace: grace))
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
