import FilsluseSFTP
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

/// Transfers with a server that differs from OpenSSH where the protocol leaves it free.
@Suite(.timeLimit(.minutes(25))) struct UnusualServerTests {
  private func withServer(
    _ change: (inout AsyncSSHServer.Ways) -> Void,
    _ body: @escaping @Sendable (SFTPEndpoint, AsyncSSHServer) async throws -> Void
  ) async throws {
    var ways = AsyncSSHServer.Ways()
    change(&ways)
    try await withScratchFolder { [ways] folder in
      try await AsyncSSHServer.run(ways, in: folder) { server in
        let endpoint = SFTPEndpoint(
          host: "127.0.0.1", port: server.port, user: "flis",
          hostKeys: .pinned([server.fingerprint]), identity: .keyFile(server.keyFile))
        try await body(endpoint, server)
      }
    }
  }

  /// A stall lasts until the idle deadline of 30 s; with one in each window the upload takes many minutes.
  @Test("uploads through a small receive window without a pause", arguments: [24 << 10, 64 << 10, 128 << 10])
  func smallWindow(bytes: Int) async throws {
    try await withServer({ $0.window = bytes }) { endpoint, server in
      let content = Noise.bytes(8 << 20)
      var endpoint = endpoint
      endpoint.deadlines.reply = .seconds(600)
      endpoint.deadlines.noProgress = .seconds(600)
      endpoint.deadlines.idlePing = .seconds(600)
      try await withSFTPClient(endpoint, logger: quiet) { client in
        _ = try await client.upload(BytesSource(content), to: "OUT/large")
      }
      let arrived = try Data(contentsOf: URL(filePath: server.folder.appending("OUT/large").string))
      #expect(arrived.elementsEqual(content))
    }
  }
}

extension UnusualServerTests {
  @Test("checks an upload's size by STAT, and reads to the end, where FSTAT is refused", arguments: [2, 3, 4, 8, 9])
  func withoutFSTAT(status: Int) async throws {
    try await withServer({ $0.statusOfFSTAT = status }) { endpoint, server in
      let content = Noise.bytes(300_001)
      try await withSFTPClient(endpoint, logger: quiet) { client in
        _ = try await client.upload(BytesSource(content), to: "OUT/æøå.csv")
        let sink = Collector()
        let summary = try await client.download("OUT/æøå.csv", to: sink)
        #expect(sink.bytes == content)
        #expect(summary.attributes.size == 300_001)
      }
    }
  }

  @Test(
    "checks an upload's size by STAT after CLOSE where FSTAT before it gives another one",
    arguments: [0, 300_002] as [UInt64])
  func otherSizeBeforeClose(size: UInt64) async throws {
    try await withServer({ $0.sizeBeforeClose = size }) { endpoint, _ in
      let content = Noise.bytes(300_001)
      try await withSFTPClient(endpoint, logger: quiet) { client in
        _ = try await client.upload(BytesSource(content), to: "OUT/a")
        #expect(try await client.read("OUT/a", limit: content.count) == content)
        // A longer file in its place stays an error.
        try await client.write(content + [0], to: "OUT/longer")
        await expectError(.sizeMismatch) {
          _ = try await client.upload(BytesSource(content), to: "OUT/longer", mode: .resume, resumeAt: 300_000)
        }
      }
    }
  }

  /// OpenSSH's server answers OPEN with “Failure” while it has no descriptor left.
  @Test("sends and reads a hundred files together at a server that has room for about eighteen open ones")
  func fewOpenFiles() async throws {
    let program = "ulimit -n 24; exec /usr/lib/openssh/sftp-server"
    try await withOwnServer(["ForceCommand exec /bin/sh -c \"\(program)\""]) { _, endpoint in
      try await withSFTPClient(endpoint, logger: quiet) { client in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<UInt8(100) {
            group.addTask { try await client.write([number], to: RemotePath("fil-\(number)")) }
          }
          try await group.waitForAll()
        }
        let read = try await withThrowingTaskGroup(of: [UInt8].self) { group in
          for number in 0..<UInt8(100) {
            let file = ListedFile(path: RemotePath("fil-\(number)"), size: number % 2 == 0 ? 1 : nil)
            group.addTask { try await client.read(file, limit: 1) }
          }
          return try await group.reduce(into: Set<UInt8>()) { $0.formUnion($1) }
        }
        #expect(read == Set(0..<100))
      }
    }
  }

  @Test("takes a missing file for missing, however the server answers", arguments: [2, 4, 10, 19])
  func missingFile(status: Int) async throws {
    try await withServer({ $0.statusOfMissing = status }) { endpoint, server in
      try "x".write(toFile: server.folder.appending("OUT/there").string, atomically: true, encoding: .utf8)
      try await withSFTPClient(endpoint, logger: quiet) { client in
        let there = try await client.attributesIfPresent(of: "OUT/there")
        #expect(there?.size == 1)
        let away = try await client.attributesIfPresent(of: "OUT/away")
        #expect(away == nil)
        let all = try await client.attributesIfPresent(of: ["OUT/there", "OUT/away", "NONE/away"])
        #expect(all.map { $0?.size } == [1, nil, nil])
        await expectError(.noSuchFile) { try await client.remove("OUT/away") }
        let failures = try await client.remove(["OUT/there", "OUT/away"])
        #expect(failures.mapValues(\.code) == [1: .noSuchFile])
        await expectError(.noSuchFile) { _ = try await client.download("OUT/away", to: Collector()) }
        await expectError(.noSuchFile) {
          _ = try await client.read(ListedFile(path: "OUT/away", size: 1), limit: 1)
        }
      }
    }
  }

  @Test(
    "names a refused resumption, after which the connection takes the file from the first byte on",
    arguments: [3, 4, 8])
  func writesInSequence(status: Int) async throws {
    try await withServer({ ways in
      ways.writesInSequence = true
      ways.statusOfOtherWrites = status
    }) { endpoint, server in
      let content = Noise.bytes(200_000)
      try Data(content[..<100_000]).write(to: URL(filePath: server.folder.appending("OUT/part").string))
      try await withSFTPClient(endpoint, logger: quiet) { client in
        #expect(client.canResumeUploads)
        await expectError(.resumeRefused) {
          _ = try await client.upload(BytesSource(content), to: "OUT/part", mode: .resume, resumeAt: 50_000)
        }
        #expect(!client.canResumeUploads)
        _ = try await client.upload(BytesSource(content), to: "OUT/part")
      }
      #expect(try Data(contentsOf: URL(filePath: server.folder.appending("OUT/part").string)).elementsEqual(content))
    }
  }

  @Test("says of a user without SFTP that the server does not offer it")
  func withoutSFTP() async throws {
    try await withServer({ $0.offersSFTP = false }) { endpoint, _ in
      let error = await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
      #expect(error?.code == .noSFTP && error?.isRetriable == false, "\(error as Any)")
      #expect(error?.endsConnection == true)
    }
  }

  @Test("names an empty line that comes before SFTP")
  func emptyLineBeforeSFTP() async throws {
    try await withOwnServer(["ForceCommand exec /bin/sh -c \"echo; exec /usr/lib/openssh/sftp-server\""]) {
      _, endpoint in
      let error = await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
      #expect(error?.code == .protocolViolation && error?.message.contains("an empty line") == true, "\(error as Any)")
      #expect(error?.inDanish.contains("begynder med en tom linje i stedet for SFTP") == true, "\(error as Any)")
    }
  }

  @Test(
    "shows text that comes instead of SFTP, with what to do",
    arguments: [
      ("printf '\\nVelkommen til FLIS\\n'; cat > /dev/null", "“Velkommen til FLIS”"),
      // In pieces, with an escape.
      (
        "printf '\\033[31m\\303'; sleep 0.2; printf '\\205b'; sleep 0.2; printf 'en\\n'; cat > /dev/null",
        "“\\x1b[31mÅben”"
      ),
      // Without an end of line, before the session ends.
      ("printf 'no shell'; sleep 0.3", "“no shell”"),
      // Without an end of line, before a session that would begin.
      ("printf 'hej '; exec /usr/lib/openssh/sftp-server", "“hej ”"),
      ("head -c 100000 /dev/zero | tr '\\0' x; cat > /dev/null", "“\(String(repeating: "x", count: 256))”"),
    ])
  func textInsteadOfSFTP(program: String, words: String) async throws {
    try await withOwnServer(["ForceCommand exec /bin/sh -c \"\(program)\""]) { _, endpoint in
      let error = await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
      #expect(error?.code == .protocolViolation && error?.description.contains(words) == true, "\(error as Any)")
      #expect(error?.description.contains("login script") == true)
      let danish = words.replacing("“", with: "„").replacing("”", with: "“")
      #expect(error?.inDanish.contains("begynder med teksten \(danish) i stedet for SFTP") == true, "\(error as Any)")
    }
  }
}
