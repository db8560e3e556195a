extension Duration {
  /// The duration for a person who reads English: `0.7 s`, `12 s`, `5 min`, `2 h`.
  package var visible: String { visible(point: ".", hour: "h") }

  /// The duration for a person who reads Danish: `0,7 s`, `12 s`, `5 min`, `2 t`.
  package var visibleInDanish: String { visible(point: ",", hour: "t") }

  private func visible(point: String, hour: String) -> String {
    let seconds = self / .seconds(1)
    if seconds < 9.95 {
      let tenths = Int((max(seconds, 0) * 10).rounded())
      return "\(tenths / 10)\(point)\(tenths % 10) s"
    }
    if seconds < 119.5 { return "\(Int(seconds.rounded())) s" }
    if seconds < 7_170 { return "\(Int((seconds / 60).rounded())) min" }
    return "\(Int((seconds / 3600).rounded())) \(hour)"
  }
}
