import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// The remarks on the routes of a run that stop nothing, said once on standard error.
struct RouteRemarks {
  private let lines: [String]

  /// Judges each route once.
  init(of routes: [String], settings: ExchangeSettings) {
    let today = WallClock.denmark.reading(at: .now).day
    var lines: [String] = []
    var seen: Set<String> = []
    for name in routes where seen.insert(name).inserted {
      guard let route = settings.route(named: name) else { continue }
      let clearance = RouteClearance(
        route, settings: settings, today: today, specification: DataSpecification.digest)
      for remark in clearance.remarks where !lines.contains(remark.message.en) {
        lines.append("\(name): \(remark.message.en); \(remark.remedy.en)")
      }
    }
    self.lines = lines
  }

  /// Says them.
  func note() {
    for line in lines { Output.note(Printable.text("filsluse: warning: \(line)")) }
  }
}
