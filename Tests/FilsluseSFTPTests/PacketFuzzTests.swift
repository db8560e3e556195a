import FilsluseBase
import Foundation
import SeededNumbers
import Testing

@testable import FilsluseSFTP

/// Mutated packets through the codec and the engine. `Scripts/fuzz` runs a million.
@Suite(.timeLimit(.minutes(60))) struct PacketFuzzTests {
  private static let seeds: [[UInt8]] = [
    [101, 0, 0, 0, 1, 0, 0, 0, 2] + string("No such file") + string("en"),
    [102, 0, 0, 0, 1] + string("handle"), [103, 0, 0, 0, 1] + string("some data"),
    // Without type bits, so that the line is read too.
    [104, 0, 0, 0, 1, 0, 0, 0, 1] + string("name") + string("drwxr-x--- 2 flis flis 4096 Nov 29 02:10 name")
      + [0x80, 0, 0, 0x0D] + [UInt8](repeating: 0, count: 23) + [1] + string("k") + string("v"),
    [105, 0, 0, 0, 1, 0, 0, 0, 0x0F] + [UInt8](repeating: 7, count: 28),
    // EXTENDED_REPLY: the eleven numbers that answer statvfs@openssh.com. It is the one answer whose layout depends on
    // the request, and its numbers are multiplied: a mutation makes products beyond 64 bits.
    [201, 0, 0, 0, 1] + [UInt8](repeating: 7, count: 88),
    [2, 0, 0, 0, 3] + string("posix-rename@openssh.com") + string("1"),
  ]

  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("a mutated packet is read or refused as malformed, and never crashes the codec or the engine")
  func mutatedPackets() async throws {
    let count = Self.setting("FILSLUSE_FUZZ_INPUTS") ?? 60_000
    let seed = Self.setting("FILSLUSE_FUZZ_SEED") ?? 20_261_121
    try await BlockingThreads.shared.run {
      var noise = SeededGenerator(seed: seed)
      var (understood, taken, refused) = (0, 0, 0)
      var engine = try Self.openEngine()
      for round in 0..<count {
        let packet = Self.mutate(Self.seeds[Int(round) % Self.seeds.count], with: &noise)
        if (try? Reply.read(packet)) != nil { understood += 1 }
        if (try? ServerHello(packet: packet)) != nil { understood += 1 }
        do {
          try Self.feed(packet, to: engine, with: &noise)
          taken += 1
        } catch let error as SFTPError {
          refused += 1
          #expect(error.code == .protocolViolation && error.endsConnection, "seed \(seed), packet \(round): \(error)")
          engine = try Self.openEngine()
        }
      }
      #expect(
        understood > count / 60 && taken > count / 60 && refused > count / 60, "\(understood) \(taken) \(refused)")
      if Self.setting("FILSLUSE_FUZZ_INPUTS") != nil {
        print("seed \(seed): \(count) packets, \(taken) taken by an engine, \(refused) refused")
      }
    }
  }

  private static func mutate(_ seed: [UInt8], with noise: inout SeededGenerator) -> [UInt8] {
    var packet = seed
    for _ in 0..<Int.random(in: 0...4, using: &noise) {
      switch Int.random(in: 0..<4, using: &noise) {
      case 0 where !packet.isEmpty:
        packet[Int.random(in: 0..<packet.count, using: &noise)] = UInt8.random(in: 0...255, using: &noise)
      case 1 where !packet.isEmpty: packet.removeLast(Int.random(in: 1...packet.count, using: &noise))
      case 2:
        packet.insert(UInt8.random(in: 0...255, using: &noise), at: Int.random(in: 0...packet.count, using: &noise))
      default: packet += packet.prefix(Int.random(in: 0...20, using: &noise))
      }
    }
    return packet
  }

  /// An engine after its greeting, with many requests open whose answers were forgotten.
  private static func openEngine() throws -> RequestEngine {
    let engine = RequestEngine(wakeUp: try EventFD())
    var noise = SeededGenerator(seed: 1)
    try feed([2, 0, 0, 0, 3], to: engine, with: &noise)
    for _ in 0..<3 {
      _ = try engine.submit(.open([1], .read, FileAttributes()))
      engine.submitAndForget(.realPath([1]))
    }
    return engine
  }

  /// Feeds a packet in pieces. What the engine writes in answer is taken off it.
  private static func feed(_ packet: [UInt8], to engine: RequestEngine, with noise: inout SeededGenerator) throws {
    var bytes = withUnsafeBytes(of: UInt32(packet.count).bigEndian, Array.init)[...] + packet
    while !bytes.isEmpty {
      let piece = bytes.prefix(Int.random(in: 1...bytes.count, using: &noise))
      bytes = bytes.dropFirst(piece.count)
      let outcome = piece.withUnsafeBytes { bytes in Result { try engine.received(bytes) } }
      engine.wake()
      try outcome.get()
    }
    var outgoing: [UInt8] = []
    engine.takeOutgoing(&outgoing)
  }
}
