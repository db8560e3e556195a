import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import PickupWatch

/// A watched server whose settings name a journal that exchanges have made.
struct ProblemScene {
  let watched: WatchedServer
  let journal: Journal

  var settings: ExchangeSettings { watched.settings }
  private var log: FilePath { watched.state.appending("told-by-run") }

  /// The notifier of a `filsluse run` that has just begun, with a program under `alert:`.
  func notifier() -> (notifier: AlertCommandNotifier, reporter: RunReporter) {
    var settings = settings
    settings.alert = AlertCommand(command: ["/bin/sh", "-c", "cat >>\"$0\"", log.string])
    let exchange = Exchange(settings: settings, journal: journal, logger: WatchedServer.quiet)
    let reporter = RunReporter(logger: WatchedServer.quiet, problems: ObservedProblems(in: journal)) { _ in }
    return (AlertCommandNotifier(exchange, reporter, gap: .zero), reporter)
  }

  /// The alerts that the program of `filsluse run` got: `kind resolved`.
  func toldByRun() throws -> [String] {
    struct Told: Decodable {
      let kind: String
      let resolved: Bool
    }
    guard let data = FileManager.default.contents(atPath: log.string) else { return [] }
    return try data.split(separator: UInt8(ascii: "\n")).map { line in
      let told = try JSONDecoder().decode(Told.self, from: Data(line))
      return "\(told.kind) \(told.resolved ? "over" : "open")"
    }
  }

  /// Adds an arrival that was left in IN.
  func quarantine(_ name: String, account: String = "a") async throws {
    let uuid = SystemID.random().rawValue
    let metadata = try WatchedServer.metadata(name, size: 7, infRef: "SortimentOverfør_1", uuid: uuid)
    var arrival = try await journal.see(
      NewArrival(
        account: account, fileTransferUUID: uuid, wireName: JournalledName(kept: name), size: 7,
        infRef: InfRef(unchecked: "SortimentOverfør_1"),
        sender: "flis", metadata: metadata))
    arrival.reason = .notPermitted(
      infRef: InfRef(unchecked: "SortimentOverfør_1"), objections: [.sender("flis", route: "ind")], isSortiment: false)
    _ = try await journal.transition(arrival, .refused)
  }

  /// Adds a delivery that the platform has refused.
  func refuse(_ name: String, again: Bool = false) async throws {
    let id = SystemID.random().rawValue
    let staging = try await journal.stage(
      NewDelivery(
        identity: .init(
          account: "a", route: "nabo", wireName: WireName(unchecked: name), sha256: SHA256.digest(of: Array(name.utf8))),
        size: 7, localPath: "/srv/ud/\(name)", infRef: nil, sendersFileID: id, transactionID: nil,
        temporaryTriggerName: "\(id.prefix(8)).part", trigger: Array("<trigger/>".utf8)), again: again)
    guard case .staged(var delivery) = staging else { throw Errno.invalidArgument }
    for state in [DeliveryState.uploading, .uploaded, .armed, .triggered] {
      delivery = try await journal.transition(delivery, to: state).required()
    }
    delivery.fileTransferUUID = SystemID.random().rawValue
    delivery.outcome = "17 Ukendt rute"
    _ = try await journal.transition(delivery, .receipt(accepted: false), detail: delivery.outcome).required()
  }

  func watch(
    _ adjust: (inout ExchangeSettings) -> Void = { _ in }, _ body: @Sendable (WatcherAtWork) async throws -> Void
  ) async throws {
    var settings = settings
    adjust(&settings)
    try await WatcherAtWork.with(settings, in: watched.state, body)
  }

  func close(_ subject: String) async throws {
    let closed = try await journal.closeProblems(about: subject, of: settings.accounts, because: "sendt pr. brev")
    #expect(!closed.isEmpty)
  }
}

/// Runs `body` with a watched server that is looked into often, and a journal.
func withProblemScene(_ body: @escaping @Sendable (ProblemScene) async throws -> Void) async throws {
  try await withWatchedServer { watched in
    var watched = watched
    watched.settings.watch.lookEvery = .milliseconds(300)
    watched.settings.journal = watched.state.appending("journal.sqlite")
    let journal = try await Journal.open(watched.settings.journal)
    try await body(ProblemScene(watched: watched, journal: journal))
    try await journal.close()
  }
}
