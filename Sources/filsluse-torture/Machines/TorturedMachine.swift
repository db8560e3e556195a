import ExchangeSettings
import Foundation
import Glibc
import LocalPlatform
import SystemPackage

/// A machine with a journal on a server: `filsluse run` by files of its own, started again whenever it ends.
struct TorturedMachine {
  let settings: ExchangeSettings
  /// Its way to the database's server.
  let line: TCPProxy
  /// Its way to the SFTP server, which is open for as long as this is kept.
  private let sftpLine: TCPProxy
  /// The seconds by which its clock is ahead.
  private let ahead: Int
  private let command: Command
  private(set) var running: RunningCommand
  private(set) var starts = 1

  init(
    _ settings: ExchangeSettings, over line: TCPProxy, and sftpLine: TCPProxy, ahead: Int, command: Command
  ) async throws {
    self.settings = settings
    self.line = line
    self.sftpLine = sftpLine
    self.ahead = ahead
    self.command = command
    try FileManager.default.createDirectory(atPath: Self.folder(settings).string, withIntermediateDirectories: true)
    try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
    running = try await Self.start(settings, command, ahead: ahead)
  }

  private static func folder(_ settings: ExchangeSettings) -> FilePath { settings.source.removingLastComponent() }

  private static func start(
    _ settings: ExchangeSettings, _ command: Command, ahead: Int
  ) async throws -> RunningCommand {
    try await RunningCommand.start(
      command, ["run", "--config", settings.source.string], faults: ahead == 0 ? [] : ["FILSLUSE_FAULT_CLOCK=\(ahead)"],
      log: folder(settings).appending("run.log"))
  }

  /// True while its process works.
  var isAtWork: Bool { running.ended == nil && running.isReady }

  /// The random number by which the server knows it; empty before it had the journal.
  var number: String {
    (try? String(contentsOfFile: settings.journal.string + ".machine", encoding: .utf8)) ?? ""
  }

  /// Starts its process again where that has ended.
  mutating func keepGoing() async throws {
    guard running.ended != nil else { return }
    starts += 1
    running = try await Self.start(settings, command, ahead: ahead)
  }

  func send(_ signal: Int32) { running.send(signal) }

  /// Kills its process wherever it is.
  func end() async throws {
    running.send(SIGKILL)
    _ = try await running.waitForEnd(within: .seconds(10))
  }

  /// Ends its process normally.
  func stop() async throws {
    _ = try await Wait.until(within: .seconds(30)) { running.isReady || running.ended != nil }
    running.send(SIGTERM)
    _ = try await running.waitForEnd(within: .seconds(60))
  }

  /// Runs a command on the journal.
  func run(_ arguments: [String]) async throws -> Command.Outcome {
    try await command.run(arguments + ["--config", settings.source.string], in: Self.folder(settings))
  }
}
