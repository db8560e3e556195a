/// Steps through the text of an XML Schema date or time, by bytes.
///
/// The rules are those of XML Schema 1.0, part 2, 3.2.7 and 3.2.9: a year has four digits or more and is never 0000,
/// days exist in their month, an hour of 24 is midnight and nothing else, a zone is within 14 hours.
struct DateScanner {
  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { at == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, UInt32(bytes[at]) == character.value else { return false }
    at += 1
    return true
  }

  mutating func takeDate() -> Bool {
    _ = take("-")
    let year = takeDigits()
    guard year.count == 4 || (year.count > 4 && year.first != 0), year.contains(where: { $0 != 0 }) else {
      return false
    }
    guard take("-"), let month = takePair(1...12), take("-"), let day = takePair(1...31) else { return false }
    return day <= Self.days(in: month, yearDigits: year)
  }

  mutating func takeTime() -> Bool {
    guard let hour = takePair(0...24), take(":"), let minute = takePair(0...59), take(":"),
      let second = takePair(0...59)
    else { return false }
    var fraction: ArraySlice<UInt8> = []
    if take(".") {
      fraction = takeDigits()
      if fraction.isEmpty { return false }
    }
    return hour < 24 || (minute == 0 && second == 0 && fraction.allSatisfy { $0 == 0 })
  }

  /// A zone, or nothing.
  mutating func takeZone() -> Bool {
    if isAtEnd || take("Z") { return true }
    guard take("+") || take("-"), let hour = takePair(0...14), take(":"), let minute = takePair(0...59) else {
      return false
    }
    return hour < 14 || minute == 0
  }

  /// The values of the digits from here on.
  private mutating func takeDigits() -> ArraySlice<UInt8> {
    let start = at
    while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    return bytes[start..<at].map { $0 - 0x30 }[...]
  }

  private mutating func takePair(_ range: ClosedRange<Int>) -> Int? {
    guard at + 1 < bytes.count, (0x30...0x39).contains(bytes[at]), (0x30...0x39).contains(bytes[at + 1]) else {
      return nil
    }
    let number = Int(bytes[at] - 0x30) * 10 + Int(bytes[at + 1] - 0x30)
    at += 2
    return range.contains(number) ? number : nil
  }

  /// The year is taken modulo 400 digit by digit, since it may have any number of digits.
  private static func days(in month: Int, yearDigits: ArraySlice<UInt8>) -> Int {
    let year = yearDigits.reduce(0) { ($0 * 10 + Int($1)) % 400 }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year == 0)
    switch month {
    case 2: return isLeap ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }
}
