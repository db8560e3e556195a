import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// Runs a program of OpenSSH's or OpenSSL's to its end; its standard output.
@discardableResult
func runTool(_ arguments: [String], environment: [String: String] = [:], input: String = "") async throws -> String {
  let program = Program(
    arguments: ["/usr/bin/env"] + arguments, environment: environment, input: Array(input.utf8), timeout: .seconds(60))
  let report = await program.run()
  try #require(report.isSuccess, "\(arguments): \(report.summary)")
  return String(decoding: report.output.bytes, as: UTF8.self)
}

/// Makes a key with ssh-keygen, its public half beside it.
func makeKey(_ file: FilePath, _ options: [String] = ["-t", "ed25519"], passphrase: String = "") async throws {
  try await runTool(["ssh-keygen", "-q"] + options + ["-N", passphrase, "-C", "test", "-f", file.string])
}

extension TestServer {
  /// Registers the public half of a private key, which ssh-keygen or openssl can read, in place of the user's own.
  func letIn(_ publicLines: [String]) throws {
    let file = server.directory.appending("authorized_keys").appending(user.name)
    try (publicLines.joined(separator: "\n") + "\n").write(toFile: file.string, atomically: true, encoding: .utf8)
    try #require(chmod(file.string, 0o600) == 0)
  }
}

/// The line of a `.pub` file.
func publicLine(of key: FilePath) throws -> String {
  try String(contentsOfFile: key.string + ".pub", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
}

/// The fingerprint that ssh-keygen shows.
func fingerprint(of key: FilePath) async throws -> KeyFingerprint {
  let line = try await runTool(["ssh-keygen", "-l", "-f", key.string + ".pub"])
  return try #require(line.split(separator: " ").dropFirst().first.flatMap { KeyFingerprint(text: String($0)) })
}

/// The error of a login; `nil` where it succeeds.
func loginError(_ endpoint: SFTPEndpoint, logger: Logger = quiet) async -> SFTPError? {
  await sftpError { try await withSFTPClient(endpoint, logger: logger) { _ in } }
}

/// The lines that a logger has taken, with their metadata.
final class LogLines: Sendable {
  private let lines = Locked<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A logger that keeps its lines.
func recordingLogger() -> (Logger, LogLines) {
  let lines = LogLines()
  return (Logger(label: "test") { _ in RecordingLog(lines: lines) }, lines)
}

private struct RecordingLog: LogHandler {
  let lines: LogLines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    lines.add("\(event.level): \(event.message) \(event.metadata.map { "\($0)" } ?? "")")
  }
}
