/// Numbers as the tables show them.
enum BenchText {
  /// A number with so many places, `-` where it is none.
  static func rounded(_ number: Double, _ places: Int) -> String {
    guard number.isFinite else { return "-" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let units = Int((number * Double(scale)).rounded())
    guard places > 0 else { return "\(units)" }
    let fraction = "\(units % scale)"
    return "\(units / scale).\(String(repeating: "0", count: places - fraction.utf8.count))\(fraction)"
  }
}
