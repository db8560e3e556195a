internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
package import TriggerFiles

/// The open problems as JSON: the number of each kind, and the oldest of them; and the deliveries that wait for their
/// next command.
package struct ProblemReport: Encodable, Sendable {
  private let counts: [String: Int]
  private let problems: [Item]
  /// Left out where nothing is said about them.
  private let underWay: [Waiting]?

  /// Left out where nothing is said about them.
  private let notCleared: [Refused]?

  private struct Refused: Encodable, Sendable {
    let route: String
    let account: String
    let folder: String
    let reasons: String
  }

  private struct Item: Encodable, Sendable {
    let kind: String
    let account: String?
    let subject: String
    let since: Timestamp
    let message: String
    let remedy: String
  }

  private struct Waiting: Encodable, Sendable {
    let number: String
    let account: String
    let route: String
    let fileName: String
    let state: String
    let since: Timestamp
    let next: String
  }

  /// - Parameters:
  ///   - waiting: the deliveries under way that no process is working on.
  ///   - refused: the watched folders whose files the route register refuses today.
  ///   - language: the language of the texts.
  package init(
    _ all: OpenProblems, waiting: [WaitingDelivery]? = nil, refused: [RefusedFolder]? = nil, in language: ReportLanguage
  ) {
    notCleared = refused?.map {
      Refused(
        route: $0.route.name, account: $0.route.account, folder: Masked.name($0.folder.string),
        reasons: Masked.name($0.reasons[language]))
    }
    underWay = waiting?.map {
      Waiting(
        number: $0.number, account: $0.account, route: $0.route, fileName: $0.fileName, state: $0.state.rawValue,
        since: $0.since, next: $0.next[language])
    }
    counts = Dictionary(all.counts.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: +)
    problems = all.problems.map {
      Item(
        kind: $0.key.kind.rawValue, account: $0.key.account, subject: $0.key.subject, since: $0.since,
        message: language == .danish ? $0.danish ?? $0.kind.danishExplanation : $0.message,
        remedy: language == .danish ? $0.kind.remedy.da.inDanish : $0.remedy.description)
    }
  }
}
