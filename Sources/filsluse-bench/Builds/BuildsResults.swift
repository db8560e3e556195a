/// The amount of data to move.
struct BuildsLoad: Sendable {
  let files: Int
  let smallBytes: Int
  let largeBytes: Int
}

/// A kind of work that both builds do.
enum BuildsWork: String, CaseIterable, Sendable {
  case deliver = "deliveries by a list"
  case collect = "pairs collected, written an hour ago"
  case collectFresh = "pairs collected, written just now"
  case upload = "a large file up"
  case download = "a large file down"

  var isLarge: Bool { self == .upload || self == .download }
}

/// A way to the server.
struct BuildsLine: Sendable, Hashable {
  let title: String
  let port: UInt16
  let isDelayed: Bool
}

/// The times of both builds, and the table of them.
struct BuildsResults: Sendable {
  private struct Times: Sendable {
    var before: [Double] = []
    var after: [Double] = []
  }

  private struct Key: Hashable {
    let work: BuildsWork
    let line: BuildsLine
  }

  private let load: BuildsLoad
  private var keys: [Key] = []
  private var times: [Key: Times] = [:]

  init(load: BuildsLoad) { self.load = load }

  mutating func add(_ seconds: Double, _ work: BuildsWork, _ line: BuildsLine, isBefore: Bool) {
    let key = Key(work: work, line: line)
    if times[key] == nil { keys.append(key) }
    if isBefore {
      times[key, default: Times()].before.append(seconds)
    } else {
      times[key, default: Times()].after.append(seconds)
    }
  }

  /// A line for each work: both medians as rates, and the second as a share of the first.
  var text: String {
    var text = "Medians; connecting and logging on included. A share of 1.00 is the same speed, 0.95 is 5 % slower.\n"
    var title = ""
    for key in keys {
      guard let times = times[key] else { continue }
      if key.line.title != title {
        title = key.line.title
        text += "\n\(title)\n"
      }
      let share = BenchText.rounded(times.before.median / times.after.median, 3)
      text += "  \(key.work.rawValue): before \(rate(key.work, times.before)), after \(rate(key.work, times.after)), "
      text += "share \(share)\n    before \(list(times.before))\n    after \(list(times.after))\n"
    }
    return text
  }

  private func rate(_ work: BuildsWork, _ times: [Double]) -> String {
    work.isLarge
      ? "\(BenchText.rounded(Double(load.largeBytes) / times.median / 1e6, 1)) MB/s"
      : "\(BenchText.rounded(Double(load.files) / times.median, 0))/s"
  }

  private func list(_ times: [Double]) -> String {
    times.map { "\(BenchText.rounded($0, 2)) s" }.joined(separator: ", ")
  }
}
