import FilsluseSFTP
import PlatformFixture
import Testing

/// Several small files read together, whatever a listing said of them.
@Suite struct ListedFileTests {
  @Test("files that are as listed come whole")
  func filesThatAreAsListedComeWhole() async throws {
    try await withTestClient { client, server in
      let contents = (0..<40).map { Noise.bytes($0 * 100, seed: UInt64($0)) }
      for (number, bytes) in contents.enumerated() { try await client.write(bytes, to: RemotePath("OUT/\(number)")) }
      let files = contents.enumerated().map { ListedFile(path: RemotePath("OUT/\($0)"), size: UInt64($1.count)) }
      let outcomes = await read(files, limit: 4000, client)
      for (number, bytes) in contents.enumerated() { #expect(try outcomes[number]?.get() == bytes) }
      #expect(outcomes.count == contents.count)
      for number in [0, 20, 39] { try await server.expectClosed("\(number)") }
    }
  }

  /// The size in a listing may be wrong by now, or may never have been right.
  @Test(
    "files that are not as listed come whole too",
    arguments: [nil, 0, 1, 99, 101, 5000, 1 << 20, UInt64.max] as [UInt64?])
  func filesThatAreNotAsListedComeWholeToo(listed: UInt64?) async throws {
    try await withTestClient { client, server in
      let bytes = Noise.bytes(100)
      for name in ["a", "b"] { try await client.write(bytes, to: RemotePath("OUT/\(name)")) }
      let files = [("a", listed), ("b", 100), ("a", listed)].map { ListedFile(path: RemotePath("OUT/\($0)"), size: $1) }
      let outcomes = await read(files, limit: 100, client)
      for index in files.indices { #expect(try outcomes[index]?.get() == bytes) }
      for name in ["a", "b"] { try await server.expectClosed(name) }
    }
  }

  @Test("a file of several answers comes whole")
  func aFileOfSeveralAnswersComesWhole() async throws {
    try await withTestClient { client, _ in
      let bytes = Noise.bytes(200_000)
      try await client.write(bytes, to: "a")
      let sizes: [UInt64?] = [nil, 10, 32 * 1024 - 1, 32 * 1024, 200_000]
      let outcomes = await read(sizes.map { ListedFile(path: "a", size: $0) }, limit: 200_000, client)
      for index in sizes.indices { #expect(try outcomes[index]?.get() == bytes) }
    }
  }

  @Test("reports for each file why it cannot be read")
  func eachNamesWhatKeepsItFromBeingRead() async throws {
    try await withTestClient { client, _ in
      try await client.write([1, 2, 3], to: "OUT/a")
      let files = [("OUT/a", 3), ("OUT/væk_0101851234.csv", 3), ("OUT", 4096), ("OUT/a", 2), ("OUT/a", nil)].map {
        ListedFile(path: RemotePath($0), size: $1)
      }
      // Longer than the folder's own size, which is looked at first.
      let outcomes = await read(files, limit: 1 << 20, client)
      #expect(try outcomes[0]?.get() == [1, 2, 3])
      let gone = await sftpError { _ = try outcomes[1]?.get() }
      #expect(gone?.description == "download OUT/væk_**********.csv: the server answers “No such file” (2)")
      #expect(gone?.path == files[1].path)
      #expect(await sftpError { _ = try outcomes[2]?.get() }?.code == .failure)
      #expect(try outcomes[3]?.get() == [1, 2, 3])
      let short = await read(files, limit: 2, client)
      for index in [0, 3, 4] { #expect(await sftpError { _ = try short[index]?.get() }?.code == .tooLarge) }
    }
  }

  @Test("after the end each fails")
  func afterTheEndEachFails() async throws {
    try await withTestClient { client, _ in
      try await client.write([1], to: "a")
      await client.close()
      let outcomes = await read([ListedFile(path: "a", size: 1), ListedFile(path: "a", size: nil)], limit: 1, client)
      for index in 0..<2 { #expect(await sftpError { _ = try outcomes[index]?.get() }?.code == .connectionClosed) }
    }
  }

  @Test("a cancelled task reads nothing and leaves the connection usable")
  func aCancelledTaskReadsNothingAndLeavesTheConnectionUsable() async throws {
    try await withTestClient { client, server in
      try await client.write([1], to: "OUT/a")
      let files = [ListedFile(path: "OUT/a", size: 1), ListedFile(path: "OUT/a", size: nil)]
      let reading = Task {
        while !Task.isCancelled { await Task.yield() }
        return await read(files, limit: 1, client)
      }
      reading.cancel()
      let outcomes = await reading.value
      for index in 0..<2 { #expect(await sftpError { _ = try outcomes[index]?.get() }?.code == .cancelled) }
      #expect(try await client.read("OUT/a", limit: 1) == [1])
      try await server.expectClosed("a")
    }
  }

  @Test(
    "one file comes whole in spite of a wrong listing, and its failure is reported", arguments: [nil, 3, 0, 2, 40_000])
  func oneFile(listed: UInt64?) async throws {
    try await withTestClient { client, server in
      try await client.write([1, 2, 3], to: "OUT/a")
      #expect(try await client.read(ListedFile(path: "OUT/a", size: listed), limit: 3) == [1, 2, 3])
      try await server.expectClosed("a")
      let short = await sftpError { _ = try await client.read(ListedFile(path: "OUT/a", size: listed), limit: 2) }
      #expect(short?.code == .tooLarge)
      let gone = await sftpError { _ = try await client.read(ListedFile(path: "OUT/b", size: listed), limit: 2) }
      #expect(gone?.code == .noSuchFile && gone?.path == "OUT/b")
    }
  }

  /// The outcome of each file, which must be reported once.
  private func read(
    _ files: [ListedFile], limit: Int, _ client: SFTPClient
  ) async -> [Int: Result<[UInt8], SFTPError>] {
    var outcomes: [Int: Result<[UInt8], SFTPError>] = [:]
    await client.read(files, limit: limit) { index, outcome in
      #expect(outcomes.updateValue(outcome, forKey: index) == nil, "file \(index) is told twice")
    }
    #expect(outcomes.count == files.count)
    return outcomes
  }
}
