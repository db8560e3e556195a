/// The platform's answer to a trigger: it took the file, or it says why not (contract sections 1 and 2).
public struct TechnicalReceipt: Sendable, Hashable {
  /// The outcome of a delivery.
  public enum Outcome: Sendable, Hashable {
    /// The platform took the file; the message is `SUCCESS` when all went well (Seen).
    case receipt(message: String)
    /// The platform refused it: one error or more.
    case errors([ReceiptError])
  }

  /// The platform's own name for the transfer.
  public let fileTransferUUID: String
  /// The sender's name for the transmission, if the trigger gave one.
  public let sendersFileID: String?
  /// The outcome of the delivery.
  public let outcome: Outcome

  /// The message of a receipt for a file that the platform has distributed (Seen).
  public static let successMessage = "SUCCESS"

  /// True if the platform has distributed the file. Any message but ``successMessage`` was never seen; it is no
  /// success.
  public var isSuccess: Bool { outcome == .receipt(message: Self.successMessage) }

  /// Creates a receipt.
  ///
  /// - Throws: `DocumentError` if a required text is empty, the errors are empty, or a text contains a character that
  ///   XML cannot carry.
  public init(fileTransferUUID: String, sendersFileID: String? = nil, outcome: Outcome) throws(DocumentError) {
    var validation = DocumentValidation("TechnicalReceipt")
    validation.check(fileTransferUUID, "FileTransferUUID", .required)
    validation.check(sendersFileID, "SendersFileId", .required)
    switch outcome {
    case .receipt(let message): validation.check(message, "Receipt/Message", .anything)
    case .errors(let errors): validation.expectSome(errors, "ErrorMessage")
    }
    try validation.finish()
    self.fileTransferUUID = fileTransferUUID
    self.sendersFileID = sendersFileID
    self.outcome = outcome
  }

  /// Reads a technical receipt from the bytes of a file.
  ///
  /// - Throws: `DocumentError` with everything that keeps it from being a technical receipt.
  public init(reading bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(DocumentError) {
    self = try Document.read(bytes, as: .technicalReceipt, limits) { root, findings in Self(reading: root, findings) }
  }

  /// The document in UTF-8, valid by the contract's schema.
  public func xml() -> [UInt8] {
    XMLWriter.document(DocumentKind.technicalReceipt.rawValue) { writer in
      writer.element("FileTransferUUID", fileTransferUUID)
      writer.element("SendersFileId", sendersFileID)
      switch outcome {
      case .receipt(let message): writer.element("Receipt") { $0.element("Message", message) }
      case .errors(let errors): for error in errors { error.write(to: &writer) }
      }
    }
  }
}

extension TechnicalReceipt {
  private static let model = ContentModel(
    .one("FileTransferUUID"), .maybe("SendersFileId"), .choice("Receipt"), .any("ErrorMessage"))

  init?(reading root: XMLElement, _ findings: Findings) {
    let children = Self.model.read(root, findings)
    let uuid = children.first("FileTransferUUID")?.text(.required, findings)
    sendersFileID = children.first("SendersFileId")?.text(.required, findings)
    let receipt = children.first("Receipt")
    let errors = children.all("ErrorMessage")
    if receipt == nil, errors.isEmpty { findings.add(Self.neither, at: root) }
    if receipt != nil, let first = errors.first { findings.add(Self.both, at: first) }
    let message = receipt.flatMap { receipt in
      ContentModel(.one("Message")).read(receipt, findings).first("Message")?.text(.anything, findings)
    }
    let readErrors = errors.compactMap { ReceiptError(reading: $0, findings) }
    guard let uuid else { return nil }
    fileTransferUUID = uuid
    outcome = message.map { .receipt(message: $0) } ?? .errors(readErrors)
  }

  private static let neither = ValueError(
    code: .missingElement,
    found: LocalizedText("neither Receipt nor ErrorMessage", "hverken Receipt eller ErrorMessage"),
    expected: LocalizedText("one of them (section 2)", "en af dem (afsnit 2)"),
    remedy: LocalizedText(
      "add a Receipt if the file was taken, an ErrorMessage if not",
      "tilføj en Receipt, hvis filen blev taget, og en ErrorMessage, hvis den ikke blev"))

  private static let both = ValueError(
    code: .exclusiveElements,
    found: LocalizedText("an ErrorMessage beside a Receipt", "en ErrorMessage ved siden af en Receipt"),
    expected: LocalizedText("one or the other (section 2)", "enten den ene eller den anden (afsnit 2)"),
    remedy: LocalizedText(
      "ask the platform's help desk whether the file was taken",
      "spørg platformens helpdesk, om filen blev taget"))
}

extension TechnicalReceipt: Codable {
  private enum CodingKeys: String, CodingKey {
    case fileTransferUUID = "FileTransferUUID"
    case sendersFileID = "SendersFileId"
    case receipt = "Receipt"
    case errors = "ErrorMessage"
  }

  private struct Receipt: Codable {
    let message: String
    enum CodingKeys: String, CodingKey { case message = "Message" }
  }

  /// Reads the fields under their names in the document; the rules are those of validation one.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let receipt = try fields.decodeIfPresent(Receipt.self, forKey: .receipt)
    let errors = try fields.decodeIfPresent([ReceiptError].self, forKey: .errors)
    if receipt != nil, errors != nil {
      throw DecodingError.dataCorruptedError(
        forKey: .errors, in: fields, debugDescription: "\(Self.both.found); \(Self.both.expected)")
    }
    try self.init(
      fileTransferUUID: fields.decode(String.self, forKey: .fileTransferUUID),
      sendersFileID: fields.decodeIfPresent(String.self, forKey: .sendersFileID),
      outcome: receipt.map { .receipt(message: $0.message) } ?? .errors(errors ?? []))
  }

  /// Writes the fields under their names in the document.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(fileTransferUUID, forKey: .fileTransferUUID)
    try fields.encodeIfPresent(sendersFileID, forKey: .sendersFileID)
    switch outcome {
    case .receipt(let message): try fields.encode(Receipt(message: message), forKey: .receipt)
    case .errors(let errors): try fields.encode(errors, forKey: .errors)
    }
  }
}
