internal import FilsluseSFTP
internal import FilsluseBase

/// A report in the making, which fetching and handing over add to at the same time.
final class CollectionRecorder: Sendable {
  private let state: Locked<CollectionReport>
  private let handedToProgram = Locked<Set<Int64>>([])
  private let kept = Locked(0)
  private let suspected = Locked(Suspected())
  private let texts = Locked(SharedTexts())

  private struct Suspected: Sendable {
    var last: [RemotePath: CollectionRun.Suspected] = [:]
    var losses: [RemotePath: Int] = [:]
  }

  init(account: String) { state = Locked(CollectionReport(account: account)) }

  var report: CollectionReport { state.withLock { $0 } }

  func note(_ change: (inout CollectionReport) -> Void) { state.withLock { change(&$0) } }

  func add(_ arrival: Arrival, to arrivals: WritableKeyPath<CollectionReport, [Arrival]>) {
    let summary = summary(of: arrival)
    note { $0[keyPath: arrivals].append(summary) }
  }

  /// Returns an arrival as a report has it: there may be tens of thousands.
  func summary(of arrival: Arrival) -> Arrival { texts.withLock { arrival.withoutMetadata(sharing: &$0) } }

  func add(problem: ExchangeError) { note { $0.problems.append(problem) } }

  /// The number of steps that the next connection continues from.
  var steps: Int { report.collected.count + kept.withLock { $0 } }

  /// Notes that bytes were kept for the next connection.
  func noteKept() { kept.withLock { $0 += 1 } }

  /// Returns true if an arrival may be handed to its program: once in each call, even if the connection is opened
  /// again.
  func mayHandOver(_ arrival: Arrival) -> Bool { handedToProgram.withLock { $0.insert(arrival.id).inserted } }

  /// True if any file was left for last.
  var hasLast: Bool { suspected.withLock { !$0.last.isEmpty } }

  /// The paths of the files that were left for last.
  var leftForLast: [RemotePath] { suspected.withLock { Array($0.last.keys) } }

  func leaveForLast(_ item: CollectionRun.Suspected, at path: RemotePath) {
    // An arrival that is here already is found first, and its pair in IN is that same thing.
    suspected.withLock { if $0.last[path] == nil { $0.last[path] = item } }
  }

  func last(at path: RemotePath) -> CollectionRun.Suspected? { suspected.withLock { $0.last[path] } }

  func finishLast(_ path: RemotePath) { suspected.withLock { _ = $0.last.removeValue(forKey: path) } }

  /// Returns the number of connections lost at a file in this call, while it alone was being worked on.
  func losses(at path: RemotePath) -> Int { suspected.withLock { $0.losses[path] ?? 0 } }

  func noteLoss(at path: RemotePath) { suspected.withLock { $0.losses[path, default: 0] += 1 } }

  /// Resets the results of the last look when another one begins.
  func beginLook() {
    suspected.withLock { $0.last = [:] }
    note { report in
      report.waiting = []
      report.quarantined = []
      report.setAside = []
      // The replacement of the inbox is found only once, by the first look.
      report.problems.removeAll { $0.code != .folderGone }
      report.sawEverything = false
      report.namesSeen = 0
    }
  }
}
