import FileExchange
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

@Suite struct WatchLockTests {
  @Test("a second watcher of the same file is refused until the first has ended")
  func aSecondWatcherOfTheSameFileIsRefusedAndMayBeginWhenTheFirstHasEnded() async throws {
    try await withScratchFolder { folder in
      let observedFiles = folder.appending("watch.sqlite")
      var first: WatchLock? = try WatchLock(on: observedFiles)
      #expect(first != nil)
      do throws(ExchangeError) {
        _ = try WatchLock(on: observedFiles)
        Issue.record("two watch with one file")
      } catch {
        #expect(error.code == .watchDatabase && error.description.contains("another watcher is at work"))
      }
      // A descriptor that is closed twice hits another thread's file.
      #expect(countForeignCloses { for _ in 0..<500 { _ = try? WatchLock(on: observedFiles) } } == 0)
      first = nil
      _ = try WatchLock(on: observedFiles)
    }
  }

  @Test("a lock whose file was removed or replaced is not in its place")
  func aLockWhoseFileWasRemovedOrReplacedIsNotInItsPlace() async throws {
    try await withScratchFolder { folder in
      let database = folder.appending("watch.sqlite")
      let lock = try WatchLock(on: database)
      #expect(lock.isInPlace)
      #expect(unlink("\(database).lock") == 0)
      #expect(!lock.isInPlace)
      let other = try WatchLock(on: database)
      #expect(other.isInPlace && !lock.isInPlace)
    }
  }
}
