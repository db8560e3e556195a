import FilsluseBase
import Foundation
import Glibc
import SystemPackage

/// A `filsluse` that runs until it is stopped, or killed.
final class RunningCommand: Sendable {
  let process: pid_t
  private let log: FilePath
  /// The offset in the log at which its own output begins.
  private let beginning: UInt64
  private let status = Locked<Command.Status?>(nil)

  /// A process that dies with its parent dies with the thread that started it: this thread lives as long as the
  /// process.
  private static let thread = BlockingThreads(name: "torture-start", count: 1)

  /// Starts it; what it says is appended to a file. It does not outlive this program, however that ends.
  static func start(
    _ command: Command, _ arguments: [String], faults variables: [String] = [], log: FilePath
  ) async throws -> RunningCommand {
    let preload = variables.isEmpty ? [] : ["LD_PRELOAD=\(command.faults)"] + variables
    let line = ["--pdeathsig", "KILL", "/usr/bin/env"] + preload + [command.filsluse.string] + arguments
    return try await thread.run { try RunningCommand(spawning: ["/usr/bin/setpriv"] + line, log: log) }
  }

  private init(spawning line: [String], log: FilePath) throws {
    self.log = log
    beginning = UInt64((try? FileManager.default.attributesOfItem(atPath: log.string)[.size] as? Int) ?? 0)
    let output = open(log.string, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer {
      close(output)
      close(input)
    }
    do throws(Errno) {
      process = try Program.spawn(
        line[0], arguments: line, environment: ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" },
        input: input, output: output, error: output)
    } catch {
      throw Trouble("filsluse could not be started: \(error)")
    }
  }

  /// Its exit status; `nil` while it runs.
  var ended: Command.Status? {
    status.withLock { status in
      if let status { return status }
      var code: Int32 = 0
      guard waitpid(process, &code, WNOHANG) == process else { return nil }
      status = code & 0x7F == 0 ? .exited(code >> 8 & 0xFF) : .killed
      return status
    }
  }

  /// True once it has reported that it is at work, and handles signals.
  var isReady: Bool { words.contains(": ready\n") }

  /// Its output so far.
  var words: String {
    guard let file = FileHandle(forReadingAtPath: log.string) else { return "" }
    defer { try? file.close() }
    guard (try? file.seek(toOffset: beginning)) != nil, let said = try? file.readToEnd() else { return "" }
    return String(decoding: said, as: UTF8.self)
  }

  func send(_ signal: Int32) {
    if ended == nil { kill(process, signal) }
  }

  /// Waits for the command to end. One that exceeds the limit is killed and counts as hung.
  func waitForEnd(within limit: Duration) async throws -> Command.Status {
    if try await Wait.until(within: limit, { self.ended != nil }) { return ended ?? .hung }
    send(SIGKILL)
    _ = try await Wait.until(within: .seconds(10)) { self.ended != nil }
    return .hung
  }

  /// The memory it has in the machine, and the most it ever had, in KiB.
  var memory: (now: Int, peak: Int) {
    let lines = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8))?.split(separator: "\n") ?? []
    func value(_ key: String) -> Int {
      lines.first { $0.hasPrefix(key) }?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
    return (value("VmRSS:"), value("VmHWM:"))
  }
}

/// Waits for what others do.
enum Wait {
  /// Looks again and again until a condition holds; false when it does not hold within the time.
  static func until(within limit: Duration, _ condition: () throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while try !condition() {
      if ContinuousClock.now >= end { return false }
      try await Task.sleep(for: .milliseconds(15))
    }
    return true
  }
}
