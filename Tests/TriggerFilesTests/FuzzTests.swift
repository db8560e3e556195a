import SeededNumbers
import Foundation
import Testing
import TriggerFiles

/// Mutated documents through the reader: no crash, no hang, no growth. `Scripts/fuzz` runs a million.
@Suite(.timeLimit(.minutes(60))) struct FuzzTests {
  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test("mutated documents do not hurt")
  func mutatedDocumentsDoNotHurt() throws {
    let count = Self.setting("FILSLUSE_FUZZ_INPUTS") ?? 5_000
    let seed = Self.setting("FILSLUSE_FUZZ_SEED") ?? 20_261_121
    var mutator = Mutator(seeds: try Self.seeds(), random: SeededGenerator(seed: seed))
    var taken = 0
    var slowest = Duration.zero
    let clock = ContinuousClock()
    let start = clock.now
    var memoryAtStart = 0
    for number in 0..<count {
      if number == min(1_000, count / 2) { memoryAtStart = Self.residentBytes() }
      let input = mutator.next()
      var inspection: Inspection?
      slowest = max(slowest, clock.measure { inspection = Document.inspect(input) })
      guard let document = inspection?.document else {
        #expect(inspection?.diagnostics.isEmpty == false)
        continue
      }
      taken += 1
      #expect((try? Document(reading: document.xml())) == document, "seed \(seed), input \(number)")
    }
    let growth = Self.residentBytes() - memoryAtStart
    #expect(slowest < .seconds(5))
    // Other tests run in this process too, unless only this one was asked for.
    if Self.setting("FILSLUSE_FUZZ_INPUTS") != nil {
      #expect(growth < 32 << 20)
      print(
        "seed \(seed): \(count) inputs, \(taken) taken, \(clock.now - start), slowest \(slowest), \(growth >> 10) KiB more"
      )
    }
  }

  /// The samples, good and bad, and what we write ourselves in two encodings.
  private static func seeds() throws -> [[UInt8]] {
    let samples = try (Repository.samples("valid") + Repository.samples("invalid")).map { try $0.bytes() }
    let written = try Examples.documents().map { $0.xml() }
    let wide = try written.prefix(3).map { document in
      let text = String(decoding: document, as: UTF8.self).replacingOccurrences(of: "UTF-8", with: "UTF-16")
      return [0xFF, 0xFE] + Array(try #require(text.data(using: .utf16LittleEndian)))
    }
    return samples + written + wide
  }

  private static func residentBytes() -> Int {
    let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * 4096
  }
}
