import FilsluseBase
import Glibc
import SystemPackage

/// A `filsluse watch` that looks at the accounts of a worker while things change under it.
struct WatchBeside {
  private let process: RunningCommand
  private let log: FilePath

  static func start(_ command: Command, settings: FilePath, log: FilePath) async throws -> WatchBeside {
    let process = try await RunningCommand.start(command, ["watch", "--config", settings.string], log: log)
    return WatchBeside(process: process, log: log)
  }

  /// Has it read its settings.
  func reload() { if isReady { process.send(SIGHUP) } }

  /// True once it handles signals: an earlier one ends it, as any program.
  private var isReady: Bool { process.words.contains(": watching\n") }

  /// Ends it.
  ///
  /// - Returns: how long that took, and what was wrong; it may have ended before with an error that it said.
  func stop(within limit: Duration) async throws -> (taken: Duration, fault: (ChangeTally.Fault, String)?) {
    _ = try await Wait.until(within: .seconds(20)) { isReady || process.ended != nil }
    let wasOver = process.ended
    let begin = ContinuousClock.now
    process.send(SIGTERM)
    let ending = try await process.waitForEnd(within: limit)
    let taken = ContinuousClock.now - begin
    if ending == .hung { return (taken, (.slowStop, "filsluse watch; see \(log)")) }
    if wasOver == .exited(0) || wasOver == .killed || wasOver != nil && process.words.isEmpty {
      return (taken, (.watchEnded, "\(String(describing: wasOver)); see \(log)"))
    }
    return (taken, nil)
  }
}
