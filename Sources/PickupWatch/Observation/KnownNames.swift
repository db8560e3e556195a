internal import FilsluseBase

/// The files of an inbox as they were when a look began, so that an unchanged listing entry needs no question to the
/// database. It takes 24 to 48 bytes a file, whatever the length of the names.
///
/// A file is identified by 64 bits of a keyed hash of its place, name, size and time stamp. The key is a secret of the
/// process, so no attacker can choose names that collide.
struct KnownNames: Sendable {
  /// One of the two files of an observed file.
  struct PartID: Sendable, Hashable {
    fileprivate let number: Int64

    init(_ id: Int64, _ part: ListingEntry.Part) { number = id << 1 | (part == .sidecar ? 1 : 0) }

    fileprivate init(number: Int64) { self.number = number }

    /// The store's number of the observed file.
    var id: Int64 { number >> 1 }
    /// The one of the two files.
    var part: ListingEntry.Part { number & 1 == 1 ? .sidecar : .data }
  }

  /// 16 bytes; a free one holds no number, and numbers of observed files begin with 1.
  private struct Slot {
    var hash: UInt64 = 0
    private var bits: Int64 = 0

    init() {}

    init(hash: UInt64, _ part: PartID) {
      self.hash = hash
      bits = part.number << 1
    }

    var isFree: Bool { bits == 0 }
    var part: PartID { PartID(number: bits >> 1) }
    var isShown: Bool { bits & 1 == 1 }

    mutating func show() { bits |= 1 }
  }

  private var slots: [Slot]
  private var count = 0

  /// The highest id of an observed file here: files with a higher one came later.
  private(set) var lastID: Int64 = 0

  init() { slots = Array(repeating: Slot(), count: 16) }

  /// Adds a file that lay there at the last look.
  mutating func add(_ part: PartID, hash: UInt64) {
    if (count + 1) * 3 > slots.count * 2 { grow() }
    place(Slot(hash: hash, part))
    count += 1
    lastID = max(lastID, part.id)
  }

  /// Returns true if a listing entry is known; it is then counted as shown.
  mutating func isKnown(_ hash: UInt64) -> Bool {
    var index = start(of: hash)
    while !slots[index].isFree {
      if slots[index].hash == hash {
        slots[index].show()
        return true
      }
      index = (index + 1) & (slots.count - 1)
    }
    return false
  }

  /// The files that no listing has shown unchanged.
  var unshown: [PartID] { slots.filter { !$0.isFree && !$0.isShown }.map(\.part) }

  private func start(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count - 1) }

  private mutating func place(_ slot: Slot) {
    var index = start(of: slot.hash)
    while !slots[index].isFree { index = (index + 1) & (slots.count - 1) }
    slots[index] = slot
  }

  private mutating func grow() {
    let full = slots
    slots = Array(repeating: Slot(), count: full.count * 2)
    for slot in full where !slot.isFree { place(slot) }
  }

  /// Returns the hash that identifies a file.
  static func hash(
    place: Int, part: ListingEntry.Part, name: UnsafeRawBufferPointer, size: Int64?, modified: Int64?
  ) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(place << 2 | part.rawValue)
    hasher.combine(size)
    hasher.combine(modified)
    hasher.combine(bytes: name)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
