import TriggerFiles

extension Document {
  /// The document as facts below each other.
  var readable: String {
    var facts = Facts()
    switch self {
    case .trigger(let trigger):
      facts.add("document", "trigger")
      facts.add(trigger.fileDescriptor)
      facts.add(trigger.fileContentDescriptor)
    case .metadata(let metadata):
      let older = metadata.root == .trigger ? " (older form)" : ""
      facts.add("document", "metadata\(older)")
      facts.add("root", metadata.root.rawValue)
      facts.add("transfer", metadata.fileTransferUUID)
      facts.add(metadata.fileDescriptor)
      facts.add(metadata.fileContentDescriptor)
    case .technicalReceipt(let receipt):
      facts.add("document", "technical receipt")
      facts.add("transfer", receipt.fileTransferUUID)
      facts.add("sender's id", receipt.sendersFileID)
      switch receipt.outcome {
      case .receipt(let message): facts.add("outcome", "taken: \(message)")
      case .errors(let errors): facts.add(errors)
      }
    case .businessReceipt(let receipt):
      facts.add("document", "business receipt")
      facts.add("transfer", receipt.fileTransferUUID)
      facts.add("file", receipt.fileName)
      facts.add("recipient", receipt.recipient)
      facts.add("acceptance", receipt.fileAcceptance.rawValue)
      facts.add("reason", receipt.reason)
    case .businessResponse(let response):
      facts.add("document", "business response")
      switch response.content {
      case .message(let message): facts.add("message", message)
      case .errors(let errors): facts.add(errors)
      }
    }
    return facts.text
  }
}

extension Facts {
  fileprivate mutating func add(_ file: DataFileDescriptor) {
    add("file", file.fileName)
    add("size", Readable.size(file.sizeInBytes))
    add("sender", file.sender)
    add("sender's id", file.sendersFileID)
    add("recipients", file.recipients.joined(separator: ", "))
  }

  fileprivate mutating func add(_ content: FileContentDescriptor) {
    switch content {
    case .empty: add("routing", "none: the recipients are named directly")
    case .foreign(let content):
      add("content", content.elements.map { "{\($0.namespace ?? "")}\($0.name)" }.joined(separator: ", "))
    case .routing(let info):
      add("InfRef", info.infRef.name)
      add("from system", info.senderITSystem.rawValue)
      add("from authority", info.senderAuthority.digits)
      add("to system", info.recipientITSystem?.rawValue ?? "left to the platform's rules")
      add("to authority", info.recipientAuthority.digits)
      add("transaction", info.transactionID.rawValue)
      add("sent", info.senderTimestamp.text)
      for parameter in info.routeParameters {
        switch parameter {
        case .routeSelectionValueDate(let date): add("route valid on", date.text)
        case .other(let element): add("route parameter", "\(element.name): \(element.text)")
        }
      }
    }
  }

  fileprivate mutating func add(_ errors: [ReceiptError]) {
    add("outcome", errors.isEmpty ? "no errors" : "refused")
    for error in errors { add("error \(error.code)", "\(error.codeDescription): \(error.description)") }
  }
}
