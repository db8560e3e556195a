import FoundationEssentials

/// One tool's times for one task over one line.
struct Figure: Codable {
  let line: String
  let task: Job
  let tool: String
  /// Each round's time.
  let seconds: [Double]
  /// The most memory of its largest process in any round, where that is taken.
  let kilobytes: Int?

  var median: Double {
    let sorted = seconds.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

/// All figures of a run, for people or for programs.
struct Report: Encodable {
  let load: Load
  let roundTripMilliseconds: Int
  let figures: [Figure]
  /// The tools that are left out, each with the reason.
  let leftOut: [String]

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// One block per line and task; the factor says how many times as long as ours a tool took.
  var table: String {
    var text = "Medians; connecting and logging on included.\n"
    for block in blocks {
      guard let first = block.first else { continue }
      text += "\n\(first.line): \(title(of: first.task)), \(first.seconds.count) rounds\n"
      for figure in block {
        let factor = figure.tool == first.tool ? "" : "× \(BenchText.rounded(figure.median / first.median, 2))"
        let memory = figure.kilobytes.map { Self.right("\($0 >> 10) MiB", 9) } ?? ""
        let columns: [String] = [
          Self.pad(figure.tool, 24), Self.right("\(BenchText.rounded(figure.median, 2)) s", 10),
          Self.right(rate(of: figure), 20), Self.right(factor, 9), memory,
        ]
        let rounds = figure.seconds.map { BenchText.rounded($0, 2) }.joined(separator: ", ")
        text += "  \(columns.joined())   (\(rounds))\n"
      }
    }
    return text + leftOut.map { "\nleft out: \($0)" }.joined()
  }

  private var blocks: [[Figure]] {
    figures.reduce(into: []) { blocks, figure in
      if let last = blocks.last?.last, last.line == figure.line, last.task == figure.task {
        blocks[blocks.count - 1].append(figure)
      } else {
        blocks.append([figure])
      }
    }
  }

  private func title(of task: Job) -> String {
    switch task {
    case .deliver: "\(load.deliveries) deliveries of \(load.smallBytes >> 10) KiB, each with its trigger"
    case .upload: "one file of \(load.largeBytes >> 20) MiB up"
    case .download: "one file of \(load.largeBytes >> 20) MiB down"
    case .list: "\(load.entries) entries listed"
    }
  }

  private func rate(of figure: Figure) -> String {
    switch figure.task {
    case .deliver: "\(BenchText.rounded(Double(load.deliveries) / figure.median, 0)) deliveries/s"
    case .upload, .download: "\(BenchText.rounded(Double(load.largeBytes) / figure.median / 1e6, 1)) MB/s"
    case .list: "\(BenchText.rounded(Double(load.entries) / figure.median, 0)) entries/s"
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
