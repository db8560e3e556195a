public import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
public import TriggerFiles

/// A trigger that was built for a data file, with the ids drawn for this one transmission (contract section 3).
public struct NewTrigger: Sendable {
  /// The trigger.
  public let trigger: Trigger
  /// The trigger's bytes in OUT.
  public let document: [UInt8]
  /// The sender's own name for the transmission.
  public let sendersFileID: String
  /// The transmission's id; `nil` on a direct route, because its trigger has no element for it.
  public let transactionID: TransactionID?
  /// The journal's note on a municipality that was stated, or ignored in the file's name; `nil` for none.
  public var municipalityNote: String? { notes.municipality }
  /// The notes on the checks of the order, for the journal.
  private(set) var notes = StagingNotes()

  /// Builds the trigger of a data file by an order's route, account and name on the wire, all from the settings, and
  /// checks that as a whole it may be sent (contract sections 3, 4 and 7).
  ///
  /// - Throws: `ExchangeError` with code `unknown-route`, `route-not-cleared`, `wrong-municipality` or
  ///   `invalid-delivery`.
  public init(for order: DeliveryOrder, size: UInt64, settings: ExchangeSettings) throws(ExchangeError) {
    try self.init(for: try CheckedOrder(order, settings), size: size, settings: settings)
  }

  /// Builds the trigger of an order with checked names.
  ///
  /// - Throws: `ExchangeError` with code `invalid-delivery`.
  init(for checked: CheckedOrder, size: UInt64, settings: ExchangeSettings) throws(ExchangeError) {
    let (route, account, name) = (checked.route, checked.account, checked.name)
    do throws(DocumentError) {
      try self.init(fileName: name.string, size: size, route: route, user: account.user)
      try SendRules(user: account.user, suffixes: account.suffixes, register: settings.register).check(
        trigger, document: document)
    } catch {
      throw ExchangeError(
        .invalidDelivery, operation: "build the trigger", path: name.string, message: "\(error)",
        remedy: "mend the route \(route.name) in \(settings.file(of: route))"
      ).inDanish(
        "Triggeren for \(name.string) kan ikke sendes. \(error.inDanish) Ret ruten \(route.name) i \(settings.file(of: route))."
      )
    }
    notes = checked.notes
  }

  /// Builds the trigger of a data file by a route outside the settings. `SendRules` decides whether it may be sent.
  ///
  /// - Throws: `ExchangeError` with code `wrong-municipality`, or `invalid-delivery` with every value that is invalid
  ///   in a trigger.
  public init(for order: DeliveryOrder, size: UInt64, by route: Route, user: String) throws(ExchangeError) {
    let name = order.wireName ?? order.file.lastComponent?.string ?? ""
    let note = try order.checkMunicipality(by: route)
    do throws(DocumentError) {
      try self.init(fileName: name, size: size, route: route, user: user)
    } catch {
      throw ExchangeError(
        .invalidDelivery, operation: "build the trigger", path: name, message: "\(error)",
        remedy: "correct the value"
      ).inDanish("Triggeren for \(name) kan ikke bygges. \(error.inDanish)")
    }
    notes.municipality = note
  }

  /// Builds the trigger of a data file with a checked name.
  ///
  /// - Throws: `DocumentError` with every value that is invalid in a trigger.
  private init(fileName: String, size: UInt64, route: Route, user: String) throws(DocumentError) {
    sendersFileID = TransactionID.random().rawValue
    let transactionID = TransactionID.random()
    trigger = Trigger(
      fileDescriptor: try DataFileDescriptor(
        fileName: fileName, sizeInBytes: size, sender: user, sendersFileID: sendersFileID,
        recipients: route.recipients),
      fileContentDescriptor: try route.content(transactionID: transactionID))
    document = trigger.xml()
    self.transactionID = route.addressing == nil ? nil : transactionID
  }
}

extension Route {
  fileprivate func content(transactionID: TransactionID) throws(DocumentError) -> FileContentDescriptor {
    guard let addressing else { return .empty }
    return .routing(
      try RoutingInfo(
        infRef: addressing.infRef, senderITSystem: addressing.senderITSystem,
        senderAuthority: addressing.senderAuthority, transactionID: transactionID, senderTimestamp: .now(),
        recipientITSystem: recipientITSystem, recipientAuthority: addressing.recipientAuthority))
  }
}

extension ExchangeSettings {
  /// The route that an order names, and its account.
  ///
  /// - Throws: `ExchangeError` with code `unknown-route`.
  func resolveRoute(of order: DeliveryOrder) throws(ExchangeError) -> (Route, Account) {
    guard let route = route(named: order.route), let account = account(named: route.account) else {
      throw UnknownRoute(order.route, in: self).error(operation: "send", path: order.file.string)
    }
    return (route, account)
  }
}

/// A checked order with its route, its account and its name in OUT (contract sections 5 and 7).
struct CheckedOrder: Sendable {
  let order: DeliveryOrder
  let route: Route
  let account: Account
  let name: WireName
  /// The notes on the checks, for the journal.
  let notes: StagingNotes
  /// Remarks on the route, for a person; they do not stop the delivery.
  let remarks: [LocalizedText]

  /// Checks an order before its file is read.
  ///
  /// - Throws: `ExchangeError` with code `unknown-route`, `route-not-cleared`, `invalid-delivery` or
  ///   `wrong-municipality`.
  init(_ order: DeliveryOrder, _ settings: ExchangeSettings) throws(ExchangeError) {
    self.order = order
    (route, account) = try settings.resolveRoute(of: order)
    let clearance = try order.checkClearance(of: route, settings: settings)
    remarks = clearance.remarks + [order.remarkOnUnknownCode(by: route)].compactMap(\.self)
    name = try order.nameOnWire(by: route, suffixes: account.suffixes)
    notes = StagingNotes(
      municipality: try order.checkMunicipality(by: route),
      statedMunicipality: order.holdsMunicipality.flatMap(Municipality.init(code:))?.code,
      override: clearance.override)
  }
}

extension DeliveryOrder {
  /// The name that the data file has in OUT: the order's, or by its route's rule, or the file's own.
  ///
  /// - Throws: `ExchangeError` with code `invalid-delivery` when the wire cannot carry it.
  func nameOnWire(by route: Route, suffixes: WireSuffixes) throws(ExchangeError) -> WireName {
    let text: String
    if let wireName {
      text = wireName
    } else {
      let own = file.lastComponent?.string ?? ""
      text = route.wireName(of: own) ?? own
    }
    do {
      return try WireName(text, suffixes: suffixes)
    } catch {
      throw ExchangeError(
        .invalidDelivery, operation: "send", path: text, message: "\(error)",
        remedy: "rename the file, or give it another name on the wire\(by: .nameOnWire)"
      ).inDanish("Navnet \(error.danishName) kan ikke bruges på serveren: \(error.message.da).")
    }
  }
}
