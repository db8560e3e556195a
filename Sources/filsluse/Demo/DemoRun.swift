import ExchangeSettings
import FileExchange
import FilsluseBase
import LocalPlatform
import Logging
import PickupWatch
import SystemPackage
import TriggerFiles

/// The steps of the demo: each does the work of a user's command, and shows that command.
struct DemoRun: Sendable {
  let platform: LocalPlatform
  let inputs: DemoInputs
  let folder: FilePath
  let logger: Logger

  private static let receivers = ["faktura", "flis", "lis-aarhus"]

  func carryOut() async throws -> DemoAccount {
    var account = DemoAccount(folder: folder.string)
    let classification = try await exchange(of: "fk-kla")
    account.add(
      try await send([DeliveryOrder(file: inputs.sortiment, route: "sortiment")], by: classification, as: "fk-kla"))
    let fagsystem = try await exchange(of: "fagsystem")
    let list = try DeliveryBatch(
      reading: try InputFile.read(inputs.list, upTo: 1 << 20), from: inputs.list, settings: fagsystem.settings)
    account.add(try await send(list.orders, by: fagsystem, as: "fagsystem"))

    var collected: [Exchange] = []
    for name in Self.receivers {
      let receiver = try await exchange(of: name)
      account.add(try await watch(receiver, as: name))
      account.add(try await collect(by: receiver, as: name))
      collected.append(receiver)
    }
    let comparison = DemoComparison(senders: [classification, fagsystem], receivers: collected)
    account.transmissions = try await comparison.transmissions()
    try await DemoDocuments(folder: folder.appending("documents")).write(from: [classification, fagsystem] + collected)
    return account
  }

  private func exchange(of system: String) async throws -> Exchange {
    let settings = try ExchangeSettings.load(platform.settingsFile(of: system))
    return try await Exchange.open(settings, logger: logger)
  }

  private func send(
    _ orders: [DeliveryOrder], by exchange: Exchange, as system: String
  ) async throws -> DemoAccount.Step {
    let progress = TransferLine(verb: "\(system): \(LocalizedText("sent", "sendt").shown)", files: orders.count)
    var options = Exchange.DeliveryOptions(waitForReceipts: .seconds(120))
    options.onProgress = { news in
      switch news {
      case .sent(let bytes): progress.add(bytes: bytes)
      case .staged(let delivery): progress.begin(delivery.wireName.string)
      case .triggered(let delivery): progress.addFile(delivery.wireName.string)
      case .settled, .nameTaken, .waiting: break
      }
    }
    let start = ContinuousClock.now
    let reports = await exchange.deliver(reporting: orders, options: options)
    progress.finish()
    for report in reports {
      if let error = report.error { Output.note("filsluse: \(system): \(error.inBothLanguages.shown)") }
    }
    let what = orders.count == 1 ? "FILE --route \(orders[0].route)" : "--batch list.csv"
    return DemoAccount.Step(
      system: system, command: "filsluse send \(what)",
      files: reports.filter { $0.bytesSent > 0 || !$0.wasFinishedBefore }.count,
      bytes: reports.reduce(0) { $0 + $1.bytesSent }, duration: .now - start)
  }

  private func watch(_ exchange: Exchange, as system: String) async throws -> DemoAccount.Look {
    let reports = try await WatchOnce(settings: exchange.settings, logger: logger).run()
    for report in reports {
      if let failure = report.failure { Output.note("filsluse: \(system): \(failure.inBothLanguages.shown)") }
    }
    return DemoAccount.Look(
      system: system, waiting: reports.reduce(0) { $0 + ($1.state?.files ?? 0) },
      findings: reports.reduce(0) { $0 + $1.findings.count })
  }

  private func collect(by exchange: Exchange, as system: String) async throws -> DemoAccount.Step {
    let progress = TransferLine(verb: "\(system): \(LocalizedText("fetched", "hentet").shown)", files: nil)
    let start = ContinuousClock.now
    var options = Exchange.CollectionOptions()
    options.onProgress = progress.note
    let report = await exchange.collect(system, options: options)
    progress.finish()
    for problem in report.problems { Output.note("filsluse: \(system): \(problem.inBothLanguages.shown)") }
    for arrival in report.quarantined {
      Output.note(
        "filsluse: \(system): \(arrival.wireName.string): \(arrival.reason?.text(in: OutputLanguage.current) ?? "")")
    }
    return DemoAccount.Step(
      system: system, command: "filsluse receive", files: report.collected.count, bytes: report.bytesFetched,
      duration: .now - start)
  }
}
