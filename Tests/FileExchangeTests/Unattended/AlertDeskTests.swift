import ExchangeSettings
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// What the program is told that the settings name under `alert:`.
@Suite(.timeLimit(.minutes(8))) struct AlertDeskTests {
  private struct Told: Decodable, Equatable {
    let account: String
    let message: String
    let leftOutBefore: Int
  }

  private func lines(of log: FilePath) throws -> [Told] {
    guard let data = FileManager.default.contents(atPath: log.string) else { return [] }
    return try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Told.self, from: Data($0)) }
  }

  private func attention(_ message: String, _ account: String = "a") -> Attention {
    Attention(kind: .quarantined, account: account, number: nil, message: message)
  }

  private func withDesk(
    gap: Duration, _ body: (AlertDesk, FilePath) async throws -> Void
  ) async throws -> [Told] {
    try await withScratchFolder { folder in
      let log = folder.appending("log")
      let desk = AlertDesk(
        AlertCommand(command: ["/bin/sh", "-c", "cat >>\"$0\"", log.string]), withheld: [],
        logger: Logger(label: "test"),
        gap: gap)
      async let running: Void = desk.run()
      do { try await body(desk, log) } catch { Issue.record(error) }
      desk.close()
      await running
      return try lines(of: log)
    }
  }

  @Test("What came within the gap is told when that is over, although nothing follows it")
  func theRestIsTold() async throws {
    let told = try await withDesk(gap: .seconds(5)) { desk, log in
      for number in 1...4 { desk.take(attention("\(number)")) }
      while try lines(of: log).count < 2 { try await Task.sleep(for: .milliseconds(20)) }
    }
    #expect(
      told == [
        Told(account: "a", message: "1", leftOutBefore: 0), Told(account: "a", message: "4", leftOutBefore: 2),
      ])
  }

  @Test("What is left to tell at the end is told then, of each account by itself")
  func theRestIsToldAtTheEnd() async throws {
    let told = try await withDesk(gap: .seconds(600)) { desk, _ in
      for account in ["a", "b"] {
        for number in 1...3 { desk.take(attention("\(number)", account)) }
      }
    }
    #expect(told.prefix(2).map(\.message) == ["1", "1"])
    #expect(Set(told.dropFirst(2).map { "\($0.account)\($0.message) \($0.leftOutBefore)" }) == ["a3 1", "b3 1"])
    #expect(told.count == 4)
  }

  @Test("More than can wait is told by its number")
  func whatFindsNoRoom() async throws {
    let told = try await withDesk(gap: .seconds(600)) { desk, _ in
      for number in 1...500 { desk.take(attention("\(number)")) }
    }
    #expect(told.count == 2 && told.map { $0.leftOutBefore + 1 }.reduce(0, +) == 500, "\(told)")
  }
}
