/// The data file, its sender and its recipients: the contract's `FileDescriptor` element.
public struct DataFileDescriptor: Sendable, Hashable {
  /// The data file's name on the wire, at most 255 characters.
  public let fileName: String
  /// The data file's exact size.
  public let sizeInBytes: UInt64
  /// The sender's SFTP user.
  public let sender: String
  /// The sender's own name for this transmission.
  public let sendersFileID: String?
  /// The recipients' SFTP users, or `ROUTING_V1_0_0` alone when the routing info decides.
  public let recipients: [String]

  /// The recipient that means "by the routing info" (contract section 3, Seen).
  public static let routedRecipient = "ROUTING_V1_0_0"

  /// Describes a file.
  ///
  /// - Throws: `DocumentError` with every value that the contract does not allow (section 2): empty, longer than 255
  ///   characters, no recipient, or a character that XML cannot carry.
  public init(
    fileName: String, sizeInBytes: UInt64, sender: String, sendersFileID: String? = nil,
    recipients: [String] = [DataFileDescriptor.routedRecipient]
  ) throws(DocumentError) {
    var validation = DocumentValidation("FileDescriptor")
    validation.check(fileName, "FileName", .upTo255)
    validation.check(sender, "Sender", .upTo255)
    validation.check(sendersFileID, "SendersFileId", .upTo255)
    validation.check(recipients, "Recipients", .upTo255)
    validation.expectSome(recipients, "Recipients")
    try validation.finish()
    self.fileName = fileName
    self.sizeInBytes = sizeInBytes
    self.sender = sender
    self.sendersFileID = sendersFileID
    self.recipients = recipients
  }
}

extension DataFileDescriptor {
  private static let model = ContentModel(
    .one("FileName"), .one("SizeInBytes"), .one("Sender"), .maybe("SendersFileId"), .some("Recipients"))

  init?(reading element: XMLElement, _ findings: Findings) {
    let children = Self.model.read(element, findings)
    let fileName = children.first("FileName")?.text(.upTo255, findings) { findings.advise(fileName: $0, at: $1) }
    let size = children.first("SizeInBytes")?.value(findings) { text throws(ValueError) in
      try SchemaInteger.read(text, as: UInt64.self)
    }
    let sender = children.first("Sender")?.text(.upTo255, findings)
    sendersFileID = children.first("SendersFileId")?.text(.upTo255, findings)
    recipients = children.all("Recipients").compactMap { $0.text(.upTo255, findings) }
    guard let fileName, let size, let sender else { return nil }
    self.fileName = fileName
    self.sizeInBytes = size
    self.sender = sender
  }

  func write(to writer: inout XMLWriter) {
    writer.element("FileDescriptor") { writer in
      writer.element("FileName", fileName)
      writer.element("SizeInBytes", String(sizeInBytes))
      writer.element("Sender", sender)
      writer.element("SendersFileId", sendersFileID)
      for recipient in recipients { writer.element("Recipients", recipient) }
    }
  }
}

extension DataFileDescriptor: Codable {
  private enum CodingKeys: String, CodingKey {
    case fileName = "FileName"
    case sizeInBytes = "SizeInBytes"
    case sender = "Sender"
    case sendersFileID = "SendersFileId"
    case recipients = "Recipients"
  }

  /// Reads the fields under their names in the document; the rules are those of validation one.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      fileName: fields.decode(String.self, forKey: .fileName),
      sizeInBytes: fields.decode(UInt64.self, forKey: .sizeInBytes),
      sender: fields.decode(String.self, forKey: .sender),
      sendersFileID: fields.decodeIfPresent(String.self, forKey: .sendersFileID),
      recipients: fields.decode([String].self, forKey: .recipients))
  }
}
