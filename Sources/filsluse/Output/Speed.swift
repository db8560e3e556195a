extension Readable {
  /// `312.4 MB`: millions of bytes, as networks count.
  static func megabytes(_ bytes: UInt64) -> String { "\(tenths(Double(bytes) / 1e6)) MB" }

  /// `88.1 MB/s`.
  static func speed(_ bytes: UInt64, in duration: Duration) -> String {
    let seconds = self.seconds(duration)
    return seconds > 0 ? "\(tenths(Double(bytes) / 1e6 / seconds)) MB/s" : "–"
  }

  /// `3.2 s`.
  static func time(_ duration: Duration) -> String { "\(tenths(seconds(duration))) s" }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let point = OutputLanguage.current == .danish ? "," : "."
    return "\(tenths / 10)\(point)\(tenths % 10)"
  }
}
