internal import ExchangeSettings
internal import FilsluseBase
public import SystemPackage
internal import TriggerFiles

extension Exchange {
  /// The delivery of that number as the journal has it; `nil` where there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func delivery(_ id: Int64) async throws(ExchangeError) -> Delivery? { try await journal.delivery(id) }

  /// The arrival of that number as the journal has it; `nil` where there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func arrival(_ id: Int64) async throws(ExchangeError) -> Arrival? { try await journal.arrival(id) }

  /// The result of retrying a delivery.
  public enum RetryOutcome: Sendable {
    /// Its file is in the watched folder again, where `filsluse run` takes it.
    case putBack(FilePath)
    /// It was delivered, or failed.
    case delivered(DeliveryReport)
  }

  /// Retries a delivery that ended without the platform taking it: it was refused, cancelled, set aside or given up; or
  /// it is unfinished and no process is working on it.
  ///
  /// A file from a watched folder is put back there. Any other is delivered now, from its former path. If only the
  /// trigger is missing, no file is needed; a business receipt is in the journal. If a later try is in progress or was
  /// accepted, nothing is sent again: that one continues, or is reported.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-delivery`, `invalid-delivery` if it was accepted, waits for its
  ///   receipt, or its file has changed, `file-missing` if its file is gone, and `unknown-route`.
  public func retry(
    _ id: Int64, options: DeliveryOptions = DeliveryOptions()
  ) async throws(ExchangeError) -> RetryOutcome {
    let delivery = try await known(id, for: "retry")
    guard let route = settings.route(named: delivery.route) else {
      throw ExchangeError(
        .unknownRoute, operation: "retry", message: "its route \(delivery.route) is not in \(settings.routeFiles.en)",
        remedy: "use the settings that it was sent with"
      ).inDanish(
        "Ruten \(delivery.route) står ikke i \(settings.routeFiles.da). Brug de indstillinger, den blev sendt med.")
    }
    if delivery.state == .accepted || delivery.state.awaitsReceipt {
      throw ExchangeError(
        .invalidDelivery, operation: "retry", path: delivery.wireName.string,
        message: "it is \(delivery.state.rawValue)",
        remedy: delivery.state == .accepted
          ? "there is nothing to try again; \(.sendAgain) sends it anew"
          : "wait for its receipt, or give it up first\(by: .giveUp("D\(id)"))"
      ).inDanish(Self.noRetry(of: delivery).inDanish)
    }
    if delivery.state.isFinished, let later = try await journal.laterTry(of: delivery) {
      guard later.state == .accepted || later.state.awaitsReceipt else {
        return try await retry(later.id, options: options)
      }
      let order = DeliveryOrder(file: FilePath(later.localPath), route: later.route, wireName: later.wireName.string)
      return .delivered(
        DeliveryReport(order: order, delivery: later, error: nil, wasFinishedBefore: true, bytesSent: 0))
    }
    if let answer = try await journal.answer(carriedBy: delivery) {
      return .delivered(try await retry(answer, carriedBy: delivery, options: options))
    }
    if let path = try await putBack(delivery, into: route) { return .putBack(path) }
    if delivery.state.isAboutToBeCommitted { return .delivered(try await finish(delivery, options: options)) }
    let file = try await StagedFile.read(FilePath(delivery.localPath))
    guard file.sha256 == delivery.sha256 else {
      throw ExchangeError(
        .invalidDelivery, operation: "retry", path: delivery.localPath, message: "the file has another content by now",
        remedy: "send it as what it is now\(by: .send)"
      ).inDanish("Filen \(delivery.localPath) har et andet indhold nu. Send den som det, den er nu.")
    }
    var order = DeliveryOrder(
      file: file.path, route: delivery.route, wireName: delivery.wireName.string, again: delivery.state.isFinished)
    order.retryOf = delivery.ordinal
    order.holdsMunicipality = try await journal.statedMunicipality(of: id)
    order.overrideReason = try await journal.overrideReason(of: id)
    let reports = await deliver(reporting: [order], options: options)
    guard let report = reports.first else { throw .cancelled(while: "retry") }
    return .delivered(report)
  }

  /// The reason in Danish why a delivery that is accepted, or waits for its receipt, is not tried again.
  private static func noRetry(of delivery: Delivery) -> Remedy {
    delivery.state == .accepted
      ? "Leveringen er \(delivery.state.title.da): der er intet at prøve igen. \(.sendAgain) sender den igen."
      : "Leveringen er \(delivery.state.title.da). Vent på kvitteringen, eller opgiv den først\(by: .giveUp("D\(delivery.id)"))."
  }

  /// Finishes a delivery whose data was already in OUT when it stopped, with its file or without.
  private func finish(
    _ delivery: Delivery, options: DeliveryOptions
  ) async throws(ExchangeError) -> DeliveryReport {
    var file = StagedFile.unread(of: delivery)
    do throws(ExchangeError) {
      // For a file from a watched folder the journal has no full path, so there is nothing to read.
      if TakenFile(journalPath: delivery.localPath) == nil { file = try await StagedFile.read(file.path) }
    } catch {
      guard error.code == .fileMissing || error.code == .fileChanged else { throw error }
    }
    let order = DeliveryOrder(file: file.path, route: delivery.route, wireName: delivery.wireName.string)
    return try await deliver(Staging.Staged(delivery: delivery, file: file), as: order, options: options)
  }

  /// Puts a file from a watched folder back into it; `nil` for a file from elsewhere, and for one that is gone and not
  /// needed.
  private func putBack(_ delivery: Delivery, into route: Route) async throws(ExchangeError) -> FilePath? {
    guard let item = TakenFile(journalPath: delivery.localPath) else { return nil }
    guard let rules = route.outgoing else {
      if delivery.state.isAboutToBeCommitted { return nil }
      throw ExchangeError(
        .unknownRoute, operation: "retry", path: item.name,
        message: "it came from a watched folder, and its route \(route.name) has none in \(settings.file(of: route))",
        remedy: "put the file into a watched folder, or send it"
      ).inDanish(
        "Filen kom fra en overvåget mappe, og ruten \(route.name) har ingen i \(settings.file(of: route)). Læg den i en overvåget mappe, eller send den."
      )
    }
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let folder = try OpenedWatchedFolder(opening: rules, route: route.name)
      if try folder.taken.contains(item.nameInTaken) {
        throw ExchangeError(
          .invalidDelivery, operation: "retry", path: item.name,
          message: "it is \(delivery.state.rawValue), and on its way",
          remedy: "\(.run) sees to it"
        ).inDanish("Leveringen er \(delivery.state.title.da) og på vej.")
      }
      guard let place = try folder.restingPlace(of: delivery) else {
        if delivery.state.isAboutToBeCommitted { return nil }
        throw ExchangeError(
          .fileMissing, operation: "retry", path: item.name,
          message: "its file lies neither in \(rules.path)/refused nor in \(rules.path)/set-aside",
          remedy: "put the file into \(rules.path) yourself"
        ).inDanish(
          "Filen \(item.name) ligger hverken i \(rules.path)/refused eller i \(rules.path)/set-aside. Læg den selv i \(rules.path)."
        )
      }
      try folder.putBack(item, from: place)
      return rules.path.appending(item.name)
    }
  }
}
