// Delivers one file with its trigger, and waits for the platform's receipt:
//
//     DeliverFile filsluse.yaml flis-0101 udtræk_0101.csv
//
// After an interruption of any kind the same command finishes the delivery, and sends nothing twice.

import ExchangeSettings
import FileExchange
import Foundation
import SystemPackage

guard CommandLine.arguments.count == 4 else {
  print("usage: DeliverFile SETTINGS ROUTE FILE")
  exit(64)
}
let settingsFile = FilePath(CommandLine.arguments[1])
let route = CommandLine.arguments[2]
let file = FilePath(CommandLine.arguments[3])

do {
  // begin snippet
  let settings = try ExchangeSettings.load(settingsFile)
  let exchange = try await Exchange.open(settings)
  let delivery = try await exchange.deliver(file: file, route: route)
  print("\(delivery.wireName) is \(delivery.state): \(delivery.outcome ?? "there is no receipt yet")")
  try await exchange.close()
  // end snippet
} catch {
  // An error says what failed, where, and what to do about it.
  print(error)
  exit(1)
}
