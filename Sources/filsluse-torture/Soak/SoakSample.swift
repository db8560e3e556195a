/// The progress of a soak at a moment, and the memory of its workers.
struct SoakSample: Sendable {
  let files: Int
  let seconds: Double
  /// KiB.
  let sender: Int
  /// KiB.
  let receiver: Int
  let restarts: Int

  static let header = line(["FILES", "SECONDS", "FILES/S", "SENDER MB", "RECEIVER MB", "RESTARTS"])

  /// The sample as a line; the speed is that since another one.
  func line(after earlier: SoakSample?) -> String {
    let time = seconds - (earlier?.seconds ?? 0)
    let rate = time > 0 ? Int(Double(files - (earlier?.files ?? 0)) / time) : 0
    return Self.line([files, Int(seconds), rate, sender >> 10, receiver >> 10, restarts].map(String.init))
  }

  private static func line(_ cells: [String]) -> String {
    cells.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined()
  }
}
