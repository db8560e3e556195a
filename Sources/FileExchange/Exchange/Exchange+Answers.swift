internal import ExchangeSettings
internal import FilsluseSystem
import Glibc
internal import Logging
internal import SystemPackage

extension Exchange {
  /// Delivers the business receipts that the account's receivers gave as answers, each exactly once.
  ///
  /// An answer is in the journal before anything is done about it. Its name in OUT and its content never change, so that
  /// the delivery that carries it is always the same one, however often it is asked for.
  func sendAnswers(of account: Account, ledger: CollectionLedger) async {
    do throws(ExchangeError) {
      let answers = try await journal.answersToSend(of: account.name)
      guard !answers.isEmpty else { return }
      let folder = InboxFolder.path(of: account, settings).appending(".answers")
      var orders: [DeliveryOrder] = []
      for answer in answers { orders += [try await order(for: answer, in: folder)].compactMap { $0 } }
      let reports = await deliver(orders, options: DeliveryOptions(waitForReceipts: nil))
      for (answer, report) in zip(answers, reports) {
        if let delivery = report.delivery {
          let isSent = delivery.state.isCommitted || delivery.state.isFinished
          try await journal.noteAnswer(to: answer.arrival, sentBy: delivery.id, isSent: isSent)
          if isSent {
            try await remove(report.order.file)
            ledger.note { $0.answersSent.append(delivery) }
          }
        }
        if let error = report.error { ledger.add(problem: error) }
      }
    } catch {
      ledger.add(problem: error)
    }
  }

  /// The order that sends an answer, with the file that it sends.
  private func order(for answer: BusinessAnswer, in folder: FilePath) async throws(ExchangeError) -> DeliveryOrder? {
    guard let route = answer.route else { return nil }
    let name = answer.wireName
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let folder = try LocalFolder(creating: folder)
      if try folder.contains(name), try folder.holds(answer.document, under: name) { return }
      try folder.remove(name)
      let file = try LocalFile(name, in: folder, flags: O_WRONLY | O_CREAT | O_EXCL)
      try file.write(answer.document, at: 0)
      try file.synchronize()
    }
    return DeliveryOrder(file: folder.appending(name), route: route, wireName: name)
  }

  /// What has been sent is in the journal; its file is of no more use.
  private func remove(_ file: FilePath) async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      guard unlink(file.string) == 0 || errno == ENOENT else { throw LocalFile.failure("remove", file, errno) }
    }
  }
}

extension BusinessAnswer {
  /// Its name in OUT: made of the platform's id alone, so that no answer has another one's name and none says more of
  /// the file than the platform knows. An id that is not as the platform writes them is hashed.
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
