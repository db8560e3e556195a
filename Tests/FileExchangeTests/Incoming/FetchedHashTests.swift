import FilsluseBase
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// The hash of a file that follows it while it is fetched.
@Suite(.timeLimit(.minutes(25))) struct FetchedHashTests {
  private func withFile(_ body: (LocalFile, FetchedHash) async throws -> Void) async throws {
    try await withScratchFolder { path in
      let folder = try LocalFolder(creating: path.appending("folder"))
      let file = try LocalFile("a.part", in: folder, flags: O_RDWR | O_CREAT | O_EXCL)
      try await body(file, FetchedHash(of: file))
    }
  }

  private static func content(_ count: Int, _ seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ seed) }
  }

  /// Writes a file in pieces and has the hash follow it.
  private func write(_ content: [UInt8], to file: LocalFile, _ hash: FetchedHash) throws {
    for start in stride(from: 0, to: content.count, by: 300_000) {
      let end = min(start + 300_000, content.count)
      try file.write(Array(content[start..<end]), at: UInt64(start))
      hash.follow(to: UInt64(end))
    }
  }

  @Test("is that of the whole file, however far it has followed", arguments: [0, 1, 1_000_000, 1 << 20, 3_500_001])
  func wholeFile(count: Int) async throws {
    try await withFile { file, hash in
      let content = Self.content(count, 1)
      try write(content, to: file, hash)
      let (size, sha256) = try await hash.digest()
      #expect(size == UInt64(count) && sha256 == SHA256.digest(of: content))
    }
  }

  @Test("begins again with a file that is fetched from its first byte once more")
  func secondFetch() async throws {
    try await withFile { file, hash in
      try write(Self.content(3_500_000, 1), to: file, hash)
      await hash.reset()
      try file.truncate(to: 0)
      let content = Self.content(2_500_000, 2)
      try write(content, to: file, hash)
      let (size, sha256) = try await hash.digest()
      #expect(size == UInt64(content.count) && sha256 == SHA256.digest(of: content))
    }
  }

  @Test("is that of the file as it is, where it has become shorter")
  func shorterFile() async throws {
    try await withFile { file, hash in
      let content = Self.content(3_500_000, 1)
      try write(content, to: file, hash)
      _ = try await hash.digest()
      try file.truncate(to: 1_200_000)
      let (size, sha256) = try await hash.digest()
      #expect(size == 1_200_000 && sha256 == SHA256.digest(of: Array(content.prefix(1_200_000))))
    }
  }
}
