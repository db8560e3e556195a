// Sends an extract of many municipalities: to each its own lines, by its own route, with a trigger.
//
//     SendExtract filsluse.yaml flis udtræk_2026-11-30.csv parts
//
// After an interruption of any kind the same command finishes the work, and sends nothing twice.

import ExchangeSettings
import FileExchange
import Foundation
import SystemPackage

guard CommandLine.arguments.count == 5 else {
  print("usage: SendExtract SETTINGS ROUTES EXTRACT FOLDER")
  exit(64)
}
let settingsFile = FilePath(CommandLine.arguments[1])
let routes = CommandLine.arguments[2]
let extract = FilePath(CommandLine.arguments[3])
let folder = FilePath(CommandLine.arguments[4])

do {
  // All parts are written before the first is sent: an extract that is not as expected sends nothing.
  var orders: [DeliveryOrder] = []
  for part in try Extract(reading: extract).parts {
    orders.append(DeliveryOrder(file: try part.write(into: folder), route: "\(routes)-\(part.municipality)"))
  }
  let exchange = try await Exchange.open(try ExchangeSettings.load(settingsFile))
  let results = await exchange.deliver(orders)
  try await exchange.close()

  var accepted = 0
  for (order, result) in zip(orders, results) {
    switch result {
    case .success(let delivery):
      print("\(delivery.wireName) is \(delivery.state): \(delivery.outcome ?? "there is no receipt yet")")
      if delivery.state == .accepted { accepted += 1 }
    case .failure(let error):
      print("\(order.file): \(error)")
    }
  }
  exit(accepted == orders.count ? 0 : 75)
} catch let problem as Extract.Problem {
  print(problem)
  exit(65)
} catch {
  print(error)
  exit(1)
}
