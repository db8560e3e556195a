// Looks once for what lies too long, comes too late or gets no receipt:
//
//     WatchInbox filsluse.yaml

import ExchangeSettings
import Foundation
import Logging
import PickupWatch
import SystemPackage
import TriggerFiles

guard CommandLine.arguments.count == 2 else {
  print("usage: WatchInbox SETTINGS")
  exit(64)
}
let settingsFile = FilePath(CommandLine.arguments[1])

do {
  // begin snippet
  // The rules stand under "watch" in the settings. Nothing is fetched, and nothing on the server is changed.
  let settings = try ExchangeSettings.load(settingsFile)
  for report in try await WatchOnce(settings: settings, logger: Logger(label: "example")).run() {
    print(report.account, report.findings.isEmpty ? "has nothing to tell" : "")
    for finding in report.findings {
      print(finding.severity, finding.kind.rawValue, finding.fileName ?? "", finding.rule?.en ?? "")
    }
  }
  // end snippet
} catch {
  print(error)
  exit(1)
}
