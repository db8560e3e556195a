internal import FilsluseBase
internal import PickupWatch

/// The summary at the top of the page, for a person who has just been woken.
struct PageSummary: Sendable, Hashable {
  enum Severity: String, Sendable, Hashable {
    case critical
    case warning
    /// No open alerts, or only warnings that are acknowledged or silenced.
    case calm
  }

  var critical = 0
  var warnings = 0
  /// Acknowledged warnings.
  var acknowledged = 0
  /// Acknowledged critical alerts that are not resolved.
  var acknowledgedCritical = 0
  /// Silenced warnings.
  var silenced = 0
  /// Silenced critical alerts.
  var silencedCritical = 0
  /// Inboxes that cannot be looked into now.
  var unseenInboxes = 0
  var storeTrouble = false
  /// True while the watcher starts, which is no failure of its database.
  var isStarting = false
  /// Sinks that take no notification.
  var failingSinks = 0

  init(_ status: WatchStatus) {
    for alert in status.alerts {
      switch (alert.state, alert.finding.severity) {
      case (.firing, .critical) where alert.silencedBy != nil: silencedCritical += 1
      case (.firing, .warning) where alert.silencedBy != nil: silenced += 1
      case (.firing, .critical): critical += 1
      case (.firing, .warning): warnings += 1
      case (.acknowledged, .critical): acknowledgedCritical += 1
      case (.acknowledged, .warning): acknowledged += 1
      case (.pending, _), (.resolved, _): break
      }
    }
    let unreadiness = status.unreadiness(at: status.taken)
    isStarting = status.isStarting
    if case .failing = status.storeTrouble { storeTrouble = true }
    failingSinks = status.sinkTroubles.count
    let unseen = unreadiness.compactMap { reason -> String? in
      switch reason {
      case .store: nil
      case .neverLooked(let account), .notLookedLately(let account, _): account
      }
    }
    unseenInboxes = Set(unseen + status.inboxes.filter { $0.failure != nil }.map(\.account)).count
  }

  var severity: Severity {
    if critical > 0 || storeTrouble || failingSinks > 0 { return .critical }
    let known = acknowledgedCritical + silencedCritical
    return warnings > 0 || unseenInboxes > 0 || known > 0 || isStarting ? .warning : .calm
  }

  var symbol: Markup {
    switch severity {
    case .critical: "✖"
    case .warning: "▲"
    case .calm: "✔"
    }
  }

  /// In a few words, for the heading and the browser's tab.
  func headline(_ voice: PageVoice) -> String {
    var parts: [String] = []
    if critical > 0 {
      parts.append(Self.criticals(critical, voice))
    }
    if acknowledgedCritical > 0 {
      parts.append("\(Self.criticals(acknowledgedCritical, voice)) \(voice.say("kvitteret", "acknowledged"))")
    }
    if silencedCritical > 0 {
      parts.append("\(Self.criticals(silencedCritical, voice)) \(voice.say("dæmpet", "silenced"))")
    }
    if warnings > 0 {
      parts.append(
        "\(warnings) \(warnings == 1 ? voice.say("advarsel", "warning") : voice.say("advarsler", "warnings"))")
    }
    if isStarting { parts.append(voice.say("overvågningen starter", "the watcher is starting")) }
    if storeTrouble { parts.append(voice.say("overvågningens database svigter", "the watcher's database fails")) }
    if failingSinks > 0 { parts.append(voice.say("alarmer kommer ikke frem", "alerts do not get through")) }
    if parts.isEmpty, unseenInboxes > 0 {
      return unseenInboxes == 1
        ? voice.say("1 indbakke kan ikke ses", "1 inbox cannot be seen")
        : voice.say("\(unseenInboxes) indbakker kan ikke ses", "\(unseenInboxes) inboxes cannot be seen")
    }
    if !parts.isEmpty { return parts.joined(separator: ", ") }
    if acknowledged > 0 { parts.append("\(acknowledged) \(voice.say("kvitteret", "acknowledged"))") }
    if silenced > 0 { parts.append("\(silenced) \(voice.say("dæmpet", "silenced"))") }
    if parts.isEmpty { return voice.say("Alt er i orden", "All is well") }
    return "\(voice.say("Intet nyt", "Nothing new")): \(parts.joined(separator: ", "))"
  }

  private static func criticals(_ count: Int, _ voice: PageVoice) -> String {
    "\(count) \(count == 1 ? voice.say("kritisk", "critical") : voice.say("kritiske", "critical"))"
  }
}
