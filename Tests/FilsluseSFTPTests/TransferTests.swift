import FilsluseSFTP
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@Suite struct TransferTests {
  @Test("comes back byte for byte", arguments: [0, 1, 32_767, 32_768, 32_769, 131_072, 1_000_003])
  func comesBackByteForByte(size: Int) async throws {
    try await withTestClient { client, server in
      let bytes = Noise.bytes(size)
      let sent = try await client.upload(BytesSource(bytes), to: "OUT/data")
      #expect(sent.size == UInt64(size) && sent.bytes == UInt64(size))
      #expect(try Data(contentsOf: URL(filePath: server.outbox.appending("data").string)) == Data(bytes))
      #expect(try await client.read("OUT/data", limit: size) == bytes)
    }
  }

  /// In a process of its own, so that no other test's memory counts.
  @Test("large files take little memory")
  func largeFilesTakeLittleMemory() async throws {
    await #expect(processExitsWith: .success) {
      let size: UInt64 = 300 << 20
      try await withTestClient { client, server in
        let local = server.folder.appending("stor")
        try await withScratchFolder { folder in
          let copy = folder.appending("stor")
          try await client.upload(NoiseSource(size: size), to: "stor")
          try await client.download("stor", to: try await LocalFileSink(copy))
          let peak = residentPeak()
          try #require(peak > 0 && peak < 64 << 20, "\(peak) bytes")
          try #require(FileManager.default.contentsEqual(atPath: local.string, andPath: copy.string))
        }
      }
    }
  }

  @Test("progress only grows and ends at the size")
  func progressOnlyGrowsAndEndsAtTheSize() async throws {
    try await withTestClient { client, _ in
      let heard = Locked<[TransferProgress]>([])
      let bytes = Noise.bytes(500_000)
      try await client.upload(BytesSource(bytes), to: "a") { step in heard.withLock { $0.append(step) } }
      expectSteady(heard.withLock { $0 })
      heard.withLock { $0 = [] }
      try await client.download("a", to: Collector()) { step in heard.withLock { $0.append(step) } }
      expectSteady(heard.withLock { $0 })
    }
  }

  private func expectSteady(_ steps: [TransferProgress]) {
    #expect(steps.map(\.bytes) == steps.map(\.bytes).sorted())
    #expect(steps.last?.bytes == 500_000 && steps.last?.total == 500_000)
  }

  @Test("resumes in both directions")
  func resumesInBothDirections() async throws {
    try await withTestClient { client, _ in
      let bytes = Noise.bytes(300_000)
      try await client.write(Array(bytes[..<100_000]), to: "a")
      let sent = try await client.upload(BytesSource(bytes), to: "a", resumeAt: 100_000)
      #expect(sent.size == 300_000 && sent.bytes == 200_000)
      #expect(try await client.read("a", limit: 300_000) == bytes)
      let sink = Collector()
      let got = try await client.download("a", to: sink, resumeAt: 250_000)
      #expect(got.size == 300_000 && got.bytes == 50_000)
      #expect(sink.bytes == Array(bytes[250_000...]))
    }
  }

  @Test("a longer file in the way of a resumed upload is noticed")
  func aLongerFileInTheWayOfAResumedUploadIsNoticed() async throws {
    try await withTestClient { client, _ in
      try await client.write(Noise.bytes(1000), to: "a")
      let error = await sftpError { try await client.upload(BytesSource(Noise.bytes(900)), to: "a", resumeAt: 500) }
      #expect(error?.code == .sizeMismatch)
    }
  }

  @Test("a source that ends early or fails is no delivery")
  func aSourceThatEndsEarlyOrFailsIsNoDelivery() async throws {
    struct Ending: UploadSource {
      let size: UInt64? = 100_000
      func read(at offset: UInt64, upTo count: Int) -> [UInt8] { offset == 0 ? [1, 2, 3] : [] }
    }
    struct Failing: UploadSource {
      let size: UInt64? = 100_000
      func read(at offset: UInt64, upTo count: Int) throws -> [UInt8] {
        guard offset == 0 else { throw Errno.ioError }
        return [1, 2, 3]
      }
    }
    try await withTestClient { client, _ in
      await expectError(.sizeMismatch) { try await client.upload(Ending(), to: "a") }
      let error = await sftpError { try await client.upload(Failing(), to: "a") }
      #expect(error?.code == .local)
      #expect(error?.cause as? Errno == .ioError)
      let left = try await client.attributes(of: "a")
      #expect(left.size == 3, "what came before the failure is there, and the connection is usable")
    }
  }

  @Test("a source of unknown length is sent to its end")
  func aSourceOfUnknownLengthIsSentToItsEnd() async throws {
    struct Unmeasured: UploadSource {
      let size: UInt64? = nil
      let bytes = Noise.bytes(400_000)
      func read(at offset: UInt64, upTo count: Int) -> [UInt8] {
        Array(bytes[Int(offset)..<min(Int(offset) + count, bytes.count)])
      }
    }
    try await withTestClient { client, _ in
      let source = Unmeasured()
      try await client.upload(source, to: "a")
      #expect(try await client.read("a", limit: 400_000) == source.bytes)
    }
  }

  @Test("says when all of a file is on its way, before the server has confirmed it", arguments: [0, 5, 300_000])
  func allSent(size: Int) async throws {
    try await withTestClient { client, _ in
      let bytes = Noise.bytes(size)
      let confirmed = Locked(0)
      let confirmedThen = Locked<[Int]>([])
      try await client.upload(
        BytesSource(bytes), to: "a",
        allSent: {
          let now = confirmed.withLock { $0 }
          confirmedThen.withLock { $0.append(now) }
        }
      ) { step in confirmed.withLock { $0 = Int(step.bytes) } }
      let then = confirmedThen.withLock { $0 }
      #expect(then.count == 1 && (size == 0 || then[0] < size))
      #expect(confirmed.withLock { $0 } == size)
      #expect(try await client.read("a", limit: size) == bytes)
    }
  }

  @Test("transfers many files at the same time")
  func manyFilesTravelTogether() async throws {
    try await withTestClient { client, _ in
      try await withThrowingTaskGroup { group in
        for number in 0..<300 {
          group.addTask {
            let bytes = Noise.bytes(number * 173, seed: UInt64(number))
            try await client.write(bytes, to: RemotePath("OUT/\(number)"))
            #expect(try await client.read(RemotePath("OUT/\(number)"), limit: 100_000) == bytes)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.list("OUT").count == 300)
    }
  }
}

/// A large file that is never anywhere as a whole.
struct NoiseSource: UploadSource {
  let size: UInt64?

  init(size: UInt64) { self.size = size }

  func read(at offset: UInt64, upTo count: Int) -> [UInt8] { Noise.bytes(count, seed: offset) }
}

/// Keeps what comes, and that it comes in order.
final class Collector: DownloadSink {
  private let held = Locked<[UInt8]>([])

  var bytes: [UInt8] { held.withLock { $0 } }

  func write(_ bytes: [UInt8], at offset: UInt64) { held.withLock { $0 += bytes } }
}

/// The most memory this process has had in use since it was last asked, in bytes.
func residentPeak() -> Int {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kilobytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap({ Int($0) })
  else { return 0 }
  return kilobytes * 1024
}
