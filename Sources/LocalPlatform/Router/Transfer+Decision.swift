import TriggerFiles

extension Transfer {
  /// Decides who gets the file and prepares all files to deliver. Nothing leaves the folder, so it can be repeated.
  ///
  /// Making the written files durable is left to the caller, who has many to decide.
  ///
  /// - Returns: the decision.
  mutating func decide(
    _ routing: Routing, _ habits: PlatformBehaviour = PlatformBehaviour()
  ) throws(PlatformError) -> RouterLog.Step {
    let read = Result { () throws(Refusals) in try readTrigger() }
    let judged = read.flatMap { trigger in
      Result { () throws(Refusals) in
        let recipients = try judge(trigger, routing)
        if habits.receipts == .errors {
          throw Refusals(.routeNotOrdered, "this router's habit is to refuse every delivery")
        }
        return recipients.map(\.name)
      }
    }
    receiptDueAt = Nanoseconds.now + Nanoseconds(habits.receiptDelay)
    switch (read, judged) {
    case (.success(let trigger), .success(let names)):
      recipients = names
      try prepare(trigger, habits)
      return .distribute(recipients: names)
    case (_, .failure(let refusals)), (.failure(let refusals), _):
      recipients = []
      let sendersFileID = try? read.get().fileDescriptor.sendersFileID
      try writeReceipt(refusing: refusals, sendersFileID: sendersFileID)
      return .refuse(refusals.reasons)
    }
  }

  private func readTrigger() throws(Refusals) -> Trigger {
    guard FileState(trigger)?.isRegular == true, let bytes = try? WholeFile.read(trigger) else {
      throw Refusals(.unreadableTrigger, "it is no regular file, or far too large")
    }
    do throws(DocumentError) {
      return try Trigger(reading: bytes)
    } catch {
      throw Refusals(.unreadableTrigger, error.description)
    }
  }

  private func judge(_ trigger: Trigger, _ routing: Routing) throws(Refusals) -> [PlatformSystem] {
    guard let state = FileState(data), state.isRegular else {
      throw Refusals(.missingData, "beside the trigger lay no regular file called \(name.string)")
    }
    return try routing.recipients(of: trigger, from: sender, name: name, size: state.size)
  }
}

// Everything to be delivered is written before anything is.
extension Transfer {
  private func prepare(_ trigger: Trigger, _ habits: PlatformBehaviour) throws(PlatformError) {
    try WholeFile.makeReadable(data)
    let recipients = recipients ?? []
    for recipient in recipients.dropLast() { try WholeFile.copy(data, to: data(for: recipient)) }
    let documents = try Self.writing { () throws(DocumentError) in
      let metadata = try FileMetadata(
        fileTransferUUID: id, fileDescriptor: trigger.fileDescriptor,
        fileContentDescriptor: trigger.fileContentDescriptor)
      let receipt = try TechnicalReceipt(
        fileTransferUUID: id, sendersFileID: trigger.fileDescriptor.sendersFileID, outcome: .receipt(message: "SUCCESS")
      )
      return (metadata: metadata.xml(as: habits.metadataRoot), receipt: receipt.xml())
    }
    for recipient in recipients { try WholeFile.draft(documents.metadata, at: metadata(for: recipient)) }
    if habits.receipts != .never { try WholeFile.draft(documents.receipt, at: receipt) }
    if habits.receipts == .twice { try WholeFile.draft(documents.receipt, at: secondReceipt) }
  }

  private func writeReceipt(refusing refusals: Refusals, sendersFileID: String?) throws(PlatformError) {
    let bytes = try Self.writing { () throws(DocumentError) in
      var errors: [ReceiptError] = []
      for reason in refusals.reasons { errors.append(try reason.receiptError()) }
      return try TechnicalReceipt(fileTransferUUID: id, sendersFileID: sendersFileID, outcome: .errors(errors)).xml()
    }
    try WholeFile.draft(bytes, at: receipt)
  }

  private static func writing<Bytes>(_ body: () throws(DocumentError) -> Bytes) throws(PlatformError) -> Bytes {
    do throws(DocumentError) {
      return try body()
    } catch {
      throw PlatformError(
        .fileTrouble,
        LocalizedText(
          "a document of the platform's own could not be written: \(error)",
          "et af platformens egne dokumenter kunne ikke skrives"),
        remedy: LocalizedText("report it, with the trigger", "meld det som en fejl, med triggeren"))
    }
  }
}
