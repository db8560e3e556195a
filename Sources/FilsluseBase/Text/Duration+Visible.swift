extension Duration {
  /// The duration for a person: `0.7 s`, `12 s`, `5 min`, `2 h`.
  package var visible: String {
    let seconds = self / .seconds(1)
    if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
    if seconds < 119.5 { return "\(Int(seconds.rounded())) s" }
    if seconds < 7_170 { return "\(Int((seconds / 60).rounded())) min" }
    return "\(Int((seconds / 3600).rounded())) h"
  }
}
