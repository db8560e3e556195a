internal import FilsluseBase

/// The header `Retry-After` (RFC 9110, 10.2.3).
enum RetryAfter {
  /// The pause that a server asks for.
  ///
  /// - Parameters:
  ///   - value: the header: a number of seconds, or a date.
  ///   - date: the answer's own `Date`, so that a clock that differs from ours makes no difference.
  ///   - now: when the answer came, for an answer without a date of its own.
  /// - Returns: the time from now on, zero for a date that has passed; `nil` where the header says nothing of the kind.
  static func pause(_ value: Substring, sent date: Substring, received now: Timestamp) -> Duration? {
    if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(min(Int(value) ?? .max, 1_000_000_000))
    }
    guard let moment = moment(String(value)) else { return nil }
    return max(.zero, moment.since(self.moment(String(date)) ?? now))
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Reads a date in each of the three forms that a recipient must take (RFC 9110, 5.6.7):
  /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
  private static func moment(_ text: String) -> Timestamp? {
    let parts = text.split { " ,-:".contains($0) }.dropFirst().map(String.init)
    let fields: (day: String, month: String, year: String, time: ArraySlice<String>)
    switch parts.count {
    case 7 where parts[6] == "GMT": fields = (parts[0], parts[1], parts[2], parts[3...5])
    case 6: fields = (parts[1], parts[0], parts[5], parts[2...4])
    default: return nil
    }
    guard let month = months.firstIndex(of: fields.month), let day = Int(fields.day), var year = Int(fields.year) else {
      return nil
    }
    if fields.year.utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return Timestamp("\(year)-\(two(month + 1))-\(two(day))T\(fields.time.joined(separator: ":")).000Z")
  }
}
