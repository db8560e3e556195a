import Glibc

/// A moment in UTC, to the millisecond.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let millisecondsSince1970: Int64

  /// The moment that many milliseconds after 1970-01-01T00:00:00Z.
  public init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

  /// The moment that many seconds after 1970-01-01T00:00:00Z, as file systems and SFTP count them.
  public init(secondsSince1970: Int64) { millisecondsSince1970 = secondsSince1970 * 1000 }

  /// This moment, by the system's clock.
  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSince1970: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The time from another moment to this one; negative when this one is earlier.
  public func since(_ other: Timestamp) -> Duration {
    .milliseconds(millisecondsSince1970 - other.millisecondsSince1970)
  }

  /// Returns the moment that is earlier by a duration.
  public func earlier(by duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    return Timestamp(
      millisecondsSince1970: millisecondsSince1970 - seconds * 1000 - attoseconds / 1_000_000_000_000_000)
  }

  /// Returns the moment that is later by a duration.
  public func later(by duration: Duration) -> Timestamp { earlier(by: .zero - duration) }

  /// The moment as `2026-11-21T03:14:47.123Z`.
  public var description: String {
    var (seconds, rest) = millisecondsSince1970.quotientAndRemainder(dividingBy: 1000)
    if rest < 0 {
      seconds -= 1
      rest += 1000
    }
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let year = Int(parts.tm_year) + 1900
    guard (0...9999).contains(year) else { return "year \(year)" }
    return String(unsafeUninitializedCapacity: 24) { text in
      var digits = DigitWriter(into: text)
      digits.put(year, 4, UInt8(ascii: "-"))
      digits.put(Int(parts.tm_mon) + 1, 2, UInt8(ascii: "-"))
      digits.put(Int(parts.tm_mday), 2, UInt8(ascii: "T"))
      digits.put(Int(parts.tm_hour), 2, UInt8(ascii: ":"))
      digits.put(Int(parts.tm_min), 2, UInt8(ascii: ":"))
      digits.put(Int(parts.tm_sec), 2, UInt8(ascii: "."))
      digits.put(Int(rest), 3, UInt8(ascii: "Z"))
      return digits.end
    }
  }

  /// The earlier moment comes first.
  public static func < (one: Timestamp, other: Timestamp) -> Bool {
    one.millisecondsSince1970 < other.millisecondsSince1970
  }
}

/// Writes numbers into the memory of a text, a digit at a time: long lists show a moment in every line.
struct DigitWriter {
  private let text: UnsafeMutableBufferPointer<UInt8>
  /// The number of bytes written so far.
  private(set) var end = 0

  init(into text: UnsafeMutableBufferPointer<UInt8>) { self.text = text }

  /// Writes a number with leading zeros, and a mark behind it.
  mutating func put(_ number: Int, _ width: Int, _ mark: UInt8? = nil) {
    var number = number
    for place in (end..<end + width).reversed() {
      text[place] = UInt8(ascii: "0") + UInt8(number % 10)
      number /= 10
    }
    end += width
    guard let mark else { return }
    text[end] = mark
    end += 1
  }
}
