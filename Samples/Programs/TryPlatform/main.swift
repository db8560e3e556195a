// Sends a file through a platform on this machine and collects it at the other end:
//
//     TryPlatform /tmp/platform udtræk_0101.csv

import FileExchange
import Foundation
import LocalPlatform
import Logging
import SystemPackage

guard CommandLine.arguments.count == 3 else {
  print("usage: TryPlatform FOLDER FILE")
  exit(64)
}
let folder = FilePath(CommandLine.arguments[1])
let file = FilePath(CommandLine.arguments[2])

do {
  // begin snippet
  try await withLocalPlatform(at: folder, plan: .demo, logger: Logger(label: "platform")) { platform in
    // A real SSH server runs now, and every system of the plan has settings that are ready to use.
    let sender = try await Exchange.open(platform.settings(for: "fagsystem"))
    let delivery = try await sender.deliver(file: file, route: "flis-0101")
    print("\(delivery.wireName) is \(delivery.state)")

    let recipient = try await Exchange.open(platform.settings(for: "flis"))
    _ = await recipient.collect(from: "flis") { arrival in
      print("\(arrival.name) came from \(arrival.sender) and lies at \(arrival.path)")
    }
    try await sender.close()
    try await recipient.close()
  }
  // end snippet
} catch {
  print(error)
  exit(1)
}
