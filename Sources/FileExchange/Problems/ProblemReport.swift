internal import FilsluseBase
package import TriggerFiles

/// The open problems as JSON: the number of each kind, and the oldest of them.
package struct ProblemReport: Encodable, Sendable {
  private let counts: [String: Int]
  private let problems: [Item]

  private struct Item: Encodable, Sendable {
    let kind: String
    let account: String?
    let subject: String
    let since: Timestamp
    let message: String
    let remedy: String
  }

  /// - Parameter language: the language of the texts.
  package init(_ all: OpenProblems, in language: ReportLanguage) {
    counts = Dictionary(all.counts.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +)
    problems = all.problems.map {
      Item(
        kind: $0.key.kind.rawValue, account: $0.key.account, subject: $0.key.subject, since: $0.since,
        message: language == .danish ? $0.danish ?? $0.kind.danishExplanation : $0.message,
        remedy: language == .danish ? $0.kind.remedy.da.inDanish : $0.remedy.description)
    }
  }
}
