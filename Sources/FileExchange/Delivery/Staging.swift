internal import ExchangeSettings
internal import FilsluseSystem
internal import SystemPackage
internal import TriggerFiles

/// Turns an order into a delivery: reads and hashes the file, draws the ids, builds the trigger, asks the journal.
struct Staging: Sendable {
  let settings: ExchangeSettings
  let journal: Journal

  /// A staged delivery and the open file it was staged from.
  struct Staged: Sendable {
    let delivery: Delivery
    let file: StagedFile
    let wasKnown: Bool
  }

  func stage(_ order: DeliveryOrder) async throws(ExchangeError) -> Staged {
    let (route, account) = try routeAndAccount(of: order)
    let name = try wireName(of: order, suffixes: account.suffixes)
    let file = try await StagedFile.read(order.file)
    let new = try newDelivery(
      identity: .init(account: account.name, route: route.name, wireName: name.string, sha256: file.sha256),
      size: file.status.size, route: route, user: account.user, path: order.file)
    switch try await journal.stage(new, again: order.again) {
    case .staged(let delivery): return Staged(delivery: delivery, file: file, wasKnown: false)
    case .known(let delivery): return Staged(delivery: delivery, file: file, wasKnown: true)
    case .nameTaken(let holder):
      throw ExchangeError(
        .nameTaken, operation: "stage", path: name.string,
        message:
          "delivery \(holder.id) by route \(holder.route), with other content, holds this name and is not finished (\(holder.state.rawValue))",
        remedy: holder.state.isCommitted
          ? "wait for its receipt, or send under another name (--name)"
          : "finish it by sending its file again, cancel it (filsluse cancel \(holder.id)), or send under another name")
    }
  }

  private func routeAndAccount(of order: DeliveryOrder) throws(ExchangeError) -> (Route, Account) {
    guard let route = settings.route(named: order.route), let account = settings.account(named: route.account) else {
      let names = settings.routes.map(\.name)
      let known = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", … (\(names.count) in all)" : "")
      throw ExchangeError(
        .unknownRoute, operation: "stage", path: order.file.string,
        message: "there is no route named \(order.route) in \(settings.source)",
        remedy: names.isEmpty ? "add it under routes:" : "use one of: \(known)")
    }
    return (route, account)
  }

  private func wireName(of order: DeliveryOrder, suffixes: WireSuffixes) throws(ExchangeError) -> WireName {
    let text = order.wireName ?? order.file.lastComponent?.string ?? ""
    do {
      return try WireName(text, suffixes: suffixes)
    } catch {
      throw ExchangeError(
        .invalidDelivery, operation: "stage", path: text, message: "\(error)",
        remedy: "rename the file, or give it another name on the wire (--name)")
    }
  }

  private func newDelivery(
    identity: Delivery.Identity, size: UInt64, route: Route, user: String, path: FilePath
  ) throws(ExchangeError) -> Journal.NewDelivery {
    let sendersFileID = TransactionID.random().rawValue
    let transactionID = TransactionID.random()
    do throws(DocumentError) {
      let trigger = Trigger(
        fileDescriptor: try TriggerFiles.FileDescriptor(
          fileName: identity.wireName, sizeInBytes: size, sender: user, sendersFileID: sendersFileID,
          recipients: route.recipients),
        fileContentDescriptor: try content(of: route, transactionID: transactionID))
      return Journal.NewDelivery(
        identity: identity, size: size, localPath: path.string, infRef: route.addressing?.infRef,
        sendersFileID: sendersFileID, transactionID: route.addressing == nil ? nil : transactionID.rawValue,
        temporaryTriggerName: "\(sendersFileID.prefix(8)).part", trigger: trigger.xml())
    } catch {
      throw ExchangeError(
        .invalidDelivery, operation: "build the trigger", path: identity.wireName, message: "\(error)",
        remedy: "mend the route \(route.name) in \(settings.source)")
    }
  }

  private func content(
    of route: Route, transactionID: TransactionID
  ) throws(DocumentError) -> FileContentDescriptor {
    guard let addressing = route.addressing else { return .empty }
    return .routing(
      try RoutingInfo(
        infRef: addressing.infRef, senderITSystem: addressing.senderITSystem,
        senderAuthority: addressing.senderAuthority, transactionID: transactionID, senderTimestamp: .now(),
        recipientITSystem: route.recipientITSystem, recipientAuthority: addressing.recipientAuthority))
  }
}
