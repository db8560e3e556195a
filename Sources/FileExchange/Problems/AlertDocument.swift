internal import FilsluseSystem
internal import Foundation

/// The document on the standard input of the program under `alert:`: one line of JSON.
struct AlertDocument: Encodable {
  /// The same in every try, so that an alert which comes twice is known for one.
  let id: String
  let kind: String
  let account: String
  /// The delivery or arrival, where the alert is about one.
  let number: String?
  let message: String
  let at: String
  /// True if the problems are resolved.
  let resolved: Bool
  /// The number of problems.
  let count: Int
  /// The first of them.
  let problems: [Member]

  struct Member: Encodable {
    let subject: String
    let message: String
    let since: String
  }

  /// The number of problems of a group that the message names.
  private static let mostInMessage = 10

  init(_ topic: AlertTopic, _ members: [OpenProblem], count: Int, at now: Timestamp) {
    id = UUID().uuidString
    kind = topic.kind.rawValue
    account = topic.account
    number = count == 1 ? members.first?.number : nil
    let named = members.prefix(Self.mostInMessage).map(\.line).joined(separator: " | ")
    let rest = count - min(members.count, Self.mostInMessage)
    let more = rest > 0 ? " | and \(rest) more: \(Remedy.Step.listProblems) shows what is open" : ""
    message = count == 1 ? named : "\(count) at once: \(named)\(more)"
    at = now.description
    resolved = topic.isResolved
    self.count = count
    problems = members.map {
      Member(subject: $0.key.subject, message: $0.line, since: $0.since.description)
    }
  }

  var text: String {
    do {
      return try JSONText().text(self)
    } catch {
      preconditionFailure("texts and numbers can always be written as JSON: \(error)")
    }
  }
}
