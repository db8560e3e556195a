internal import FilsluseBase
import Glibc

/// A moment as HTTP writes it: `Sat, 21 Nov 2026 02:14:47 GMT`.
struct HTTPDate: CustomStringConvertible {
  let description: String

  init(_ moment: Timestamp) {
    var time = time_t(moment.millisecondsSince1970 / 1000)
    var parts = tm()
    gmtime_r(&time, &parts)
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    description =
      "\(weekdays[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
