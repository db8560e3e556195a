internal import FilsluseBase
internal import SystemPackage

/// One file that was taken from a watched folder: one order to deliver it, which outlives a crash of this process.
///
/// The order is known by the file's name in `.taken`: a mark that is drawn once, then the file's own name. A delivery
/// that the journal has for this path belongs to this order; one for the same content from another path belongs to
/// another.
struct TakenFile: Sendable, Hashable {
  /// The mark: greater for each file that is taken later, and never drawn twice.
  let mark: String
  /// The file's own name in the watched folder.
  let name: String

  /// The time at which it was taken, by this machine's clock.
  var takenAt: Timestamp { Timestamp(millisecondsSince1970: Int64(Marks.moment(of: mark))) }

  /// Its name in `.taken`.
  var nameInTaken: String { "\(mark)~\(name)" }
  /// Its path in the journal. A mark is unique, so this finds its delivery even if the watched folder is moved, reached
  /// by another path, or used by a route with another name.
  var journalPath: String { Self.subfolder + nameInTaken }
  private static let subfolder = ".taken/"

  /// Returns the range of ``journalPath`` for files taken with a mark, whatever their names.
  static func journalPaths(takenAs mark: String) -> Range<String> {
    "\(subfolder)\(mark)~"..<"\(subfolder)\(mark)\u{7F}"
  }

  /// Reads a path in the journal; `nil` for a file from no watched folder.
  init?(journalPath: String) {
    guard journalPath.utf8.starts(with: Self.subfolder.utf8) else { return nil }
    self.init(nameInTaken: Array(journalPath.utf8.dropFirst(Self.subfolder.utf8.count)))
  }

  /// The name in `.taken` of its ready-marker, which is moved there before the file itself.
  var markerName: String { "\(mark)!\(name)" }

  /// The longest name that still fits beside a mark.
  static let longestName = 255 - markLength - 1
  private static let markLength = 10
  /// In the order of ASCII, so that marks sort by their time.
  private static let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)

  init(mark: String, name: String) {
    self.mark = mark
    self.name = name
  }

  /// Reads a name in `.taken`; `nil` for a foreign one.
  init?(nameInTaken bytes: [UInt8]) { self.init(bytes, separator: UInt8(ascii: "~")) }

  /// Reads the name of a ready-marker in `.taken`.
  init?(markerName bytes: [UInt8]) { self.init(bytes, separator: UInt8(ascii: "!")) }

  private init?(_ bytes: [UInt8], separator: UInt8) {
    guard bytes.count > Self.markLength + 1, bytes[Self.markLength] == separator,
      bytes.prefix(Self.markLength).allSatisfy(Self.alphabet.contains),
      let name = String(validating: bytes.dropFirst(Self.markLength + 1), as: UTF8.self)
    else { return nil }
    self.init(mark: String(decoding: bytes.prefix(Self.markLength), as: UTF8.self), name: name)
  }

  /// Draws marks, each greater than the one before, whatever the clock does.
  struct Marks: Sendable {
    private var last: UInt64 = 0

    mutating func next(at now: Timestamp) -> String {
      last = max(last + 1, UInt64(max(0, now.millisecondsSince1970)))
      var rest = last << 18 | UInt64.random(in: 0..<(1 << 18))
      var digits: [UInt8] = []
      for _ in 0..<TakenFile.markLength {
        digits.append(TakenFile.alphabet[Int(rest & 63)])
        rest >>= 6
      }
      return String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// Goes on after a mark that an earlier process drew.
    mutating func resume(after mark: String) { last = max(last, Self.moment(of: mark)) }

    /// The milliseconds since 1970 that a mark was drawn at, or a little more.
    fileprivate static func moment(of mark: String) -> UInt64 {
      mark.utf8.reduce(UInt64(0)) { $0 << 6 | UInt64(TakenFile.alphabet.firstIndex(of: $1) ?? 0) } >> 18
    }
  }
}
