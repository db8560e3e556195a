import ArgumentParser
import ExchangeSettings
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts groups`: the open alerts by kind and rule.
struct AlertsGroups: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "groups",
    abstract: LocalizedText(
      "List open alerts by kind and rule, the most severe first.",
      "Vis åbne alarmer efter slags og regel, de alvorligste først."
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let clock = try settings.load().watch.alerts.wallClock
    let groups = try await settings.openAlerts().ruleGroups()
    if output.json { return try Output.print(json: groups.map(GroupLine.init)) }
    var table = Table(
      header: (
        "GROUP|ALERTS|INBOXES|CRITICAL|ACKNOWLEDGED|SILENCED|SINCE|RULE",
        "GRUPPE|ALARMER|INDBAKKER|KRITISKE|KVITTERET|DÆMPET|SIDEN|REGEL"
      ))
    for group in groups {
      let cells = [
        group.id, "\(group.alerts)", "\(group.inboxes)", "\(group.critical)", "\(group.acknowledged)",
        "\(group.silenced)", clock.stamp(at: group.oldest), group.rule?.shown ?? "-",
      ]
      table.add(cells.map(Printable.text))
    }
    if !table.isEmpty { Output.print(table.text) }
    Output.note(groups.count.counted(("group", "groups"), ("gruppe", "grupper")))
  }

  /// A group, as JSON.
  private struct GroupLine: Encodable {
    let group: String
    let kind: String
    let rule: String?
    let alerts: Int
    let inboxes: Int
    let critical: Int
    let acknowledged: Int
    let silenced: Int
    let oldest: Timestamp

    init(_ group: RuleGroup) {
      self.group = group.id
      kind = group.key.kind.rawValue
      rule = group.rule?.shown
      alerts = group.alerts
      inboxes = group.inboxes
      critical = group.critical
      acknowledged = group.acknowledged
      silenced = group.silenced
      oldest = group.oldest
    }
  }
}
