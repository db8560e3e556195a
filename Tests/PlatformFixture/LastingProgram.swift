import Foundation
import Glibc
import SystemPackage

/// A program that runs beside the tests. It ends when it is told to, and with this process, however that ends: a shell
/// beside it waits for the end of its input and then ends the program.
///
/// Programs that refuse to run as root run as the user nobody then.
final class LastingProgram: Sendable {
  private let program: Process
  /// The input of the shell beside it, whose end is the program's.
  private let life = Pipe()

  /// Starts a program in a folder that it may write to; what it says goes to the file `log` there.
  ///
  /// - Parameter signal: the signal that ends it at once.
  init(
    _ words: [String], in home: FilePath, endedBy signal: String, environment: [String: String] = [:]
  ) throws {
    let script =
      #"exec 3<&0; (read -r _ <&3; kill -$SIGNAL $$ 2>/dev/null) & exec "$@" </dev/null >"$LOG" 2>&1 3<&-"#
    let line = Self.asOrdinaryUser(["/bin/sh", "-c", script, "sh"] + words)
    program = Process()
    program.executableURL = URL(filePath: line[0])
    program.arguments = Array(line.dropFirst())
    program.environment = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C", "LOG": home.appending("log").string, "SIGNAL": signal,
    ]
    .merging(environment) { $1 }
    program.standardInput = life
    try program.run()
  }

  /// Waits until it is ready.
  ///
  /// - Throws: `ServerTrouble` when it is not within half a minute; it has been ended then.
  func wait(until isReady: () -> Bool, log: FilePath) async throws {
    for _ in 0..<600 {
      if isReady() { return }
      guard program.isRunning else { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    end()
    let words = (try? String(contentsOfFile: log.string, encoding: .utf8)) ?? ""
    throw ServerTrouble(description: "\(program.arguments ?? []) does not start: \(words)")
  }

  /// Ends it by a signal of its own, for a program that has to end in another way than in order.
  func end(by signal: Int32) {
    kill(program.processIdentifier, signal)
    end()
  }

  /// Ends it in order, and by force after ten seconds.
  func end() {
    try? life.fileHandleForWriting.close()
    for _ in 0..<200 where program.isRunning { usleep(50_000) }
    if program.isRunning { kill(program.processIdentifier, SIGKILL) }
    program.waitUntilExit()
  }

  private static let setpriv = "/usr/bin/setpriv"
  private static let nobody: UInt32 = 65534

  /// True where programs can be run as another user than root.
  static let isPossible = geteuid() != 0 || access(setpriv, X_OK) == 0

  /// The command line that runs a program as another user than root.
  static func asOrdinaryUser(_ words: [String]) -> [String] {
    guard geteuid() == 0 else { return words }
    return [setpriv, "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"] + words
  }

  /// Makes a folder that such a program may write to, in a folder of a test.
  static func makeHome(in folder: FilePath, named name: String) throws -> FilePath {
    let home = folder.appending(name)
    try makeFolder(home)
    guard geteuid() == 0 else { return home }
    guard chown(home.string, nobody, nobody) == 0 else { throw Errno(rawValue: errno) }
    // The folder of the test and that of the run are closed to others; those above are not ours to open.
    for above in [folder, folder.removingLastComponent()] {
      var status = stat()
      guard stat(above.string, &status) == 0 else { throw Errno(rawValue: errno) }
      if status.st_uid == 0, status.st_mode & 0o001 == 0, chmod(above.string, status.st_mode & 0o7777 | 0o001) != 0 {
        throw Errno(rawValue: errno)
      }
    }
    return home
  }
}

/// A server of the tests did not do what it was started for.
public struct ServerTrouble: Error, CustomStringConvertible {
  /// The reason.
  public let description: String
}
