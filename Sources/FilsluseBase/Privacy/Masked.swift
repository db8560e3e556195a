/// Text that may hold a CPR number, made fit for logs, errors and exports.
public enum Masked {
  /// Masks every CPR-like number in a text: `udtræk_010190-1234.csv` becomes `udtræk_******-****.csv`.
  ///
  /// A CPR-like number is, in ASCII digits, a day, a month and a year followed by a number of four digits:
  /// `0101901234`, `010190-1234`, `01.01.90 1234`, with the century too (`01011990-1234`, `01.01.1990-1234`). Up to
  /// three characters of any kind but letters, digits and line ends may stand between the parts. The day and month must
  /// be possible (1–31, 1–12; day numbers raised by 60 are replacement numbers), the century 18 to 20. Longer runs of
  /// digits, such as time stamps, stay.
  ///
  /// A six-digit date beside four more digits, such as `010126_0300` or `210226_0751`, is masked too, because it cannot
  /// be distinguished from a CPR number.
  public static func name(_ text: String) -> String {
    // Most texts hold too few digits for one.
    if text.utf8.lazy.count(where: isDigit) < 10 { return text }
    let bytes = Array(text.utf8)
    var masked = bytes
    var start = 0
    while start < bytes.count {
      guard isDigit(bytes[start]) else {
        start += 1
        continue
      }
      let end = endOfDigits(in: bytes, from: start)
      if let number = cprLike(in: bytes, from: start, digitsUpTo: end) {
        for index in number where isDigit(bytes[index]) { masked[index] = UInt8(ascii: "*") }
        start = number.upperBound
      } else {
        start = end
      }
    }
    return String(decoding: masked, as: UTF8.self)
  }

  private static func cprLike(in bytes: [UInt8], from start: Int, digitsUpTo end: Int) -> Range<Int>? {
    switch end - start {
    case 10: return isPossibleDay(in: bytes, from: start) ? start..<end : nil
    case 12: return isPossibleDay(in: bytes, from: start) && isCentury(in: bytes, from: start + 4) ? start..<end : nil
    case 6: return isPossibleDay(in: bytes, from: start) ? withSerial(in: bytes, start, dateUpTo: end) : nil
    case 8:
      let isDate = isPossibleDay(in: bytes, from: start) && isCentury(in: bytes, from: start + 4)
      return isDate ? withSerial(in: bytes, start, dateUpTo: end) : nil
    case 2: return grouped(in: bytes, from: start)
    default: return nil
    }
  }

  /// Returns the range of a date with separated parts and the number after it. A colon makes it a time of day.
  private static func grouped(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    guard let month = nextGroup(in: bytes, after: start + 2), month.count == 2,
      let year = nextGroup(in: bytes, after: month.upperBound),
      year.count == 2 || year.count == 4 && isCentury(in: bytes, from: year.lowerBound),
      isPossibleDay(in: Array(bytes[start..<start + 2] + bytes[month]), from: 0)
    else { return nil }
    return withSerial(in: bytes, start, dateUpTo: year.upperBound)
  }

  /// The digits after separators that do not begin with a colon.
  private static func nextGroup(in bytes: [UInt8], after end: Int) -> Range<Int>? {
    guard end < bytes.count, bytes[end] != UInt8(ascii: ":"), let next = endOfSeparators(in: bytes, from: end) else {
      return nil
    }
    return next..<endOfDigits(in: bytes, from: next)
  }

  /// The date and the four digits after it; `nil` where there are not just four.
  private static func withSerial(in bytes: [UInt8], _ start: Int, dateUpTo end: Int) -> Range<Int>? {
    guard let serial = endOfSeparators(in: bytes, from: end) else { return nil }
    let endOfSerial = endOfDigits(in: bytes, from: serial)
    return endOfSerial - serial == 4 ? start..<endOfSerial : nil
  }

  private static let mostSeparators = 3

  /// Returns the index after one to three characters that are neither letters nor digits nor line ends; `nil` where
  /// there are none.
  private static func endOfSeparators(in bytes: [UInt8], from start: Int) -> Int? {
    var end = start
    for _ in 0..<mostSeparators {
      guard end < bytes.count, let length = lengthOfSeparator(in: bytes, at: end) else { break }
      end += length
    }
    return end > start ? end : nil
  }

  private static func lengthOfSeparator(in bytes: [UInt8], at index: Int) -> Int? {
    switch bytes[index] {
    case 0x0A, 0x0D, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return nil
    case 0..<0x80: return 1
    default:
      let character = bytes[index..<min(index + 4, bytes.count)]
      guard let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first else { return nil }
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber, .lineSeparator, .paragraphSeparator:
        return nil
      default: return UTF8.width(scalar)
      }
    }
  }

  private static func isCentury(in bytes: [UInt8], from start: Int) -> Bool {
    (18...20).contains(number(in: bytes, at: start))
  }

  private static func isPossibleDay(in bytes: [UInt8], from start: Int) -> Bool {
    let day = number(in: bytes, at: start)
    return (1...31).contains(day > 60 ? day - 60 : day) && (1...12).contains(number(in: bytes, at: start + 2))
  }

  /// The number that two digits write.
  private static func number(in bytes: [UInt8], at index: Int) -> Int {
    Int(bytes[index] - 0x30) * 10 + Int(bytes[index + 1] - 0x30)
  }

  private static func endOfDigits(in bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
