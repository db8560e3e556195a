// Collects everything that waits in an account's IN into an archive folder:
//
//     CollectFiles filsluse.yaml flis /var/archive

import ExchangeSettings
import FileExchange
import Foundation
import SystemPackage

guard CommandLine.arguments.count == 4 else {
  print("usage: CollectFiles SETTINGS ACCOUNT FOLDER")
  exit(64)
}
let settingsFile = FilePath(CommandLine.arguments[1])
let account = CommandLine.arguments[2]
let archive = FilePath(CommandLine.arguments[3])

do {
  // begin snippet
  let exchange = try await Exchange.open(try ExchangeSettings.load(settingsFile))
  let report = await exchange.collect(from: account) { arrival in
    // The file is removed from the server when this has returned. Until then the closure may be called again
    // for the same transfer, after a crash for one: so each transfer has one place, and is written there as a whole.
    let place = archive.appending("\(arrival.id)-\(arrival.name)")
    let content = try Data(contentsOf: URL(filePath: arrival.path.string))
    try content.write(to: URL(filePath: place.string), options: .atomic)
    print(arrival.fileTransferUUID, arrival.name, arrival.size, arrival.sender)
  }
  for problem in report.problems { print(problem) }
  try await exchange.close()
  // end snippet

  exit(report.problems.isEmpty ? 0 : 75)
} catch {
  print(error)
  exit(1)
}
