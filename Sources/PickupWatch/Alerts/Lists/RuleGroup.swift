package import FilsluseBase
package import TriggerFiles

/// The open alerts of one kind that break one rule, in whatever inboxes.
package struct RuleGroup: Sendable, Hashable, Identifiable {
  /// The kind and the rule.
  package struct Key: Sendable, Hashable, Codable {
    /// The kind.
    package var kind: Finding.Kind
    /// The id of the rule, eight hexadecimal digits; `nil` for a kind without a rule.
    package var rule: String?

    /// Names a group.
    package init(kind: Finding.Kind, rule: String? = nil) {
      self.kind = kind
      self.rule = rule
    }

    /// Reads the id of a group, as pages and the command write it: `pick-up-late.1f00ab34`, or only the kind.
    package init?(id: String) {
      let parts = id.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let kind = parts.first, !kind.isEmpty, kind.utf8.count <= 100 else { return nil }
      let rule = parts.count > 1 ? parts[1] : nil
      if let rule {
        let isDigits = rule.utf8.allSatisfy { Self.hexDigits.contains($0) }
        guard rule.utf8.count == 8, isDigits else { return nil }
      }
      self.init(kind: Finding.Kind(rawValue: kind), rule: rule)
    }

    private static let hexDigits = Set("0123456789abcdef".utf8)

    /// The group in an address or an argument.
    package var id: String { rule.map { "\(kind.rawValue).\($0)" } ?? kind.rawValue }
  }

  /// The kind and the rule.
  package var key: Key
  /// The rule in words.
  package var rule: LocalizedText?
  /// The number of alerts.
  package var alerts: Int
  /// The number of accounts that have some.
  package var inboxes: Int
  /// The number of critical ones.
  package var critical: Int
  /// The number of acknowledged ones.
  package var acknowledged: Int
  /// The number of silenced alerts that are not acknowledged.
  package var silenced: Int
  /// The time since which the cause of the oldest one lasts, as ``Alert/since``.
  package var oldest: Timestamp

  /// Describes a group.
  package init(
    key: Key, rule: LocalizedText? = nil, alerts: Int, inboxes: Int, critical: Int = 0, acknowledged: Int = 0,
    silenced: Int = 0, oldest: Timestamp
  ) {
    self.key = key
    self.rule = rule
    self.alerts = alerts
    self.inboxes = inboxes
    self.critical = critical
    self.acknowledged = acknowledged
    self.silenced = silenced
    self.oldest = oldest
  }

  /// The group in an address or an argument.
  package var id: String { key.id }

  /// The number of alerts that wait for a person: neither acknowledged nor silenced.
  package var unattended: Int { alerts - acknowledged - silenced }
}
