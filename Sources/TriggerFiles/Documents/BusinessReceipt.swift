/// A recipient's answer to a file it was sent (contract section 2).
public struct BusinessReceipt: Sendable, Hashable {
  /// The recipient's action on the file.
  public enum Acceptance: String, Sendable, Hashable, Codable, CaseIterable {
    /// The recipient took it.
    case accepted = "ACCEPTED"
    /// The recipient refused it.
    case rejected = "REJECTED"
    /// The recipient could not be notified.
    case couldNotNotifyRecipient = "COULD_NOT_NOTIFY_RECIPIENT"
  }

  /// The platform's own name for the transfer.
  public let fileTransferUUID: String
  /// The data file's name.
  public let fileName: String
  /// The recipient that answers, at most 255 characters.
  public let recipient: String
  /// The recipient's action on the file.
  public let fileAcceptance: Acceptance
  /// The reason, in the recipient's words.
  public let reason: String?

  /// Creates a business receipt; a blank reason counts as none.
  ///
  /// - Throws: `DocumentError` if a required text is empty or too long, or a text contains a character that XML cannot
  ///   carry.
  public init(
    fileTransferUUID: String, fileName: String, recipient: String, fileAcceptance: Acceptance, reason: String? = nil
  ) throws(DocumentError) {
    var validation = DocumentValidation("BusinessReceipt")
    validation.check(fileTransferUUID, "FileTransferUUID", .required)
    validation.check(fileName, "Filename", .required)
    validation.check(recipient, "Recipient", .upTo255)
    validation.check(reason, "Reason", .anything)
    try validation.finish()
    self.fileTransferUUID = fileTransferUUID
    self.fileName = fileName
    self.recipient = recipient
    self.fileAcceptance = fileAcceptance
    self.reason = reason.flatMap { XMLSpace.isAll(of: $0) ? nil : $0 }
  }

  /// Reads a business receipt from the bytes of a file.
  ///
  /// - Throws: `DocumentError` with everything that keeps it from being a business receipt.
  public init(reading bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(DocumentError) {
    self = try Document.read(bytes, as: .businessReceipt, limits) { root, findings in Self(reading: root, findings) }
  }

  /// The document in UTF-8, valid by the contract's schema.
  public func xml() -> [UInt8] {
    XMLWriter.document(DocumentKind.businessReceipt.rawValue) { writer in
      writer.element("FileTransferUUID", fileTransferUUID)
      writer.element("Filename", fileName)
      writer.element("Recipient", recipient)
      writer.element("FileAcceptance", fileAcceptance.rawValue)
      writer.element("Reason", reason)
    }
  }
}

extension BusinessReceipt {
  private static let model = ContentModel(
    .one("FileTransferUUID"), .one("Filename"), .one("Recipient"), .one("FileAcceptance"), .maybe("Reason"))

  init?(reading root: XMLElement, _ findings: Findings) {
    let children = Self.model.read(root, findings)
    let uuid = children.first("FileTransferUUID")?.text(.required, findings)
    let fileName = children.first("Filename")?.text(.required, findings)
    let recipient = children.first("Recipient")?.text(.upTo255, findings)
    let acceptance = children.first("FileAcceptance")?.value(findings) { text throws(ValueError) in
      try Acceptance(reading: text)
    }
    reason = children.first("Reason")?.text(.anything, findings)
    guard let uuid, let fileName, let recipient, let acceptance else { return nil }
    fileTransferUUID = uuid
    self.fileName = fileName
    self.recipient = recipient
    fileAcceptance = acceptance
  }
}

extension BusinessReceipt.Acceptance {
  private static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }

  fileprivate init(reading text: String) throws(ValueError) {
    guard let acceptance = Self(rawValue: text) else {
      throw ValueError(
        code: .unknownWord, found: ValueError.shown(text),
        expected: LocalizedText("\(Self.words) (section 2)", "\(Self.words) (afsnit 2)"),
        remedy: LocalizedText(
          "write one of these words, in capitals and without white space",
          "skriv et af disse ord med store bogstaver og uden blanktegn"))
    }
    self = acceptance
  }
}

extension BusinessReceipt: Codable {
  private enum CodingKeys: String, CodingKey {
    case fileTransferUUID = "FileTransferUUID"
    case fileName = "Filename"
    case recipient = "Recipient"
    case fileAcceptance = "FileAcceptance"
    case reason = "Reason"
  }

  /// Reads the fields under their names in the document; the rules are those of validation one.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      fileTransferUUID: fields.decode(String.self, forKey: .fileTransferUUID),
      fileName: fields.decode(String.self, forKey: .fileName),
      recipient: fields.decode(String.self, forKey: .recipient),
      fileAcceptance: fields.decode(Acceptance.self, forKey: .fileAcceptance),
      reason: fields.decodeIfPresent(String.self, forKey: .reason))
  }
}
