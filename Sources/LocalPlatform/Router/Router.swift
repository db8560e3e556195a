import FilsluseBase
import FoundationEssentials
import Logging
import SystemPackage
import TriggerFiles

/// The platform's router: takes complete pairs from every OUT, and puts data, metadata and receipts into the right IN.
///
/// It runs on its own thread and is all file work. Each step of a transfer is in its log first; see ``Transfer`` for
/// how it survives a crash.
///
/// A name that is in use in a recipient's IN, as data or as metadata, is never overwritten: the delivery and its
/// receipt wait until the recipient has removed the file, and then go on. So does a receipt whose name is in use in the
/// sender's IN. The log names the file it waits for, and says when it goes on.
///
/// The plan can be replaced while it works. Where the plan's files are followed, a delivery is decided only by a plan
/// that was compared with them after the delivery was taken.
struct Router {
  private let folders: PlatformFolders
  private let inUse: PlanInUse
  private var current: PlanInUse.Snapshot
  private let logger: Logger
  private let journal: RouterLog
  private var outboxes: [SystemOutbox]
  /// The transfers that are begun and not finished, oldest first.
  private var inHand: [Transfer] = []
  /// The complaints already logged, so that a lasting problem does not fill the log.
  private var complaints: Set<String> = []
  /// The transfers that wait for a name in use in an IN.
  private var heldBack: Set<String> = []
  /// So many transfers share one line-up of steps in the journal: many for the sake of speed, few so that a crash
  /// repeats little work.
  private static let atATime = 32

  /// Opens the router and goes on with what a former one left in hand, also with files of systems that a changed plan
  /// lacks.
  init(_ inUse: PlanInUse, folders: PlatformFolders, logger: Logger) throws(PlatformError) {
    self.folders = folders
    self.inUse = inUse
    self.logger = logger
    current = inUse.snapshot
    outboxes = Self.outboxes(of: current, in: folders)
    journal = try RouterLog(folders.journal)
    for open in journal.open {
      let sender = current.plan.system(named: open.sender)
      let transfer = Transfer(
        id: open.transfer, sender: sender ?? .gone(open.sender), name: open.name, folders: folders,
        recipients: open.recipients)
      if sender == nil { noteSenderGone(transfer) }
      inHand.append(transfer)
    }
    try clearUp()
  }

  private static func outboxes(of snapshot: PlanInUse.Snapshot, in folders: PlatformFolders) -> [SystemOutbox] {
    snapshot.plan.systems.map {
      SystemOutbox(system: $0, folder: folders.outbox(of: $0.name), settle: snapshot.settle)
    }
  }

  /// Takes up a plan that has replaced the former one.
  private mutating func takeUpPlan() {
    let former = current
    current = inUse.snapshot
    guard current.version != former.version else { return }
    outboxes = Self.outboxes(of: current, in: folders)
    for index in inHand.indices {
      let name = inHand[index].sender.name
      if let sender = current.plan.system(named: name) {
        inHand[index].sender = sender
      } else if former.plan.system(named: name) != nil {
        noteSenderGone(inHand[index])
      }
    }
  }

  private func noteSenderGone(_ transfer: Transfer) {
    logger.warning(
      "\(transfer.shown) is still in hand, and \(transfer.sender.name) is no longer in the plan: it is delivered where that was decided, and refused where not"
    )
  }

  /// Removes the folders of transfers that were finished when a former router died before clearing up after them.
  private func clearUp() throws(PlatformError) {
    for name in try FolderListing.names(in: folders.work).map({ String(decoding: $0, as: UTF8.self) }) {
      if journal.closed.contains(name) {
        try WholeFile.removeTree(folders.work.appending(name))
      } else if !inHand.contains(where: { $0.id == name }) {
        logger.warning(
          "a folder that the router's journal does not know is left alone", metadata: ["transfer": "\(name)"])
      }
    }
  }

  /// Looks into every OUT and does what there is to do.
  ///
  /// - Returns: whether anything was done, so that another look is worth while at once.
  /// - Throws: `PlatformError` only when the journal cannot be written: then nothing may go on. Other trouble is logged
  ///   and tried again.
  mutating func work() throws(PlatformError) -> Bool {
    takeUpPlan()
    try begin()
    let isTaken = try take()
    let isDecided = try decide()
    return try deliver() || isTaken || isDecided
  }

  private mutating func begin() throws(PlatformError) {
    var begun: [Transfer] = []
    for index in outboxes.indices {
      var outbox = outboxes[index]
      let system = outbox.system
      let look = attempt("looking into OUT of \(system.name)") { () throws(PlatformError) in try outbox.look() }
      outboxes[index] = outbox
      guard let look else { continue }
      for reason in look.strange {
        logger.warning(
          "a trigger that no delivery can come of",
          metadata: ["user": "\(system.name)", "why": "\(Masked.name(reason))"])
      }
      for name in look.pairs where !isBeingTaken(name, from: system) {
        begun.append(Transfer(id: UUID().uuidString.lowercased(), sender: system, name: name, folders: folders))
      }
    }
    try journal.append(begun.map { ($0.id, .take(sender: $0.sender.name, name: $0.name)) })
    inHand += begun
  }

  private func isBeingTaken(_ name: WireName, from system: PlatformSystem) -> Bool {
    inHand.contains { $0.recipients == nil && $0.name == name && $0.sender.name == system.name }
  }

  private mutating func take() throws(PlatformError) -> Bool {
    let habits = current.habits
    var dropped: [Transfer] = []
    for index in inHand.indices where inHand[index].recipients == nil && !inHand[index].isTaken {
      let transfer = inHand[index]
      switch attempt("taking \(transfer.shown)", { () throws(PlatformError) in try transfer.take(habits) }) {
      case true?: inHand[index].takenAt = ContinuousClock.now
      case false?: dropped.append(transfer)
      case nil: break
      }
    }
    try leave(dropped, as: .drop)
    return !dropped.isEmpty
  }

  private mutating func decide() throws(PlatformError) -> Bool {
    let (routing, habits) = (Routing(plan: current.plan), current.habits)
    var steps: [(transfer: String, step: RouterLog.Step)] = []
    let undecided = inHand.indices.filter {
      inHand[$0].recipients == nil && inHand[$0].isTaken && isPlanCurrent(for: inHand[$0])
    }
    for index in undecided.prefix(Self.atATime) {
      var transfer = inHand[index]
      let decided = attempt("deciding on \(transfer.shown)") { () throws(PlatformError) in
        try transfer.decide(routing, habits)
      }
      guard let step = decided else { continue }
      inHand[index] = transfer
      steps.append((transfer.id, step))
      log(transfer, step)
    }
    guard !steps.isEmpty else { return false }
    try WholeFile.makeAllDurable(in: folders.work)
    try journal.append(steps)
    return true
  }

  /// True if the plan is no older than the delivery: a route may have been added or removed just before it was sent.
  private func isPlanCurrent(for transfer: Transfer) -> Bool {
    guard let comparedAt = current.comparedAt, let takenAt = transfer.takenAt else { return true }
    return comparedAt > takenAt
  }

  private mutating func deliver() throws(PlatformError) -> Bool {
    var delivered: [Transfer] = []
    for transfer in inHand where transfer.recipients != nil {
      switch attempt("delivering \(transfer.shown)", { () throws(PlatformError) in try transfer.deliver() }) {
      case true?:
        delivered.append(transfer)
        if heldBack.remove(transfer.id) != nil { logger.info("\(transfer.shown) goes on: its name is free") }
      case false?: noteHeldBack(transfer)
      case nil: break
      }
    }
    try leave(delivered, as: .finish)
    return !delivered.isEmpty
  }

  private mutating func noteHeldBack(_ transfer: Transfer) {
    let names = transfer.namesInTheWay
    guard !names.isEmpty, heldBack.insert(transfer.id).inserted else { return }
    let places = names.map { "\(Masked.name($0.name)) still lies in IN of \($0.system)" }.joined(separator: ", ")
    logger.warning(
      "\(transfer.shown) is held back: \(places)",
      metadata: ["detail": "\(Remedy("nothing is overwritten; it goes on when that is removed\(by: .receive)"))"])
  }

  private mutating func leave(_ transfers: [Transfer], as step: RouterLog.Step) throws(PlatformError) {
    guard !transfers.isEmpty else { return }
    try journal.append(transfers.map { ($0.id, step) })
    for transfer in transfers {
      _ = attempt("clearing up after \(transfer.shown)") { () throws(PlatformError) in try transfer.clear() }
    }
    let gone = Set(transfers.map(\.id))
    inHand.removeAll { gone.contains($0.id) }
    heldBack.subtract(gone)
    if inHand.isEmpty { complaints = [] }
  }

  /// Runs one step; its failure is logged once, and the step is tried again at the next look.
  private mutating func attempt<Value>(_ what: String, _ step: () throws(PlatformError) -> Value) -> Value? {
    do {
      return try step()
    } catch {
      complain("\(what) failed: \(error.message)", error.description)
      return nil
    }
  }

  private mutating func complain(_ what: String, _ detail: String) {
    guard complaints.insert(what).inserted else { return }
    logger.warning("\(what)", metadata: ["detail": "\(Masked.name(detail))"])
  }

  private func log(_ transfer: Transfer, _ step: RouterLog.Step) {
    let about: Logger.Metadata = [
      "transfer": "\(transfer.id)", "file": "\(Masked.name(transfer.name.string))", "from": "\(transfer.sender.name)",
    ]
    switch step {
    case .distribute(let recipients):
      logger.info("distributed", metadata: about.merging(["to": "\(recipients.joined(separator: ","))"]) { $1 })
    case .refuse(let reasons):
      let codes = reasons.map { "\($0.code.rawValue)" }.joined(separator: ",")
      logger.info("refused", metadata: about.merging(["codes": "\(codes)"]) { $1 })
    case .take, .finish, .drop: break
    }
  }
}

extension Transfer {
  /// The transfer as a log line names it.
  var shown: String { "\(Masked.name(name.string)) of \(sender.name)" }
}

extension PlatformSystem {
  /// A system that the plan lacks, of which a file is still in hand. Its folders are left.
  fileprivate static func gone(_ name: String) -> PlatformSystem {
    PlatformSystem(
      name: name, title: name, itSystem: .made(for: "system \(name)"), authority: .ofTestSeries("9003"))
  }
}
