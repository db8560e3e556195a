// Takes over the files that wait in an account's IN, checks each, and answers its sender:
//
//     ReceiveInbox filsluse.yaml flis /var/archive

import ExchangeSettings
import FileExchange
import Foundation
import SystemPackage

guard CommandLine.arguments.count == 4 else {
  print("usage: ReceiveInbox SETTINGS ACCOUNT FOLDER")
  exit(64)
}
let settingsFile = FilePath(CommandLine.arguments[1])
let account = CommandLine.arguments[2]
let archive = Archive(folder: FilePath(CommandLine.arguments[3]))

do {
  let exchange = try await Exchange.open(try ExchangeSettings.load(settingsFile))
  // A file is removed from the server when this closure has returned.
  let report = await exchange.collectAndAnswer(from: account) { arrival in try archive.take(arrival) }
  try await exchange.close()

  for arrival in report.collected { print("\(arrival.wireName) from \(arrival.sender) is taken over") }
  for arrival in report.quarantined + report.setAside {
    print("\(arrival.wireName) waits for a person: \(arrival.reason?.description ?? "\(arrival.state)")")
  }
  for problem in report.problems { print(problem) }
  let isDone = report.problems.isEmpty && report.quarantined.isEmpty && report.setAside.isEmpty
  exit(isDone ? 0 : 75)
} catch {
  print(error)
  exit(1)
}
