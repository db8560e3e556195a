/// Outbox entries dropped because a failing sink reached its limit.
struct DroppedEntries: Sendable, Hashable, CustomStringConvertible {
  let sink: String
  /// The alerts, once for each notice that gave way to a newer one of the same alert.
  let overtaken: [Int64]
  /// The resolved alerts whose resolution is not sent.
  let ended: [Int64]

  var count: Int { overtaken.count + ended.count }

  /// The dropped entries, with the numbers of the alerts.
  var description: String {
    var parts: [String] = []
    if !overtaken.isEmpty { parts.append("\(overtaken.count) that newer ones replace, of \(Self.text(overtaken))") }
    if !ended.isEmpty { parts.append("\(ended.count) that alerts are over: \(Self.text(ended))") }
    return "\(sink) takes nothing, and more than \(WatchDatabase.mostOwed) notices wait for it; dropped: "
      + parts.joined(separator: "; ")
  }

  private static func text(_ alerts: [Int64]) -> String {
    let numbers = Set(alerts).sorted()
    let shown = numbers.prefix(20).map(String.init).joined(separator: ", ")
    let more = numbers.count > 20 ? " and \(numbers.count - 20) more" : ""
    return "\(numbers.count == 1 ? "alert" : "alerts") \(shown)\(more)"
  }
}
