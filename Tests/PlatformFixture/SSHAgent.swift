import FilsluseBase
import Foundation
import Glibc
public import SystemPackage

/// OpenSSH's agent, running for one test.
public struct SSHAgent: Sendable {
  /// The socket at which it answers.
  public let socket: FilePath

  /// Runs an agent until `body` is done.
  public static func run(in folder: FilePath, _ body: (SSHAgent) async throws -> Void) async throws {
    let socket = folder.appending("agent")
    let program = Process()
    program.executableURL = URL(filePath: "/usr/bin/env")
    program.arguments = ["ssh-agent", "-D", "-a", socket.string]
    program.standardOutput = FileHandle.nullDevice
    try program.run()
    // Tests start programs with SIGTERM blocked.
    defer {
      kill(program.processIdentifier, SIGKILL)
      program.waitUntilExit()
    }
    while !FileManager.default.fileExists(atPath: socket.string) { try await Task.sleep(for: .milliseconds(5)) }
    try await body(SSHAgent(socket: socket))
  }

  /// Gives the agent a key that is not encrypted, or whose passphrase `askPass` prints.
  public func add(_ key: FilePath, askPass: FilePath? = nil) async throws {
    try await BlockingThreads.shared.run { () throws in
      let program = Process()
      program.executableURL = URL(filePath: "/usr/bin/env")
      program.arguments = ["setsid", "-w", "ssh-add", "-q", key.string]
      var variables = ProcessInfo.processInfo.environment
      variables["SSH_AUTH_SOCK"] = socket.string
      if let askPass { (variables["SSH_ASKPASS"], variables["SSH_ASKPASS_REQUIRE"]) = (askPass.string, "force") }
      program.environment = variables
      program.standardInput = FileHandle.nullDevice
      try program.run()
      program.waitUntilExit()
      guard program.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
  }
}
