import TriggerFiles

extension Document {
  /// The document as facts below each other.
  ///
  /// - Parameter canBeSent: true or false for a trigger; `nil` for any other document.
  func readable(canBeSent: Bool?, in language: ReportLanguage) -> String {
    var facts = Facts(in: language)
    switch self {
    case .trigger(let trigger):
      facts.add("document", "dokument", "trigger")
      facts.add(trigger.fileDescriptor)
      facts.add(trigger.fileContentDescriptor)
    case .metadata(let metadata):
      let isOlder = metadata.root == .trigger
      facts.add(
        "document", "dokument",
        LocalizedText("metadata\(isOlder ? " (older form)" : "")", "metadata\(isOlder ? " (ældre form)" : "")"))
      facts.add("root", "rodelement", metadata.root.rawValue)
      facts.add("transfer", "overførsel", metadata.fileTransferUUID)
      facts.add(metadata.fileDescriptor)
      facts.add(metadata.fileContentDescriptor)
    case .technicalReceipt(let receipt):
      facts.add("document", "dokument", LocalizedText("technical receipt", "teknisk kvittering"))
      facts.add("transfer", "overførsel", receipt.fileTransferUUID)
      facts.add("sender's id", "afsenders id", receipt.sendersFileID)
      switch receipt.outcome {
      case .receipt(let message):
        facts.add("outcome", "udfald", LocalizedText("taken: \(message)", "taget: \(message)"))
      case .errors(let errors): facts.add(errors)
      }
    case .businessReceipt(let receipt):
      facts.add("document", "dokument", LocalizedText("business receipt", "forretningskvittering"))
      facts.add("transfer", "overførsel", receipt.fileTransferUUID)
      facts.add("file", "fil", receipt.fileName)
      facts.add("recipient", "modtager", receipt.recipient)
      facts.add("acceptance", "svar", receipt.fileAcceptance.rawValue)
      facts.add("reason", "begrundelse", receipt.reason)
    case .businessResponse(let response):
      facts.add("document", "dokument", LocalizedText("business response", "svar på forretningskvittering"))
      switch response.content {
      case .message(let message): facts.add("message", "besked", message)
      case .errors(let errors): facts.add(errors)
      }
    }
    if let canBeSent {
      facts.add("valid", "gyldig", LocalizedText("yes", "ja"))
      facts.add("can be sent", "kan sendes", canBeSent ? LocalizedText("yes", "ja") : LocalizedText("no", "nej"))
    }
    return facts.text
  }
}

extension Facts {
  fileprivate mutating func add(_ file: DataFileDescriptor) {
    add("file", "fil", file.fileName)
    add("size", "størrelse", Readable.size(file.sizeInBytes, in: language))
    add("sender", "afsender", file.sender)
    add("sender's id", "afsenders id", file.sendersFileID)
    add("recipients", "modtagere", file.recipients.joined(separator: ", "))
  }

  fileprivate mutating func add(_ content: FileContentDescriptor) {
    switch content {
    case .empty:
      add(
        "routing", "rute",
        LocalizedText("none: the recipients are named directly", "ingen: modtagerne er angivet direkte"))
    case .foreign(let content):
      add(
        "content", "indhold", content.elements.map { "{\($0.namespace ?? "")}\($0.name)" }.joined(separator: ", "))
    case .routing(let info):
      add("InfRef", "InfRef", info.infRef.name)
      add("from system", "fra system", info.senderITSystem.rawValue)
      add("from authority", "fra myndighed", info.senderAuthority.digits)
      add(
        "to system", "til system",
        info.recipientITSystem.map { LocalizedText($0.rawValue) }
          ?? LocalizedText("left to the platform's rules", "overladt til platformens regler"))
      add("to authority", "til myndighed", info.recipientAuthority.digits)
      add("transaction", "transaktion", info.transactionID.rawValue)
      add("sent", "sendt", info.senderTimestamp.text)
      for parameter in info.routeParameters {
        switch parameter {
        case .routeSelectionValueDate(let date): add("route valid on", "rute gyldig den", date.text)
        case .other(let element): add("route parameter", "ruteparameter", "\(element.name): \(element.text)")
        }
      }
    }
  }

  fileprivate mutating func add(_ errors: [ReceiptError]) {
    add(
      "outcome", "udfald",
      errors.isEmpty ? LocalizedText("no errors", "ingen fejl") : LocalizedText("refused", "afvist"))
    for error in errors {
      add("error \(error.code)", "fejl \(error.code)", "\(error.codeDescription): \(error.description)")
    }
  }
}
