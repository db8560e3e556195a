// swift-format-ignore-file
import ExchangeSettings
import FileExchange
import FilsluseSystem
import Logging
import SystemPackage

/// The README's example of the library, compiled here word for word; `ReadmeTests` compares the two.
func readmeExample() async throws {
// README begins
let settings = try ExchangeSettings.load("filsluse.yaml")
let exchange = try await Exchange.open(settings, logger: Logger(label: "example"))

for report in await exchange.deliver([DeliveryOrder(file: "udtræk_0101.csv", route: "flis-0101")]) {
  print(report.order.file, report.error?.description ?? report.delivery?.state.rawValue ?? "")
}
for arrival in await exchange.collect("fagsystem").collected {
  print(arrival.wireName, arrival.sender, arrival.size)
}
// README ends
}
