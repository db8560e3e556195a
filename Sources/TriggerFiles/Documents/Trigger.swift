/// The document that a sender delivers beside its data file: its content and its recipients. The platform acts on a
/// data file when its trigger is there (contract sections 1 and 2).
public struct Trigger: Sendable, Hashable {
  /// The file, its sender and its recipients.
  public let fileDescriptor: DataFileDescriptor
  /// The content that the platform routes the file by.
  public let fileContentDescriptor: FileContentDescriptor

  /// Creates a trigger.
  public init(fileDescriptor: DataFileDescriptor, fileContentDescriptor: FileContentDescriptor) {
    self.fileDescriptor = fileDescriptor
    self.fileContentDescriptor = fileContentDescriptor
  }

  /// Reads a trigger from the bytes of a file.
  ///
  /// - Throws: `DocumentError` with everything that keeps it from being a trigger.
  public init(reading bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(DocumentError) {
    self = try Document.read(bytes, as: .trigger, limits) { root, findings in Self(reading: root, findings) }
  }

  /// The document in UTF-8, valid by the contract's schema.
  public func xml() -> [UInt8] {
    XMLWriter.document(DocumentKind.trigger.rawValue) { writer in
      fileDescriptor.write(to: &writer)
      fileContentDescriptor.write(to: &writer)
    }
  }
}

extension Trigger {
  private static let model = ContentModel(.one("FileDescriptor"), .one("FileContentDescriptor"))

  init?(reading root: XMLElement, _ findings: Findings) {
    let children = Self.model.read(root, findings)
    let file = children.first("FileDescriptor").flatMap { DataFileDescriptor(reading: $0, findings) }
    let content = children.first("FileContentDescriptor").flatMap { FileContentDescriptor(reading: $0, findings) }
    guard let file, let content else { return nil }
    self.init(fileDescriptor: file, fileContentDescriptor: content)
  }
}

extension Trigger: Codable {
  private enum CodingKeys: String, CodingKey {
    case fileDescriptor = "FileDescriptor"
    case fileContentDescriptor = "FileContentDescriptor"
  }
}
