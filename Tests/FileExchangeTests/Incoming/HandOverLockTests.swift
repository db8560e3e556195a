import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct HandOverLockTests {
  /// The program itself holds the lock, not the process that started it.
  @Test("a program holds the lock as long as it runs")
  func aProgramHoldsTheLockAsLongAsItRuns() async throws {
    try await withScratchFolder { folder in
      let journal = folder.appending("journal.sqlite")
      var hold: HandOverLock? = try HandOverLock(on: 5, beside: journal)
      let descriptor = dup(try #require(hold).fileDescriptor)
      // As if this process were killed: nothing unlocks, and the descriptors are just closed.
      let program = Program(
        arguments: [
          "/bin/sh", "-c", "echo >\"$0/runs\"; while ! test -e \"$0/over\"; do sleep 0.05; done", folder.string,
        ],
        timeout: .seconds(120), held: descriptor)
      async let report = program.run()
      while !FileManager.default.fileExists(atPath: folder.appending("runs").string) {
        try await Task.sleep(for: .milliseconds(10))
      }
      close(descriptor)
      #expect(try HandOverLock(on: 5, beside: journal) == nil)
      try Data().write(to: URL(filePath: folder.appending("over").string))
      #expect(await report.isSuccess)
      hold = nil
      #expect(try HandOverLock(on: 5, beside: journal) != nil)
    }
  }
}
