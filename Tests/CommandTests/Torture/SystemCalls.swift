import Testing

/// The system calls of several processes in the order in which they took place, as strace(1) wrote them down.
///
/// A sync stands at its return, any other call at its start: the calls before a sync are on the disk with it, and the
/// calls after it had not started before.
struct SystemCalls {
  private let lines: [String]

  init(_ log: String) {
    var lines: [String] = []
    var unfinished: [Substring: Substring] = [:]
    for line in log.split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      let process = line[..<space]
      let call = line[space...].drop { $0 == " " }
      if let cut = call.firstRange(of: " <unfinished ...>") {
        if call.hasPrefix("f") { unfinished[process] = call[..<cut.lowerBound] } else { lines.append(String(call)) }
      } else if let resumed = call.firstRange(of: " resumed>") {
        let rest = call[resumed.upperBound...]
        if let begun = unfinished.removeValue(forKey: process) { lines.append("\(begun)\(rest)") }
      } else {
        lines.append(String(call))
      }
    }
    // strace sets the results in a column.
    self.lines = lines.map { line in line.replacing(#/\)\s+= /#, with: ") = ") }
  }

  /// The number of the first call after `start` that has all of `parts` in it.
  func number(of parts: String..., after start: Int = -1) throws -> Int {
    let number = lines.indices.first { index in index > start && parts.allSatisfy { lines[index].contains($0) } }
    return try #require(number, "no call has \(parts) in it; the last ones are \(lines.suffix(20))")
  }

  /// True if there is a call with all of `parts` between two others.
  func isBetween(_ start: Int, _ end: Int, _ parts: String...) -> Bool {
    (start + 1..<max(start + 1, end)).contains { index in parts.allSatisfy { lines[index].contains($0) } }
  }
}

extension SystemCalls: CustomTestStringConvertible {
  var testDescription: String { "\(lines.count) calls" }
}
