/// Text that may hold a CPR number, made fit for logs, errors and exports.
public enum Masked {
  /// The text with every CPR-like number masked: `udtræk_010190-1234.csv` becomes
  /// `udtræk_******-****.csv`.
  ///
  /// CPR-like is a run of exactly ten ASCII digits, or six digits, a hyphen or a space, and four digits, that begins
  /// with a possible day and month (1–31, 1–12; day numbers raised by 60 are replacement numbers). Longer runs, such as
  /// time stamps, stay.
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
    guard isPossibleDay(in: bytes, from: start, upTo: end) else { return nil }
    if end - start == 10 { return start..<end }
    let separators: [UInt8] = [UInt8(ascii: "-"), UInt8(ascii: " ")]
    guard end - start == 6, end < bytes.count, separators.contains(bytes[end]) else { return nil }
    let endOfSerial = endOfDigits(in: bytes, from: end + 1)
    return endOfSerial - (end + 1) == 4 ? start..<endOfSerial : nil
  }

  private static func isPossibleDay(in bytes: [UInt8], from start: Int, upTo end: Int) -> Bool {
    guard end - start >= 4 else { return false }
    func number(_ offset: Int) -> Int {
      Int(bytes[start + offset] - UInt8(ascii: "0")) * 10 + Int(bytes[start + offset + 1] - UInt8(ascii: "0"))
    }
    let day = number(0) > 60 ? number(0) - 60 : number(0)
    return (1...31).contains(day) && (1...12).contains(number(2))
  }

  private static func endOfDigits(in bytes: [UInt8], from start: Int) -> Int {
    bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
