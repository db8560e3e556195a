import ArgumentParser
import ExchangeSettings
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts show`: the whole life of an alert.
struct AlertsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: LocalizedText(
      "Show an alert's life: seen, sent by which sink, acknowledged by whom, silenced, resolved.",
      "Vis en alarms forløb: set, sendt ad hvilken kanal, kvitteret af hvem, dæmpet, løst."
    ).shown)

  @Argument(
    help: ArgumentHelp("The alert's number, as alerts list shows it.", "Alarmens nummer, som alerts list viser det."),
    completion: Proposals.openAlerts, transform: AlertsCommand.number)
  var alert: Int64

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let clock = try settings.load().watch.alerts.wallClock
    guard let life = try await settings.openAlerts().life(ofAlert: alert) else { throw AlertsCommand.missing(alert) }
    let silences = [life.silence].compactMap(\.self)
    if output.json {
      let line = LifeLine(alert: AlertLine(life.alert, silences: silences), life: life.events.map(EventLine.init))
      return try Output.print(json: line)
    }
    var head = Table(
      header: (
        "ALERT|STATE|SEVERITY|ACCOUNT|FINDING|SINCE|INFREF|FILE", "ALARM|TILSTAND|ALVOR|KONTO|FUND|SIDEN|INFREF|FIL"
      ))
    head.add(AlertLine(life.alert, silences: silences).row(by: clock).map(Printable.text))
    Output.print(head.text)
    var table = Table(header: ("TIME|EVENT|BY|WHY", "TID|HÆNDELSE|AF|HVORFOR"))
    for event in life.events {
      let times = event.times > 1 ? " × \(event.times)" : ""
      let number = event.silence ?? event.group
      let words = event.what.words.shown + (number.map { " (\($0))" } ?? "") + times
      let sink = event.sink.map { SinkName.title(of: $0).shown }
      let cells = [
        clock.stamp(at: event.at), words, sink ?? event.by.map(Masked.name) ?? "-",
        event.why.map { Masked.name($0.shown) } ?? "-",
      ]
      table.add(cells.map(Printable.text))
    }
    if !table.isEmpty { Output.print(table.text) }
  }

  /// The life, as JSON.
  private struct LifeLine: Encodable {
    let alert: AlertLine
    let life: [EventLine]
  }

  /// An event, as JSON.
  private struct EventLine: Encodable {
    let at: Timestamp
    let event: String
    let sink: String?
    let reason: String?
    let times: Int
    let last: Timestamp?
    let by: String?
    let why: String?
    let act: Int64?
    let silence: Int64?
    let group: Int64?

    init(_ event: AlertLifeEvent) {
      at = event.at
      self.event = event.what.rawValue
      sink = event.sink
      reason = event.reason?.rawValue
      times = event.times
      last = event.last
      by = event.by.map(Masked.name)
      why = event.why.map { Masked.name($0.shown) }
      act = event.act
      silence = event.silence
      group = event.group
    }
  }
}
