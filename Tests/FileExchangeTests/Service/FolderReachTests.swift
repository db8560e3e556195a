import ExchangeSettings
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Watched folders of machines that have a journal at the same time.
@Suite(.timeLimit(.minutes(25))) struct FolderReachTests {
  @Test("the file that says who reaches a folder is read as it was written; one that says nothing names nobody")
  func text() {
    let reaches: [FolderReach] = [.machine(number: "1-2", host: "maskine a"), .shared(number: "3-4")]
    for reach in reaches { #expect(FolderReach(reach.text) == reach) }
    for text in ["", "machine", "shared", "shared 1 2", "x y z"] {
      #expect(FolderReach(text) == .machine(number: "", host: "unknown"))
    }
  }

  @Test("tells network file systems from local ones")
  func networks() {
    for type: UInt32 in [0x6969, 0xFF53_4D42, 0xFE53_4D42] { #expect(OpenedWatchedFolder.isOfNetwork(type)) }
    // ext4, XFS, btrfs, tmpfs, overlayfs.
    for type: UInt32 in [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630] {
      #expect(!OpenedWatchedFolder.isOfNetwork(type))
    }
  }

  @Test(
    "a folder is one machine's, or all machines' where all settings say so; never both",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func neverBoth() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let place = place.forSeveral
      let (one, other) = (try await place.open(), try await place.onAnotherMachine.open())
      let rules = WatchedFolder(path: place.folder.appending("ud"))
      let (ones, others) = (
        try OpenedWatchedFolder(opening: rules, route: "r"), try OpenedWatchedFolder(opening: rules, route: "r")
      )
      let address = try #require(place.address)
      let local = JournalServer(address: address, machines: .several)
      let shared = JournalServer(address: address, machines: .several, outgoingFolders: .shared)
      func isRefused(_ folder: OpenedWatchedFolder, _ server: JournalServer, _ journal: Journal) async -> Bool {
        do throws(ExchangeError) {
          _ = try await folder.requireReach(of: server, journal)
          return false
        } catch {
          return error.code == .localFile && error.path == rules.path.string
        }
      }

      #expect(try await ones.requireReach(of: local, one) == nil)
      #expect(try await ones.requireReach(of: local, one) == nil)
      #expect(await isRefused(others, local, other))
      #expect(await isRefused(others, shared, other))
      #expect(try others.irregularEntries().isEmpty)
      // The machine itself may say otherwise; then the other one must say so too.
      let number = try #require(try await ones.requireReach(of: shared, one))
      #expect(try await others.requireReach(of: shared, other) == number)
      #expect(await isRefused(others, local, other))

      // One machine at a time takes files, and another one when that is gone.
      #expect(try await one.takeTurn(.folder(number), for: .seconds(60)))
      #expect(try await !other.takeTurn(.folder(number), for: .seconds(60)))
      try await one.close()
      #expect(try await other.takeTurn(.folder(number), for: .seconds(60)))
      // One machine alone has what it finds, and a folder of a machine that is gone is free.
      #expect(try await others.requireReach(of: JournalServer(address: address), other) == nil)
      #expect(try await others.requireReach(of: local, other) == nil)
      try await other.close()
      let again = try await place.open()
      #expect(try await ones.requireReach(of: local, again) == nil)
      try await again.close()
    }
  }
}
