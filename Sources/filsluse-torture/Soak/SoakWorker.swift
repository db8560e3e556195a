import ExchangeSettings
import Foundation
import Glibc
import LocalPlatform
import SystemPackage

/// One side's `filsluse run`, which is killed and started again.
struct SoakWorker {
  let command: Command
  let settings: ExchangeSettings
  private var running: RunningCommand
  private(set) var restarts = 0

  init(_ settings: ExchangeSettings, command: Command) async throws {
    self.command = command
    self.settings = settings
    let folder = settings.source.removingLastComponent()
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
    running = try await Self.start(settings, command)
  }

  private static func start(_ settings: ExchangeSettings, _ command: Command) async throws -> RunningCommand {
    try await RunningCommand.start(
      command, ["run", "--config", settings.source.string],
      log: settings.source.removingLastComponent().appending("run.log"))
  }

  var memory: (now: Int, peak: Int) { running.memory }
  var hasEnded: Bool { running.ended != nil }

  /// Kills it wherever it is, and starts it again.
  mutating func restart() async throws {
    running.send(SIGKILL)
    _ = try await running.waitForEnd(within: .seconds(10))
    restarts += 1
    running = try await Self.start(settings, command)
  }

  /// Ends it normally.
  func stop() async throws -> Command.Status {
    _ = try await Wait.until(within: .seconds(30)) { running.isReady || running.ended != nil }
    running.send(SIGTERM)
    return try await running.waitForEnd(within: .seconds(60))
  }
}
