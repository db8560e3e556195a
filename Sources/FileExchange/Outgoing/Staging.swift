internal import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// Turns an order into a delivery: reads and hashes the file, draws the ids, builds the trigger, asks the journal.
struct Staging: Sendable {
  let settings: ExchangeSettings
  let journal: Journal
  /// Called with each remark on a route for a person, at each order by that route.
  var onRemark: @Sendable (LocalizedText) -> Void = { _ in }

  /// A staged delivery and the file it was staged from. Hundreds are under way at a time, each in the frames of many
  /// functions: they share it.
  final class Staged: Sendable {
    let delivery: Delivery
    let file: StagedFile
    /// True if the delivery is new.
    let isNew: Bool

    init(delivery: Delivery, file: StagedFile, isNew: Bool = false) {
      self.delivery = delivery
      self.file = file
      self.isNew = isNew
    }
  }

  /// An order, checked and completed, before the journal is asked.
  struct Draft: Sendable {
    let new: NewDelivery
    let file: StagedFile
    let again: Bool

    var identity: Delivery.Identity { new.identity }
  }

  func stage(_ order: DeliveryOrder) async throws(ExchangeError) -> Staged { try await stage(try await draft(order)) }

  /// Reads an order's file, draws the ids and builds the trigger.
  func draft(_ order: DeliveryOrder) async throws(ExchangeError) -> Draft {
    // Reports errors in the order before a long file is read.
    let checked = try await checked(order)
    let file = try await StagedFile.read(order.file)
    if let content = order.content, content != file.sha256 { throw StagedFile.changed(order.file) }
    return try draft(checked, file: file, localPath: order.file.absolute.string)
  }

  /// Drafts the order of a file that is read already; `localPath` is its path in the journal.
  func draft(_ order: DeliveryOrder, file: StagedFile, localPath: String) async throws(ExchangeError) -> Draft {
    try draft(try await checked(order), file: file, localPath: localPath)
  }

  /// Checks an order by the present settings, such as one whose delivery was begun under earlier ones.
  ///
  /// - Throws: `ExchangeError` with code `unknown-route`, `route-not-cleared`, `invalid-delivery` or
  ///   `wrong-municipality`.
  func check(_ order: DeliveryOrder) async throws(ExchangeError) { _ = try await checked(order) }

  /// Checks an order, on the threads for hashing if a data specification must be read.
  private func checked(_ order: DeliveryOrder) async throws(ExchangeError) -> CheckedOrder {
    let reads = settings.route(named: order.route)?.standing?.specification != nil
    let checked =
      reads
      ? try await StagedFile.readers.run { () throws(ExchangeError) in try CheckedOrder(order, settings) }
      : try CheckedOrder(order, settings)
    for remark in checked.remarks { onRemark(remark) }
    return checked
  }

  private func draft(_ checked: CheckedOrder, file: StagedFile, localPath: String) throws(ExchangeError) -> Draft {
    let (order, route, size) = (checked.order, checked.route, file.status.size)
    let built = try NewTrigger(for: checked, size: size, settings: settings)
    let new = NewDelivery(
      identity: .init(
        account: checked.account.name, route: route.name, wireName: checked.name, sha256: file.sha256),
      size: size, localPath: localPath, infRef: route.addressing?.infRef,
      sendersFileID: built.sendersFileID, transactionID: built.transactionID?.rawValue,
      temporaryTriggerName: "\(built.sendersFileID).part", trigger: built.document,
      retryOf: order.retryOf, notes: built.notes)
    return Draft(new: new, file: file, again: order.again)
  }

  /// Adds the delivery to the journal, or finds an earlier run's there.
  func stage(_ draft: Draft) async throws(ExchangeError) -> Staged {
    switch try await journal.stage(draft.new, again: draft.again) {
    case .staged(let delivery): return Staged(delivery: delivery, file: draft.file, isNew: true)
    case .known(let delivery): return Staged(delivery: delivery, file: draft.file)
    case .nameTaken(let holder): throw Self.nameTaken(draft.identity.wireName, by: holder)
    }
  }

  static func nameTaken(_ name: WireName, by holder: Delivery) -> ExchangeError {
    let danishRemedy: Remedy =
      holder.state.awaitsReceipt
      ? "Vent på dens kvittering, send under et andet navn (\(.nameOnWire) eller rutens name:), eller opgiv den\(by: .giveUp("D\(holder.id)"))."
      : "Gør den færdig ved at sende dens fil igen, annullér den\(by: .cancel("D\(holder.id)")), eller send under et andet navn (\(.nameOnWire) eller rutens name:)."
    return ExchangeError(
      .nameTaken, operation: "send", path: name.string,
      message:
        "delivery D\(holder.id) by route \(holder.route) holds this name in OUT and is not finished (\(holder.state.rawValue))",
      remedy: holder.state.awaitsReceipt
        ? "wait for its receipt, send under another name (\(.nameOnWire), or name: of the route), or give it up\(by: .giveUp("D\(holder.id)"))"
        : "finish it by sending its file again, cancel it\(by: .cancel("D\(holder.id)")), or send under another name (\(.nameOnWire), or name: of the route)"
    ).inDanish(
      "Leveringen D\(holder.id) ad ruten \(holder.route) har navnet \(name.string) i OUT og er ikke slut (\(holder.state.title.da)). \(danishRemedy.inDanish)"
    )
  }
}
