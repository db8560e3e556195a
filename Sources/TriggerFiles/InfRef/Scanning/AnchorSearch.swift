/// Finds the few letters that give away an InfRef-like name, in whatever case, without looking at most bytes.
///
/// The search of Wu and Manber: a window of four bytes moves on by as many as its last two allow, mostly three.
struct AnchorSearch {
  /// Four letters each. A name with a break in it, as at the end of a printed line, still has one of them whole.
  enum Anchor: String, CaseIterable {
    /// in *InfRef*
    case label = "nfre"
    /// in *Sortiment* and *SortimentOverfør*
    case sortiment = "rtim"
    case overfor = "ntov"
    /// in *Fagsystemdefinerede*
    case fagsystem = "mdef"
    case gdpr, gpdr
  }

  private static let window = 4
  /// The distance that the window may move, by the lowest five bits of its last two bytes, which are the same in either
  /// case.
  private static let moves: [UInt8] = {
    var moves = [UInt8](repeating: UInt8(window - 1), count: 1 << 10)
    for anchor in Anchor.allCases {
      let bytes = Array(anchor.rawValue.utf8)
      for last in 1..<window {
        let key = AnchorSearch.key(bytes[last - 1], bytes[last])
        moves[key] = min(moves[key], UInt8(window - 1 - last))
      }
    }
    return moves
  }()
  private static let words: [(word: UInt32, anchor: Anchor)] = Anchor.allCases.map { anchor in
    (Array(anchor.rawValue.utf8).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }, anchor)
  }

  private static func key(_ one: UInt8, _ other: UInt8) -> Int { Int(one & 31) << 5 | Int(other & 31) }

  /// Calls `found` with each place of an anchor; `found` returns the place to go on from.
  static func forEach(in bytes: UnsafeRawBufferPointer, _ found: (Anchor, Int) -> Int) {
    moves.withUnsafeBufferPointer { moves in
      var last = window - 1
      while last < bytes.count {
        let move = Int(moves[key(bytes[last - 1], bytes[last])])
        guard move == 0 else {
          last += move
          continue
        }
        let start = last - (window - 1)
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self) | 0x2020_2020
        if let match = words.first(where: { $0.word == word }) {
          last = max(found(match.anchor, start), start + 1) + window - 1
        } else {
          last += 1
        }
      }
    }
  }
}
