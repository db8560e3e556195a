import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct FullDiskTests {
  /// Whether file systems can be mounted here: it takes root, and not every container allows it.
  private static let canMount: Bool = {
    guard geteuid() == 0,
      let folder = try? FileManager.default.url(
        for: .itemReplacementDirectory, in: .userDomainMask, appropriateFor: URL(filePath: "/tmp"), create: true)
    else { return false }
    defer { try? FileManager.default.removeItem(at: folder) }
    guard (try? run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.path)) == 0 else { return false }
    return (try? run("umount", folder.path)) == 0
  }()

  private static func run(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(.enabled(if: canMount, "mounting a small file system takes root"))
  func nothingThatWasConfirmedIsLostAndItGoesOnWhenThereIsRoom() async throws {
    try await withScratchFolder { folder in
      let disk = folder.appending("disk")
      try FileManager.default.createDirectory(atPath: disk.string, withIntermediateDirectories: false)
      #expect(try Self.run("mount", "-t", "tmpfs", "-o", "size=6m", "none", disk.string) == 0)
      do {
        let path = disk.appending("journal.sqlite")
        let ballast = disk.appending("ballast")
        try Data(count: 3_000_000).write(to: URL(filePath: ballast.string))
        let journal = try await Journal.open(path)
        var confirmed = 0
        var failure: ExchangeError?
        while failure == nil {
          do {
            try await JournalForms.add(.accepted, to: journal, named: "fil \(confirmed)")
            confirmed += 1
          } catch let error as ExchangeError {
            failure = error
          }
        }
        #expect(
          failure?.code == .journal && failure?.remedy.contains("make room") == true, "\(String(describing: failure))")
        #expect(confirmed > 0)
        // It stays so, for everybody, and what is there can still be read.
        await #expect(throws: ExchangeError.self) {
          for number in 0..<50 { try await JournalForms.add(.accepted, to: journal, named: "mere \(number)") }
        }
        let accepted = try await journal.deliveries().filter { $0.state == .accepted }
        #expect(accepted.count >= confirmed)

        try FileManager.default.removeItem(atPath: ballast.string)
        try await JournalForms.add(.accepted, to: journal, named: "nu")
        #expect(try await journal.check() == [])
        try await journal.close()
      }
      #expect(try Self.run("umount", "--lazy", disk.string) == 0)
    }
  }
}
