internal import ExchangeSettings
internal import FilsluseBase
import Glibc
internal import Logging
internal import SystemPackage
internal import TriggerFiles

extension Exchange {
  /// Delivers the business receipts that the account's receivers gave as answers, each exactly once.
  ///
  /// An answer is in the journal before it is sent. Its name in OUT and its content never change, so a repeated call
  /// always finds the same delivery.
  ///
  /// One process at a time sends the answers of an account; another waits for it, and sends the remaining ones.
  func sendAnswers(of account: Account, recorder: CollectionRecorder) async {
    do throws(ExchangeError) {
      guard try await !journal.answersToSend(of: account.name).isEmpty else { return }
      try await withAnswerClaim(of: account, while: "send business receipts") { () async throws(ExchangeError) in
        try await sendClaimedAnswers(of: account, recorder: recorder)
      }
    } catch {
      recorder.add(problem: error)
    }
  }

  private func withAnswerClaim<Result>(
    of account: Account, while operation: String, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result {
    let claim = ClaimSubject.answers(ofAccount: account.name)
    if let result = try await journal.withClaim(on: claim, waiting: patience.reply, body) { return result }
    throw ExchangeError(
      .claimedElsewhere, operation: operation, path: account.name,
      message: "another process sends the business receipts of this account",
      remedy: "wait for that one, or run the same command again")
  }

  private func sendClaimedAnswers(
    of account: Account, recorder: CollectionRecorder
  ) async throws(ExchangeError) {
    let folder = try await answerFolder(of: account, makesInbox: false)
    let answers = try await unsent(try await journal.answersToSend(of: account.name), folder: folder)
    var orders: [DeliveryOrder] = []
    for (answer, route) in answers {
      let name = answer.wireName
      try await write(answer.document, as: name, into: folder)
      var order = DeliveryOrder(file: folder.path.appending(name), route: route, wireName: name)
      order.isNamedByExchange = true
      order.content = SHA256.digest(of: answer.document)
      orders.append(order)
    }
    let reports = await deliver(reporting: orders, options: DeliveryOptions(waitForReceipts: nil))
    for ((answer, _), report) in zip(answers, reports) {
      if let delivery = report.delivery {
        if !delivery.state.isToBeSent {
          try await close(answer, sentBy: delivery.id, folder: folder)
          recorder.note { $0.answersSent.append(delivery) }
        } else {
          try await journal.noteAnswer(to: answer.arrival, sentBy: delivery.id, isSent: false)
        }
      }
      if let error = report.error { recorder.add(problem: error) }
    }
  }

  /// Sends an answer again, from its copy in the journal, after its delivery ended without the platform taking it.
  ///
  /// The new delivery is linked to the answer as soon as it is staged, so that the next collection continues it
  /// wherever this call is interrupted.
  func retry(
    _ answer: BusinessAnswer, carriedBy delivery: Delivery, options: DeliveryOptions
  ) async throws(ExchangeError) -> DeliveryReport {
    var order = DeliveryOrder(
      file: FilePath(delivery.localPath), route: delivery.route, wireName: delivery.wireName.string, again: true)
    order.retryOf = delivery.ordinal
    order.isNamedByExchange = true
    let receiver = try await journal.arrival(answer.arrival).flatMap { settings.account(named: $0.account) }
    let sender = try settings.resolveRoute(of: order).1
    let account = receiver ?? sender
    return try await withAnswerClaim(of: account, while: "retry") { () async throws(ExchangeError) in
      let folder = try await answerFolder(of: account, makesInbox: true)
      return try await retryClaimed(answer, by: order, from: folder, options: options)
    }
  }

  private func retryClaimed(
    _ answer: BusinessAnswer, by order: DeliveryOrder, from folder: LocalFolder, options: DeliveryOptions
  ) async throws(ExchangeError) -> DeliveryReport {
    var order = order
    try await write(answer.document, as: answer.wireName, into: folder)
    order.file = folder.path.appending(answer.wireName)
    order.content = SHA256.digest(of: answer.document)
    let staged = try await staging.stage(order)
    try await journal.noteAnswer(to: answer.arrival, sentBy: staged.delivery.id, isSent: false)
    let report = try await deliver(staged, as: order, options: options)
    if let sent = report.delivery, !sent.state.isToBeSent {
      try await close(answer, sentBy: sent.id, folder: folder)
    }
    return report
  }

  /// Returns the folder of the answers' files, in the account's inbox. The collection has opened the inbox; if it is
  /// gone now, its disk may not be mounted.
  private func answerFolder(of account: Account, makesInbox: Bool) async throws(ExchangeError) -> LocalFolder {
    let inbox = InboxFolder.path(of: account, settings)
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      if makesInbox { return try LocalFolder(creating: inbox).ownSubfolder(".answers") }
      try LocalFolder.requirePresence(at: inbox)
      return try LocalFolder(opening: inbox).ownSubfolder(".answers")
    }
  }

  /// Returns the answers still to be sent, without those whose delivery a person cancelled.
  private func unsent(
    _ answers: [BusinessAnswer], folder: LocalFolder
  ) async throws(ExchangeError) -> [(answer: BusinessAnswer, route: String)] {
    var unsent: [(answer: BusinessAnswer, route: String)] = []
    for answer in answers {
      guard let route = answer.route else { continue }
      if let id = answer.delivery, let delivery = try await journal.delivery(id), delivery.state.isFinished {
        try await close(answer, sentBy: id, folder: folder)
      } else {
        unsent.append((answer, route))
      }
    }
    return unsent
  }

  /// Records that an answer is sent. Its file is removed first: a run interrupted in between writes it again, and the
  /// known delivery is not sent again; in the other order the file would stay for ever.
  private func close(
    _ answer: BusinessAnswer, sentBy delivery: Int64, folder: LocalFolder
  ) async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.remove(answer.wireName) }
    try await journal.noteAnswer(to: answer.arrival, sentBy: delivery, isSent: true)
  }

  private func write(_ document: [UInt8], as name: String, into folder: LocalFolder) async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      if try folder.contains(name), try folder.holds(document, under: name) { return }
      try folder.remove(name)
      let file = try LocalFile(name, in: folder, flags: O_WRONLY | O_CREAT | O_EXCL)
      try file.write(document, at: 0)
      try file.synchronize()
    }
  }
}

extension BusinessAnswer {
  /// Its name in OUT, made of the platform's id only, so that it is unique and reveals no more of the file than the
  /// platform knows. An id in another form than the platform's is hashed.
  var wireName: String {
    let isPlain =
      (1...64).contains(fileTransferUUID.utf8.count)
      && fileTransferUUID.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-")
      }
    let id = isPlain ? fileTransferUUID : String(SHA256.digest(of: Array(fileTransferUUID.utf8)).hex.prefix(32))
    return "business-receipt-\(id).xml"
  }
}
