/// The document that the platform delivers beside a data file: its sender and its content (contract sections 1 and 2).
public struct FileMetadata: Sendable, Hashable {
  /// The platform's own name for this transfer; it identifies an arrival.
  public let fileTransferUUID: String
  /// The file, its sender and its recipients.
  public let fileDescriptor: DataFileDescriptor
  /// The content that the platform routed the file by.
  public let fileContentDescriptor: FileContentDescriptor
  /// The name of the root element, as read or to be written.
  public let root: MetadataRoot

  /// Creates metadata.
  ///
  /// - Throws: `DocumentError` if the UUID is empty or contains a character that XML cannot carry.
  public init(
    fileTransferUUID: String, fileDescriptor: DataFileDescriptor, fileContentDescriptor: FileContentDescriptor,
    root: MetadataRoot = .fileMetadata
  ) throws(DocumentError) {
    var validation = DocumentValidation("FileMetadata")
    validation.check(fileTransferUUID, "FileTransferUUID", .required)
    try validation.finish()
    self.fileTransferUUID = fileTransferUUID
    self.fileDescriptor = fileDescriptor
    self.fileContentDescriptor = fileContentDescriptor
    self.root = root
  }

  /// Reads metadata from the bytes of a file, in the present form or the older one.
  ///
  /// - Throws: `DocumentError` with everything that keeps it from being metadata.
  public init(reading bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(DocumentError) {
    self = try Document.read(bytes, as: .metadata, limits) { root, findings in Self(reading: root, findings) }
  }

  /// Writes the document in UTF-8. With the root `FileMetadata`, the default, it is valid by the contract's schema.
  public func xml(as root: MetadataRoot = .fileMetadata) -> [UInt8] {
    XMLWriter.document(root.rawValue) { writer in
      writer.element("FileTransferUUID", fileTransferUUID)
      fileDescriptor.write(to: &writer)
      fileContentDescriptor.write(to: &writer)
    }
  }
}

/// The root element of metadata.
public enum MetadataRoot: String, Sendable, Hashable, Codable {
  /// The root element of the schema.
  case fileMetadata = "FileMetadata"
  /// The root element seen on the live service: a trigger's, distinguished from a trigger by its FileTransferUUID.
  case trigger = "Trigger"
}

extension FileMetadata {
  private static let model = ContentModel(
    .one("FileTransferUUID"), .one("FileDescriptor"), .one("FileContentDescriptor"))

  init?(reading root: XMLElement, _ findings: Findings) {
    let children = Self.model.read(root, findings)
    let uuid = children.first("FileTransferUUID")?.text(.required, findings)
    let file = children.first("FileDescriptor").flatMap { DataFileDescriptor(reading: $0, findings) }
    let content = children.first("FileContentDescriptor").flatMap { FileContentDescriptor(reading: $0, findings) }
    guard let uuid, let file, let content else { return nil }
    fileTransferUUID = uuid
    fileDescriptor = file
    fileContentDescriptor = content
    self.root = root.localName == MetadataRoot.trigger.rawValue ? .trigger : .fileMetadata
  }
}

extension FileMetadata: Codable {
  private enum CodingKeys: String, CodingKey {
    case fileTransferUUID = "FileTransferUUID"
    case fileDescriptor = "FileDescriptor"
    case fileContentDescriptor = "FileContentDescriptor"
    case root = "Root"
  }

  /// Reads the fields under their names in the document, and the root's name under `Root` if it is given.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      fileTransferUUID: fields.decode(String.self, forKey: .fileTransferUUID),
      fileDescriptor: fields.decode(DataFileDescriptor.self, forKey: .fileDescriptor),
      fileContentDescriptor: fields.decode(FileContentDescriptor.self, forKey: .fileContentDescriptor),
      root: fields.decodeIfPresent(MetadataRoot.self, forKey: .root) ?? .fileMetadata)
  }
}
