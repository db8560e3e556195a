import FilsluseSFTP
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@Suite struct FileVerbTests {
  @Test("writes lists looks reads renames and removes")
  func writesListsLooksReadsRenamesAndRemoves() async throws {
    try await withTestClient { client, _ in
      try await client.write(Array("hej".utf8), to: "OUT/første.txt")
      let entries = try await client.list("OUT")
      #expect(entries.map(\.text) == ["første.txt"])
      #expect(entries.first?.attributes.size == 3)
      #expect(try await client.attributes(of: "OUT/første.txt").isRegularFile)
      #expect(try await client.attributes(of: "OUT").isDirectory)
      #expect(try await client.read("OUT/første.txt", limit: 100) == Array("hej".utf8))
      try await client.rename("OUT/første.txt", to: "OUT/anden.txt")
      #expect(try await client.attributesIfPresent(of: "OUT/første.txt") == nil)
      let several = try await client.attributesIfPresent(of: ["OUT/første.txt", "OUT", "OUT/andet"])
      #expect(several.map { $0 != nil } == [false, true, false])
      try await client.remove("OUT/anden.txt")
      #expect(try await client.list("OUT").isEmpty)
    }
  }

  @Test("lists a thousand names in four round trips: the folder opened, then 3, 6 and 12 answers asked for together")
  func roundTripsOfAListing() async throws {
    let expected = [["OPENDIR"]] + [3, 6, 12].map { Array(repeating: "READDIR", count: $0) }
    try await RoundTripServer.with(expecting: expected) { server in
      for number in 0..<1_000 {
        try Data().write(to: URL(filePath: server.test.inbox.appending("fil-\(number).csv").string))
      }
      try await withSFTPClient(try server.test.endpoint(), logger: quiet) { client in
        let names = try await client.list("IN")
        #expect(names.count == 1_000)
      }
      // What was asked for ahead and the close follow; nothing waits for them.
      #expect(try server.requests().prefix(4) == expected[...])
    }
  }

  @Test("reads a small file of a listed size in two round trips, and writes one in two")
  func roundTripsOfASmallFile() async throws {
    let expected = [["OPEN"], ["CLOSE", "FSTAT", "WRITE"], ["OPEN"], ["READ"]]
    try await RoundTripServer.with(expecting: expected) { server in
      try await withSFTPClient(try server.test.endpoint(), logger: quiet) { client in
        try await client.write([1, 2, 3], to: "OUT/a")
        #expect(try await client.read(ListedFile(path: "OUT/a", size: 3), limit: 100) == [1, 2, 3])
      }
      #expect(try server.requests().prefix(4) == expected[...])
    }
  }

  @Test("makes and removes directories")
  func makesAndRemovesDirectories() async throws {
    try await withTestClient { client, _ in
      try await client.makeDirectory("ny")
      #expect(try await client.attributes(of: "ny").isDirectory)
      await expectError(.failure) { try await client.makeDirectory("ny") }
      try await client.removeDirectory("ny")
      #expect(try await client.attributesIfPresent(of: "ny") == nil)
    }
  }

  @Test("resolves the folder a session begins in")
  func resolvesTheFolderASessionBeginsIn() async throws {
    try await withTestClient { client, server in
      let home = try await client.realPath(".")
      #expect(home.string == server.folder.string)
      let inbox = try await client.realPath("OUT/../IN")
      #expect(inbox == home.appending("IN"))
    }
  }

  @Test("a plain rename never overwrites")
  func aPlainRenameNeverOverwrites() async throws {
    try await withTestClient { client, _ in
      try await client.write([1], to: "a")
      try await client.write([2], to: "b")
      let error = await sftpError { try await client.rename("a", to: "b") }
      #expect(error?.code == .failure)
      #expect(try await client.read("b", limit: 10) == [2])
      #expect(client.canRenameReplacing)
      try await client.renameReplacing("a", to: "b")
      #expect(try await client.read("b", limit: 10) == [1])
    }
  }

  @Test("creating a new file refuses an existing one")
  func createNewRefusesWhatExists() async throws {
    try await withTestClient { client, _ in
      try await client.write([1], to: "a", mode: .createNew)
      await expectError(.failure) { try await client.write([2], to: "a", mode: .createNew) }
      #expect(try await client.read("a", limit: 10) == [1])
    }
  }

  @Test("errors name the operation, the path and the reason")
  func errorsSayWhatWhereAndWhy() async throws {
    try await withTestClient { client, _ in
      let path: RemotePath = "OUT/udtræk_010190-1234.csv"
      let error = await sftpError { try await client.remove(path) }
      #expect(error?.code == .noSuchFile)
      #expect(error?.operation == "remove")
      #expect(error?.path == path)
      #expect(error?.serverStatus == 2)
      // The file may be there at the next run.
      #expect(error?.isRetriable == true && error?.category == .file)
      #expect(error?.description == "remove OUT/udtræk_******-****.csv: the server answers “No such file” (2)")
    }
  }

  @Test("reading keeps to its limit")
  func readingKeepsToItsLimit() async throws {
    try await withTestClient { client, _ in
      try await client.write([UInt8](repeating: 7, count: 100), to: "a")
      #expect(try await client.read("a", limit: 100).count == 100)
      await expectError(.tooLarge) { _ = try await client.read("a", limit: 99) }
    }
  }

  @Test("names are bytes")
  func namesAreBytes() async throws {
    try await withTestClient { client, server in
      let latin1: [UInt8] = Array("OUT/bl".utf8) + [0xE5, 0x62, 0xE6, 0x72] + Array(".txt".utf8)
      try await client.write([1, 2, 3], to: RemotePath(bytes: latin1))
      try await client.write([4], to: "OUT/blåbær.txt")
      let entries = try await client.list("OUT")
      #expect(Set(entries.map(\.name)) == [Array(latin1.dropFirst(4)), Array("blåbær.txt".utf8)])
      #expect(entries.filter { $0.text == nil }.count == 1)
      #expect(RemotePath(bytes: latin1).description == "OUT/bl\\xe5b\\xe6r.txt")
      #expect(try await client.read(RemotePath(bytes: latin1), limit: 10) == [1, 2, 3])
    }
  }

  @Test("a file is read and written at offsets")
  func aFileIsReadAndWrittenAtOffsets() async throws {
    try await withTestClient { client, _ in
      try await client.withFile("a", [.read, .write, .create]) { file in
        let bytes = Noise.bytes(200_000)
        try await file.write(bytes, at: 0)
        try await file.write([9, 9], at: 5)
        #expect(try await file.attributes().size == 200_000)
        #expect(try await file.read(at: 4, count: 4) == [bytes[4], 9, 9, bytes[7]])
        #expect(try await file.read(at: 199_999, count: 100) == [bytes[199_999]])
        #expect(try await file.read(at: 200_000, count: 100).isEmpty)
        try await file.sync()
      }
    }
  }

  @Test("a large folder is listed whole")
  func aLargeFolderIsListedWhole() async throws {
    try await withTestClient { client, server in
      let names = (0..<1234).map { "fil-\($0)" }
      for name in names {
        #expect(FileManager.default.createFile(atPath: server.outbox.appending(name).string, contents: nil))
      }
      let entries = try await client.list("OUT")
      #expect(Set(entries.compactMap(\.text)) == Set(names))
      #expect(entries.count == names.count)
    }
  }

  @Test("a symbolic link is seen as one in a listing")
  func aSymbolicLinkIsSeenAsOneInAListing() async throws {
    try await withTestClient { client, server in
      #expect(symlink("IN", server.folder.appending("genvej").string) == 0)
      let entry = try #require(try await client.list(".").first { $0.text == "genvej" })
      #expect(entry.attributes.isSymbolicLink)
      #expect(try await client.attributes(of: "genvej").isDirectory)
    }
  }
}
