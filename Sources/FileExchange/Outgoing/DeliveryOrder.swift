public import ExchangeSettings
internal import FilsluseBase
public import SystemPackage
internal import TriggerFiles

/// A wish to have one local file delivered by one route.
public struct DeliveryOrder: Sendable, Hashable {
  /// The local file.
  public var file: FilePath
  /// The route's name in the settings.
  public var route: String
  /// The name in OUT; the local file's own name when `nil`.
  public var wireName: String?
  /// Sends even where the same content was delivered by the same route and name before.
  public var again: Bool
  /// The code of the municipality that the file holds by the sender's statement, whatever its name seems to say; the
  /// journal keeps the statement. `nil` for none.
  public var holdsMunicipality: String?
  /// A person's reason for sending although the route register refuses it, for the journal; `nil` for none.
  public var overrideReason: String?
  /// The file's own name if it has another one for a while; `nil` for the last part of its path.
  var localName: String?
  /// True if the exchange itself made the name, of ids, so that it contains no municipality.
  var isNamedByExchange = false
  /// The ordinal of the earlier delivery that is retried; a later try is not repeated.
  var retryOf: Int?
  /// The hash of the file's content, where that is known: another content, such as that of a link put in its place, is
  /// not sent.
  var content: SHA256Digest?

  /// Orders a delivery.
  public init(
    file: FilePath, route: String, wireName: String? = nil, again: Bool = false, holdsMunicipality: String? = nil,
    overrideReason: String? = nil
  ) {
    self.file = file
    self.route = route
    self.wireName = wireName
    self.again = again
    self.holdsMunicipality = holdsMunicipality
    self.overrideReason = overrideReason
  }
}

/// The result of one order.
public struct DeliveryReport: Sendable {
  /// The order.
  public let order: DeliveryOrder
  /// The delivery in its present state; `nil` when it could not be staged.
  public let delivery: Delivery?
  /// The error that stopped it, if one did.
  public let error: ExchangeError?
  /// True if an earlier run had finished it, and nothing was sent now.
  public let wasFinishedBefore: Bool
  /// Bytes of data sent by this run.
  public let bytesSent: UInt64

  /// The delivery, or the error that stopped it.
  public var result: Result<Delivery, ExchangeError> {
    if let error { return .failure(error) }
    guard let delivery else { return .failure(.cancelled(while: "deliver")) }
    return .success(delivery)
  }
}

extension DeliveryOrder {
  /// Checks that the local and the wire name mention at most one municipality, and no other than the route's (contract
  /// section 5). Every way to send a file calls this before anything is on the wire.
  ///
  /// - Returns: the journal's note on a stated or ignored municipality; `nil` for none.
  /// - Throws: `ExchangeError` with code `wrong-municipality`.
  @discardableResult
  public func checkMunicipality(by route: Route) throws(ExchangeError) -> String? {
    guard !isNamedByExchange else { return nil }
    // A statement is kept and checked by any route.
    guard let rule = route.municipalityRule ?? (holdsMunicipality != nil ? RouteMunicipalityRule() : nil) else {
      return nil
    }
    let local = localName ?? file.lastComponent?.string ?? ""
    do throws(MunicipalityContradiction) {
      return try rule.judge(
        local: local, wire: wireName ?? route.wireName(of: local) ?? local, stated: holdsMunicipality)
    } catch {
      let remedy: Remedy =
        error.statement.map { "\(error.remedy)\(by: .stateMunicipality($0))" } ?? Remedy(error.remedy.en)
      throw ExchangeError(
        .wrongMunicipality, operation: "send", path: local,
        message: error.message.en + (route.name.isEmpty ? "" : " (route \(route.name))"), remedy: remedy
      ).inDanish("Filen sendes ikke: \(error.message.da). Hvad der kan gøres: \(error.remedy.da).")
    }
  }
}

extension DeliveryOrder {
  /// Returns a remark on a number in the names that looks like a municipality's code and is none's, perhaps a slip.
  ///
  /// The contract refuses names that mention another municipality. Such a number mentions none, so the file is sent.
  ///
  /// - Returns: the remark; `nil` where the names mention a municipality, or the sender states one.
  func remarkOnUnknownCode(by route: Route) -> LocalizedText? {
    guard !isNamedByExchange, holdsMunicipality == nil, let rule = route.municipalityRule, let code = rule.municipality
    else { return nil }
    let local = localName ?? file.lastComponent?.string ?? ""
    let names = [local, wireName ?? route.wireName(of: local) ?? local]
    guard names.allSatisfy({ MunicipalityMention.all(in: $0).isEmpty }),
      let number = names.lazy.flatMap({ MunicipalityMention.unknownCodes(in: $0) })
        .first(where: { !rule.passedOver.contains($0) })
    else { return nil }
    let (name, title) = (Masked.name(local), Municipality(code: code)?.title ?? code)
    return LocalizedText(
      "\(name): “\(number)” in the name is no municipality's code, and the file goes by route \(route.name), which is for \(title); if it is a slip, correct the name",
      "\(name): „\(number)“ i navnet er ingen kommunes kode, og filen går ad ruten \(route.name), som er til \(title); er det en skrivefejl, så ret navnet"
    )
  }
}

extension DeliveryOrder {
  /// Checks that the route register lets files go by the order's route (contract sections 4 and 5).
  ///
  /// - Returns: the refusal that the order overrides, for the journal; `nil` for none. And the remarks on the route,
  ///   for a person; they stop nothing.
  /// - Throws: `ExchangeError` with code `route-not-cleared`.
  func checkClearance(of route: Route, settings: ExchangeSettings) throws(ExchangeError) -> (
    override: OverriddenRefusal?, remarks: [LocalizedText]
  ) {
    let clearance = RouteClearance(
      route, settings: settings, today: WallClock.denmark.reading(at: .now).day,
      specification: DataSpecification.digest)
    let remarks = clearance.remarks.map { remark in
      LocalizedText(
        "\(remark.isOfThisRoute ? "route \(route.name): " : "")\(remark.message.en); \(remark.remedy.en)",
        "\(remark.isOfThisRoute ? "ruten \(route.name): " : "")\(remark.message.da); \(remark.remedy.da)")
    }
    guard !clearance.refusals.isEmpty else { return (nil, remarks) }
    let messages = clearance.refusals.map(\.message.en).joined(separator: "; ")
    let danish = clearance.refusals.map(\.message.da).joined(separator: "; ")
    if let overrideReason {
      let reason = Masked.name(overrideReason)
      // One reason may be given for a whole list, so the message names each route that it overrides.
      let overridden = LocalizedText(
        "route \(route.name): \(messages); it is sent for the reason that was given",
        "ruten \(route.name): \(danish); den sendes af den grund, der er angivet")
      return (OverriddenRefusal(route: route.name, refusals: messages, reason: reason), remarks + [overridden])
    }
    let remedies = clearance.refusals.map(\.remedy)
    let (english, inDanish) = (
      remedies.map(\.en).joined(separator: "; "), remedies.map(\.da).joined(separator: "; ")
    )
    let whole: Remedy =
      "Ruten \(route.name) må ikke bruges: \(danish). Hvad der kan gøres: \(inDanish)\(by: .overrideRefusal)."
    throw ExchangeError(
      .routeNotCleared, operation: "check the route", path: route.name, message: messages,
      remedy: "\(english)\(by: .overrideRefusal)"
    ).inDanish(whole.inDanish)
  }
}
