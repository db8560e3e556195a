import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Accounts with several keys, as while keys are changed.
@Suite(.timeLimit(.minutes(25))) struct AccountKeysTests {
  @Test("sends with the second key while the server refuses the first, and stops no account for it")
  func theFirstKeyIsRefused() async throws {
    try await TestExchange.with { test in
      let other = try await test.server.server.addUser("\(test.server.user.name)-other").keyFile
      let running = RunningExchange(
        test: try await test.reopened { settings in
          RunningExchange.settings(&settings)
          settings.accounts[0].keys = [.file(other), .file(test.server.user.keyFile)]
        })
      try await running.whileRunning {
        let platform = Task { await test.acceptEverything() }
        defer { platform.cancel() }
        try await eventually("watched") { running.names(running.folder).contains(".taken") }
        try running.put("a.csv")
        try await eventually("sent") { running.names(running.sent) == ["a.csv"] }
        #expect(running.attentions.isEmpty)
      }
    }
  }

  @Test("sends with a key that ssh-agent holds, once it holds it, and stops no account before")
  func theAgentHasTheKey() async throws {
    try await TestExchange.with { test in
      try await SSHAgent.run(in: test.folder) { agent in
        let key = test.server.user.keyFile
        let running = RunningExchange(
          test: try await test.reopened { settings in
            RunningExchange.settings(&settings)
            settings.accounts[0].keys = [.agent(.publicKey(FilePath(key.string + ".pub")), socket: agent.socket)]
          })
        try await running.whileRunning {
          let platform = Task { await test.acceptEverything() }
          defer { platform.cancel() }
          try await eventually("watched") { running.names(running.folder).contains(".taken") }
          try running.put("a.csv")
          try await eventually("taken") { running.takenNames() == ["a.csv"] }
          try await agent.add(key)
          try await eventually("sent") { running.names(running.sent) == ["a.csv"] }
          #expect(running.attentions.isEmpty)
        }
      }
    }
  }

  /// Makes the last key of an account usable that is stopped for a long time, since no key of it can be used.
  ///
  /// - Parameter isExposed: true for the right key that others can read, which gets other rights; false for a file with
  ///   no key in it, which is replaced.
  private func mendTheLastKey(
    isExposed: Bool = false, after others: @escaping @Sendable (TestExchange) async throws -> [FilePath] = { _ in [] }
  ) async throws {
    try await TestExchange.with { test in
      let key = test.folder.appending("key")
      let keys = try await others(test) + [key]
      let running = RunningExchange(
        test: try await test.reopened { settings in
          RunningExchange.settings(&settings)
          settings.accounts[0].keys = keys.map { .file($0) }
        },
        shortestStop: .seconds(3_000))
      let right = try test.read(test.server.user.keyFile)
      try test.write(isExposed ? right : Data("no key".utf8), to: key)
      #expect(chmod(key.string, isExposed ? 0o644 : 0o600) == 0)
      try await running.whileRunning {
        let platform = Task { await test.acceptEverything() }
        defer { platform.cancel() }
        try await eventually("stopped") { running.attentions.map(\.kind) == [.accountStopped] }
        try running.put("a.csv")
        let usable = isExposed ? key : test.folder.appending("new-key")
        if !isExposed { try test.write(right, to: usable) }
        #expect(chmod(usable.string, 0o600) == 0 && rename(usable.string, key.string) == 0)
        try await eventually("sent") { running.names(running.sent) == ["a.csv"] }
        try await eventually("over") { running.resolved.map(\.kind) == [.accountStopped] }
      }
    }
  }

  @Test("tries a stopped account again at once when its key is replaced, however long its pause is")
  func theKeyIsReplaced() async throws { try await mendTheLastKey() }

  @Test("tries a stopped account again at once when others can no longer read its key")
  func theKeyIsExposed() async throws { try await mendTheLastKey(isExposed: true) }

  @Test("tries a stopped account again when any of its keys is replaced")
  func theSecondKeyIsReplaced() async throws {
    try await mendTheLastKey { test in
      [try await test.server.server.addUser("\(test.server.user.name)-other").keyFile]
    }
  }
}
