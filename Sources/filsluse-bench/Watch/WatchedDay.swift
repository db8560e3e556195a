import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import PickupWatch
import SystemPackage

/// A watcher's day, a minute a scan: files come and go, and the watcher's use of resources is reported every two hours.
struct WatchedDay {
  let settings: ExchangeSettings
  let folders: [FilePath]
  /// The number of pairs in each inbox.
  let pairs: Int

  /// The number of pairs that come to each inbox in a minute, and that go.
  private static let aMinute = 2

  func live(hours: Int) async throws {
    let minutes = Locked<Int64>(0)
    let start = Timestamp.now
    let round = try await KeptRound(settings) { start.later(by: .seconds(60 * minutes.withLock { $0 })) }
    print("  hour   memory KiB   database KiB      pairs known   of them gone   bytes of the file a pair")
    for minute in 0...(hours * 60) {
      if minute > 0 { try change(minute) }
      minutes.withLock { $0 = Int64(minute) }
      let reports = try await round.run()
      for report in reports {
        if let failure = report.failure { throw failure }
        guard report.state?.files == pairs else {
          throw ToolError(description: "\(report.state?.files ?? 0) pairs were seen, \(pairs) lie there")
        }
      }
      if minute % 120 == 0 || minute == 60 || minute == hours * 60 { try show(minute) }
    }
    try await round.end()
  }

  private func change(_ minute: Int) throws {
    for folder in folders {
      for index in 0..<Self.aMinute {
        let number = (minute - 1) * Self.aMinute + index
        try WatchField.take(number, from: folder)
        try WatchField.put(number + pairs, into: folder)
      }
    }
  }

  private func show(_ minute: Int) throws {
    let bytes = try ["", "-wal"].reduce(0) { sum, ending in
      let path = settings.watch.database.string + ending
      return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
    }
    let gone = minute * Self.aMinute * folders.count
    let known = gone + pairs * folders.count
    let columns = [
      "\(minute / 60)", "\(try ProcessUse().kilobytes)", "\(bytes >> 10)", "\(known)", "\(gone)", "\(bytes / known)",
    ]
    print(zip(columns, [6, 13, 18, 14, 15, 27]).map { Self.right($0, $1) }.joined())
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
