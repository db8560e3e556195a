/// Words that reveal an order form, found in one pass through a text.
struct FormWords {
  static let words = [
    "bestil", "order form", "order of", "formular", "blanket", "tfh2", "tf106", "tf111", "overvåg", "overva\u{30A}g",
    "overvaag", "monitoring", "afhentning",
  ]

  /// The words by the letter that they begin with, in either case, as bytes.
  private static let byFirst: [[[UInt8]]] = (0..<256).map { first in
    words.map { Array($0.utf8) }.filter { Int($0[0]) == first | 0x20 && first & 0x40 != 0 }
  }
  private static let begins: [Bool] = byFirst.map { !$0.isEmpty }

  private let bytes: UnsafeRawBufferPointer
  private var at = 0
  /// The positions of words near enough to matter for a later place.
  private var found: [Range<Int>] = []

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Returns true if a word of the form is within the distance that ``OrderForm`` searches. Call it with ascending
  /// places.
  mutating func stand(around place: Int) -> Bool {
    let near = OrderForm.surroundings(of: place, in: bytes)
    at = max(at, near.lowerBound)
    while at < near.upperBound {
      if Self.begins[Int(bytes[at])], let word = word(at: at) { found.append(at..<at + word.count) }
      at += 1
    }
    found.removeAll { $0.lowerBound < near.lowerBound }
    return found.contains { $0.upperBound <= near.upperBound }
  }

  private func word(at start: Int) -> [UInt8]? {
    Self.byFirst[Int(bytes[start])].first { word in
      guard start + word.count <= bytes.count else { return false }
      return word.indices.allSatisfy { Self.isSame(bytes[start + $0], word[$0]) }
    }
  }

  /// Returns true if two bytes are the same letter in either case; of `å` the second byte differs by the same bit.
  private static func isSame(_ byte: UInt8, _ letter: UInt8) -> Bool {
    byte == letter || (byte | 0x20 == letter && (byte & 0x40 != 0 || byte == 0x85))
  }
}
