internal import FilsluseBase
internal import Foundation
internal import TriggerFiles

/// The document on the standard input of the program under `alert:`: one line of JSON.
struct AlertDocument: Codable {
  /// The id, the same in every try, so that a repeated alert is recognised.
  let id: String
  let kind: String
  let account: String
  /// The delivery or arrival, where the alert is about one.
  private(set) var number: String?
  private(set) var message: String
  /// The message in Danish.
  private(set) var danish: String
  private(set) var at: String
  /// True if the problems are resolved.
  let resolved: Bool
  /// The number of problems.
  private(set) var count: Int
  /// The first of them.
  private(set) var problems: [Member]

  struct Member: Codable {
    let subject: String
    let message: String
    let danish: String
    let since: String
  }

  /// The number of problems of a group that the message names.
  private static let mostInMessage = 10

  init(_ topic: AlertTopic, _ members: [OpenProblem], count: Int, at now: Timestamp) {
    id = UUID().uuidString
    kind = topic.kind.rawValue
    account = topic.account
    resolved = topic.isResolved
    self.count = count
    problems = members.map(Member.init)
    (message, danish, at) = ("", "", now.description)
    word()
  }

  /// Reads a document that waits.
  ///
  /// - Throws: `DecodingError` where it is none.
  init(text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }

  /// Adds problems that began or ended while the alert waits. One that it already names is updated.
  mutating func add(_ members: [OpenProblem], count added: Int, at now: Timestamp) {
    let known = Set(problems.map(\.subject))
    let news = members.map(Member.init)
    for member in news {
      if let index = problems.firstIndex(where: { $0.subject == member.subject }) { problems[index] = member }
    }
    count += added - news.count { known.contains($0.subject) }
    let room = max(0, AlertPlan.mostNamed - problems.count)
    problems += news.filter { !known.contains($0.subject) }.prefix(room)
    at = now.description
    word()
  }

  /// Removes a problem that is open again, so that its end is not sent.
  ///
  /// - Returns: true if it was named.
  mutating func remove(_ subject: String) -> Bool {
    guard let index = problems.firstIndex(where: { $0.subject == subject }) else { return false }
    problems.remove(at: index)
    count -= 1
    word()
    return true
  }

  /// Derives the message and the number from the problems.
  private mutating func word() {
    let first = problems.first
    number = count == 1 ? first.flatMap { OpenProblem.Key.isNumber($0.subject) ? $0.subject : nil } : nil
    let shown = problems.prefix(Self.mostInMessage)
    let rest = count - shown.count
    let (list, step) = (" | ", Remedy.Step.listProblems)
    let more = rest > 0 ? " | and \(rest) more: \(step) shows what is open" : ""
    let named = shown.map(\.message).joined(separator: list)
    message = count == 1 ? named : "\(count) at once: \(named)\(more)"
    let moreInDanish = rest > 0 ? " | og \(rest) til: \(step) viser, hvad der er åbent" : ""
    let namedInDanish = shown.map(\.danish).joined(separator: list)
    danish = count == 1 ? namedInDanish : "\(count) på én gang: \(namedInDanish)\(moreInDanish)"
  }

  var text: String {
    do {
      return try JSONText().text(self)
    } catch {
      preconditionFailure("texts and numbers can always be written as JSON: \(error)")
    }
  }
}

extension AlertDocument.Member {
  init(_ problem: OpenProblem) {
    self.init(
      subject: problem.key.subject, message: problem.line, danish: problem.line(in: .danish),
      since: problem.since.description)
  }
}
