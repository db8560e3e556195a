internal import ExchangeSettings
internal import FilsluseBase
internal import Foundation
internal import SystemPackage
internal import TriggerFiles

/// Resolves observed problems whose cause is gone, raises those that no loop notices, and records the looks into IN and
/// the number of connections.
struct ProblemCheck: Sendable {
  let reporter: RunReporter
  private let begin = ContinuousClock.now
  private var promised: [String: ContinuousClock.Instant] = [:]

  /// A disk with less than this takes no file.
  static let spare: UInt64 = 8 << 20
  /// The time within which a look must confirm a problem observed by an earlier process.
  private static let confirmation = Duration.seconds(60)
  /// A look into IN is noted in the journal not more often than this.
  private static let notedEvery = Duration.seconds(60)

  init(reporter: RunReporter) { self.reporter = reporter }

  mutating func carryOut(_ exchange: Exchange, _ folders: [OpenedWatchedFolder]) async {
    await reporter.reporting { () async throws(ExchangeError) in
      try await noteLooks(exchange)
      try await endHandedOver(exchange.journal)
      for account in exchange.settings.accounts where account.mostConnections != nil {
        try await exchange.journal.noteConnections(of: account.name)
      }
    }
    await endGone()
    await checkDisks([exchange.settings.journal.removingLastComponent()] + folders.map(\.rules.path))
    if .now - begin > Self.confirmation {
      for problem in reporter.problems.takenUp where problem.kind == .folderGone {
        reporter.isOver(problem.key, LocalizedText("the folder can be used", "Mappen kan bruges."))
      }
    }
  }

  /// Promises looks into the IN of each account, and records those that were made.
  private mutating func noteLooks(_ exchange: Exchange) async throws(ExchangeError) {
    for (name, moment) in reporter.takeLooks() {
      guard let account = exchange.settings.account(named: name) else { continue }
      if let last = promised[name], .now - last < Self.notedEvery { continue }
      try await exchange.journal.noteLook(
        into: name, at: moment, nextWithin: max(exchange.patience.uncollected, account.poll * 3))
      promised[name] = .now
    }
    for account in exchange.settings.accounts where promised[account.name] == nil {
      try await exchange.journal.promiseLook(
        into: account.name, within: max(exchange.patience.uncollected, account.poll * 3))
      // The first look is noted at once.
      promised[account.name] = .now - Self.notedEvery
    }
  }

  /// Resolves problems of arrivals that another process has handed over or set aside.
  private func endHandedOver(_ journal: Journal) async throws(ExchangeError) {
    for problem in reporter.problems.open where problem.kind == .handOverStuck {
      guard let number = problem.number, let id = Int64(number.dropFirst()) else { continue }
      let arrival = try await journal.arrival(id)
      if let arrival, arrival.state == .verified || arrival.state == .handingOver { continue }
      reporter.isOver(
        problem.key,
        LocalizedText(
          "\(number) is \(arrival?.state.rawValue ?? "no longer in the journal")",
          arrival == nil ? "\(number) er ikke længere i journalen." : "\(number) er kommet videre."))
    }
  }

  /// Resolves problems of files that are gone from their place.
  private func endGone() async {
    let open = reporter.problems.open
    let gone = open.filter { $0.kind == .folderGone }.map { FilePath($0.key.subject) }
    let placed = open.filter { problem in
      problem.place.map { place in !gone.contains { FilePath(place).starts(with: $0) } } ?? false
    }
    if placed.isEmpty { return }
    let over = await BlockingThreads.shared.run { placed.filter { Self.isGone($0.place ?? "", of: $0.kind) } }
    for problem in over {
      reporter.isOver(
        problem.key,
        LocalizedText("\(problem.place ?? "") is gone, or empty", "\(problem.place ?? "") er væk eller tom."))
    }
  }

  /// Returns true if a path does not exist, or is an empty folder for files of this kind. A path that cannot be checked
  /// is not gone.
  private static func isGone(_ place: String, of kind: OpenProblem.Kind) -> Bool {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: place)
      // A folder in the place of a file is a problem itself, even if it is empty.
      guard kind == .removedUnfinished || kind == .setAside,
        attributes[.type] as? FileAttributeType == .typeDirectory
      else { return false }
      var holdsNone = true
      try LocalFolder(opening: FilePath(place)).forEachName { name in
        holdsNone = name == Array(OpenedWatchedFolder.reasonName.utf8)
        return holdsNone
      }
      return holdsNone
    } catch let error as CocoaError {
      return error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
    } catch {
      return false
    }
  }

  /// Raises problems of full disks, and resolves those with room again.
  private func checkDisks(_ places: [FilePath]) async {
    let free = await BlockingThreads.shared.run {
      places.map { path in (path.string, try? LocalFolder.freeBytes(at: path)) }
    }
    for (path, free) in free {
      // A folder that cannot be looked at is another problem.
      guard let free else { continue }
      if free < Self.spare {
        reporter.attention(
          .diskFull, account: "", of: path,
          LocalizedText(
            "\(path): the disk has \(free.groupedBytes) left; make room, before files and journal cannot be written",
            "\(path): disken har \(free.grouped) byte tilbage. Skaf plads, før filer og journal ikke kan skrives."))
      } else if free >= 2 * Self.spare {
        reporter.isOver(
          .diskFull, account: "", of: path,
          LocalizedText(
            "\(path): the disk has \(free.groupedBytes) left", "\(path): disken har \(free.grouped) byte tilbage."))
      }
    }
  }
}
