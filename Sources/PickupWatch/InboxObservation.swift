public import FilsluseSystem

/// One look into an account's inbox: what lay there, by the server's own account.
public struct InboxObservation: Sendable, Hashable {
  /// A file in the inbox that the contract knows nothing about by itself: the data.
  public struct DataFile: Sendable, Hashable {
    /// The name's bytes.
    public var name: [UInt8]
    /// The size.
    public var size: UInt64?
    /// When it was last written, by the server's clock.
    public var modified: Timestamp?

    /// Describes a data file.
    public init(name: [UInt8], size: UInt64?, modified: Timestamp?) {
      self.name = name
      self.size = size
      self.modified = modified
    }
  }

  /// A metadata file in the inbox.
  public struct MetadataFile: Sendable, Hashable {
    /// The name's bytes, with the suffix.
    public var name: [UInt8]
    /// The name's bytes of the data file that it belongs to.
    public var dataName: [UInt8]
    /// When it was last written, by the server's clock.
    public var modified: Timestamp?
    /// What it says.
    public var content: MetadataContent

    /// Describes a metadata file.
    public init(name: [UInt8], dataName: [UInt8], modified: Timestamp?, content: MetadataContent) {
      self.name = name
      self.dataName = dataName
      self.modified = modified
      self.content = content
    }
  }

  /// What a metadata file says, if it says anything.
  public enum MetadataContent: Sendable, Hashable {
    /// It was read.
    case read(Facts)
    /// It is there, but cannot be read; the text says why.
    case unreadable(String)
  }

  /// What the watcher wants to know of a metadata file.
  public struct Facts: Sendable, Hashable {
    /// The data classification; `nil` for a direct transmission, which has none.
    public var infRef: String?
    /// The SFTP user that sent the file.
    public var sender: String
    /// The data file's size.
    public var size: UInt64
    /// The platform's name for the transfer.
    public var fileTransferUUID: String

    /// Describes a transfer.
    public init(infRef: String?, sender: String, size: UInt64, fileTransferUUID: String) {
      self.infRef = infRef
      self.sender = sender
      self.size = size
      self.fileTransferUUID = fileTransferUUID
    }
  }

  /// The name of the account whose inbox it is.
  public var account: String
  /// The data files.
  public var data: [DataFile]
  /// The metadata files.
  public var metadata: [MetadataFile]

  /// Describes a look into an inbox.
  public init(account: String, data: [DataFile], metadata: [MetadataFile]) {
    self.account = account
    self.data = data
    self.metadata = metadata
  }
}
