import FilsluseBase

/// The results of the rounds, counted together by all workers.
final class Tally: Sendable {
  struct Line: Sendable, Hashable {
    let server: String
    let stage: Stage
    let kind: Fault.Kind
  }

  struct Counts: Sendable {
    var points: [Line: Int] = [:]
    /// Points at which the run was over, or nothing was to be written any more.
    var withoutEffect: [Line: Int] = [:]
    var findings: [Finding.Kind: Int] = [:]
    /// In which states killed runs left their deliveries and arrivals.
    var states: [Stage: [String: Int]] = [:]
    var files = 0
    var rounds = 0
  }

  private let counts = Locked(Counts())
  /// Unexpected files that were already reported.
  private let reported = Locked<Set<String>>([])

  var current: Counts { counts.withLock { $0 } }

  /// Prints and counts outcomes that must not happen.
  ///
  /// - Parameters:
  ///   - what: the round, with its faults.
  ///   - runs: the outcomes of the runs that led there.
  func note(_ findings: [Finding], during what: String, after runs: [String] = []) {
    let findings = findings.filter { finding in
      finding.kind != .left || reported.withLock { $0.insert(finding.what).inserted }
    }
    for finding in findings { Note.write("\(finding.kind.rawValue): \(finding.what)\n  in \(what)") }
    if !findings.isEmpty { for run in runs { Note.write("  after a run: \(run)") } }
    change { for finding in findings { $0.findings[finding.kind, default: 0] += 1 } }
  }

  func change(_ body: (inout Counts) -> Void) { counts.withLock { body(&$0) } }
}

extension Tally.Counts {
  /// The states that killed runs must have left behind, if the points were spread well.
  private static let states: [Stage: Set<String>] = [
    .delivering: ["staged", "uploading", "armed", "triggered", "accepted"],
    .collecting: ["seen", "fetching", "fetched", "verified", "handing-over", "handed-over", "removed"],
  ]

  /// The states at which nothing was killed.
  func statesMissed() -> [Finding] {
    Stage.allCases.flatMap { stage in
      (Self.states[stage] ?? []).subtracting(states[stage, default: [:]].keys).sorted().map {
        Finding(kind: .stateMissed, what: "\(stage.rawValue): \($0)")
      }
    }
  }

  var findingsInAll: Int { findings.values.reduce(0, +) }

  /// The result as it is printed.
  var text: String {
    var lines: [String] = []
    let width = 46
    for line in points.keys.sorted(by: {
      ($0.server, $0.kind.rawValue, $0.stage.rawValue) < ($1.server, $1.kind.rawValue, $1.stage.rawValue)
    }) {
      let name = "\(line.server), \(line.stage.rawValue), \(line.kind.rawValue)"
      let without = withoutEffect[line].map { ", \($0) more without effect" } ?? ""
      lines.append("\(Self.padded(name, to: width)) \(points[line] ?? 0) points\(without)")
    }
    for stage in Stage.allCases {
      guard let states = states[stage] else { continue }
      let each = states.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
      lines.append("what killed runs left, \(stage.rawValue): \(each.joined(separator: ", "))")
    }
    lines.append("")
    lines.append("rounds \(rounds), files \(files), points tried \(points.values.reduce(0, +))")
    lines.append(Finding.Kind.allCases.map { "\($0.rawValue) \(findings[$0] ?? 0)" }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
  }
}
