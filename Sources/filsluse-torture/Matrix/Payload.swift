import FoundationEssentials
import SystemPackage

/// The files of one round: their names belong to no other round, and their content follows from their names.
struct Payload: Sendable {
  let prefix: String
  let names: [String]
  private let sizes: [Int]

  /// An empty file, small ones, one with Danish letters in its name, and one that takes a while on its way.
  ///
  /// - Parameter largest: about the size in bytes of the last one.
  init(worker: Int, round: Int, isEmpty: Bool = false, largest: Int = 200_000) {
    let prefix = "l\(worker)r\(round)-"
    self.prefix = prefix
    names = isEmpty ? [] : ["tom.csv", "udtræk æøå.csv", "0101 (1).xml", "stor.bin"].map { prefix + $0 }
    sizes = [0, 7 + round % 60, 1_500 + round % 1000, largest + 37 * (round % 1000)]
  }

  /// The content of one of the files.
  func content(of name: String) -> Data {
    guard let index = names.firstIndex(of: name) else { return Data() }
    // FNV-1a of the name seeds SplitMix64.
    var state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let words = (sizes[index] + 7) / 8
    let bytes = [UInt64](unsafeUninitializedCapacity: words) { buffer, count in
      for place in 0..<words {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        buffer[place] = mixed ^ (mixed >> 31)
      }
      count = words
    }
    return bytes.withUnsafeBytes { Data($0.prefix(sizes[index])) }
  }

  /// Writes the files where the sender has them.
  func write(to folder: FilePath) throws {
    for name in names { try content(of: name).write(to: URL(filePath: folder.appending(name).string)) }
  }

  func remove(from folder: FilePath) throws {
    for name in names { try FileManager.default.removeItem(atPath: folder.appending(name).string) }
  }
}
