internal import FilsluseStore
internal import TriggerFiles

/// The alerts that a person's act is about.
package enum AlertSelection: Sendable, Hashable, Codable {
  /// The alerts of these numbers.
  case alerts([Int64])
  /// The open ones of one kind and rule: of one account, or of all.
  case group(RuleGroup.Key, account: String?)
  /// The alerts that an act acknowledged.
  case act(Int64)

  /// The number of alerts that can be named one by one.
  package static let mostNamed = 1000
  /// The number of a group's alerts that one act changes: each is written, while no look can be.
  package static let mostOfAGroup = 10_000

  /// The reason why the selection is refused; `nil` if it is allowed.
  var refusal: AlertRefusal? {
    guard case .alerts(let numbers) = self else { return nil }
    if numbers.isEmpty {
      return AlertRefusal(reason: LocalizedText("no alert is chosen", "der er ikke valgt nogen alarm"))
    }
    if numbers.count > Self.mostNamed {
      return AlertRefusal(
        reason: LocalizedText(
          "more than \(Self.mostNamed) alerts are chosen", "der er valgt mere end \(Self.mostNamed) alarmer"),
        remedy: LocalizedText("choose their group instead", "vælg deres gruppe i stedet"))
    }
    return nil
  }

  /// Returns the numbers of the selected alerts, of a group those in a state, and the number of further ones beyond the
  /// limit.
  func numbers(_ state: Alert.State, in database: SQLConnection) throws -> (numbers: [Int64], left: Int) {
    switch self {
    case .alerts(let numbers): return (numbers, 0)
    case .act(let act):
      let numbers = try database.rows(
        "SELECT alert FROM alert_event WHERE act = ? AND what = 'acknowledged' ORDER BY alert", [act]
      ).map { try $0.int(0) }
      return (numbers, 0)
    case .group(let key, let account):
      let condition = "kind = ?1 AND rule IS ?2 AND (?3 IS NULL OR account = ?3) AND state = ?4 AND state != 'resolved'"
      let values: [any SQLConvertible] = [key.kind.rawValue, key.rule, account, state.rawValue]
      let numbers = try database.rows(
        "SELECT id FROM alert WHERE \(condition) ORDER BY since, id LIMIT \(Self.mostOfAGroup)", values
      ).map { try $0.int(0) }
      guard numbers.count == Self.mostOfAGroup else { return (numbers, 0) }
      let all = try database.int("SELECT count(*) FROM alert WHERE \(condition)", values) ?? 0
      return (numbers, max(0, Int(all) - numbers.count))
    }
  }
}

/// The result of an act about several alerts.
package struct ActResult: Sendable, Hashable, Codable {
  /// The result for one alert.
  package enum Outcome: Sendable, Hashable, Codable {
    /// The alert was changed.
    case done
    /// It was in that state before, because of this person.
    case already(by: String?)
    /// The alert is resolved.
    case over
    /// The alert is pending: no notification has been sent.
    case pending
    /// There is no alert of that number.
    case unknown
  }

  /// The number of the act.
  package var act: Int64
  /// True for a repeated act, which changed nothing now.
  package var isRepetition: Bool
  /// The number of alerts that were changed.
  package var count: Int
  /// The number of alerts of the group that are left as they were, because they are too many for one act.
  package var left: Int
  /// The result for each alert that was named by its number.
  package var outcomes: [Int64: Outcome]

  /// Describes a result.
  package init(
    act: Int64, isRepetition: Bool = false, count: Int, left: Int = 0, outcomes: [Int64: Outcome] = [:]
  ) {
    self.act = act
    self.isRepetition = isRepetition
    self.count = count
    self.left = left
    self.outcomes = outcomes
  }
}
