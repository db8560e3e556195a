internal import FilsluseBase
internal import TriggerFiles

/// Collects the findings of one account. It keeps the first thousand of a kind, and counts the others: a folder with a
/// hundred thousand late files is one problem, and must not fill the memory.
struct FindingCollection {
  private var findings: [Finding] = []
  private var counts: [Finding.Kind: Int] = [:]
  private var worst: [Finding.Kind: Finding.Severity] = [:]
  private let account: String

  static let mostOfAKind = 1000
  /// The subject of the finding about all unlisted ones of its kind.
  static let restSubject = "more"

  init(account: String) { self.account = account }

  mutating func add(_ more: [Finding]) {
    for finding in more {
      let count = counts[finding.kind, default: 0] + 1
      counts[finding.kind] = count
      if count <= Self.mostOfAKind {
        findings.append(finding)
      } else {
        worst[finding.kind] = max(worst[finding.kind] ?? .warning, finding.severity)
      }
    }
  }

  /// Returns each finding once, the worst first, and of those the oldest.
  func sorted() -> [Finding] {
    var ids: Set<String> = []
    let all = findings.filter { ids.insert($0.id).inserted } + rest
    return all.sorted { one, other in
      if one.severity != other.severity { return one.severity > other.severity }
      let times = [one, other].map { $0.since?.millisecondsSince1970 ?? .max }
      return times[0] == times[1] ? one.id < other.id : times[0] < times[1]
    }
  }

  private var rest: [Finding] {
    worst.map { kind, severity in
      let count = (counts[kind] ?? 0) - Self.mostOfAKind
      return Finding(
        kind: kind, severity: severity, account: account, subject: Self.restSubject,
        detail: LocalizedText(
          da: "\(count) til af samme slags, som ikke er nævnt hver for sig.",
          en: "\(count) more of this kind, which are not listed"))
    }
  }
}
