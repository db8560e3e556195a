import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct FullDiskTests {
  @Test(
    "loses no confirmed entry, and goes on when there is room",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"))
  func nothingThatWasConfirmedIsLostAndItGoesOnWhenThereIsRoom() async throws {
    try await withScratchFolder { folder in
      try await SmallDisk.with(bytes: 6 << 20, in: folder) { disk in
        let path = disk.folder.appending("journal.sqlite")
        try Data(count: 3_000_000).write(to: URL(filePath: disk.ballast.string))
        let journal = try await Journal.open(path)
        var confirmed = 0
        var failure: ExchangeError?
        while failure == nil {
          do {
            try await SampleJournal.add(.accepted, to: journal, named: "fil \(confirmed)")
            confirmed += 1
          } catch let error as ExchangeError {
            failure = error
          }
        }
        #expect(
          failure?.code == .journalFull && failure?.remedy.description.contains("make room") == true,
          "\(String(describing: failure))")
        #expect(confirmed > 0)
        // The refusal lasts for every writer, and the entries can still be read.
        await #expect(throws: ExchangeError.self) {
          for number in 0..<50 { try await SampleJournal.add(.accepted, to: journal, named: "mere \(number)") }
        }
        let accepted = try await journal.deliveries().filter { $0.state == .accepted }
        #expect(accepted.count >= confirmed)

        try disk.makeRoom()
        try await SampleJournal.add(.accepted, to: journal, named: "nu")
        #expect(try await journal.check() == [])
        try await journal.close()
      }
    }
  }
}
