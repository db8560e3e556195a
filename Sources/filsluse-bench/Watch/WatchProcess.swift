import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import FoundationEssentials
import Logging
import PickupWatch
import SystemPackage

/// `filsluse-bench watch-process`: a watcher that reports its own use of resources; started by `filsluse-bench watch`.
struct WatchProcess: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch-process", abstract: "Be the watcher of a measurement.", shouldDisplay: false)

  enum Manner: String, ExpressibleByArgument {
    /// Connections are made once.
    case kept
    /// Connections are made for each scan, as `watch --once` does.
    case connecting
    /// A day is lived through.
    case day
  }

  @Argument var settings: String
  @Argument var manner: Manner
  @Option var scans = 5
  @Option var hours = 24
  @Option var pairs = 100
  @Option var folder: [String] = []

  static let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
  private static let idle = Duration.seconds(10)

  func run() async throws {
    // As filsluse watch does.
    Heaps.shareFew()
    let settings = try ExchangeSettings.load(FilePath(settings))
    switch manner {
    case .day:
      try await WatchedDay(settings: settings, folders: folder.map { FilePath($0) }, pairs: pairs).live(hours: hours)
    case .connecting:
      let report = try await report(connecting: nil) {
        try await WatchOnce(settings: settings, logger: Self.quiet).run()
      }
      try show(report)
    case .kept:
      let start = ContinuousClock.now
      let round = try await KeptRound(settings)
      let connecting = (ContinuousClock.now - start) / .seconds(1)
      try show(try await report(connecting: connecting) { try await round.run() })
      try await round.end()
    }
  }

  private func report(
    connecting: Double?, _ scan: () async throws -> [AccountReport]
  ) async throws -> ScanReport {
    let first = try await figure(scan)
    var later: [ScanFigure] = []
    for _ in 0..<scans {
      try await Task.sleep(for: .seconds(1))
      later.append(try await figure(scan))
    }
    let before = try ProcessUse()
    try await Task.sleep(for: Self.idle)
    let after = try ProcessUse()
    return ScanReport(
      connecting: connecting, first: first, later: later, mostKilobytes: after.mostKilobytes,
      idleShare: (after.processorSeconds - before.processorSeconds) / (Self.idle / .seconds(1)))
  }

  private func figure(_ scan: () async throws -> [AccountReport]) async throws -> ScanFigure {
    let before = try ProcessUse()
    let start = ContinuousClock.now
    let reports = try await scan()
    let taken = (ContinuousClock.now - start) / .seconds(1)
    let after = try ProcessUse()
    // The scan must have found all the files: a scan that fails is quick.
    for report in reports { if let failure = report.failure { throw failure } }
    return ScanFigure(
      seconds: taken, processorSeconds: after.processorSeconds - before.processorSeconds,
      kilobytesWritten: after.kilobytesWritten - before.kilobytesWritten, kilobytes: after.kilobytes,
      files: reports.reduce(0) { $0 + ($1.state?.files ?? 0) })
  }

  private func show(_ report: ScanReport) throws {
    print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
  }
}
