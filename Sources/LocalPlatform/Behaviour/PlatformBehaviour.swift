public import TriggerFiles

/// The behaviour of the router: the behaviour of the live platform is known in outline only, and may differ by the day.
public struct PlatformBehaviour: Sendable, Hashable {
  /// The answer to a correct delivery.
  public enum Receipts: Sendable, Hashable {
    /// One receipt that says that it went well.
    case once
    /// A second, equal receipt, as soon as its reader has removed the first.
    case twice
    /// None; the files are distributed all the same.
    case never
    /// Errors, for every delivery; nothing is distributed.
    case errors
  }

  /// The receipts that are sent.
  public var receipts: Receipts
  /// The delay of a receipt after the distribution.
  public var receiptDelay: Duration
  /// True if the data leaves OUT first, as soon as its trigger is complete, and the trigger after it.
  public var takesDataFirst: Bool
  /// The root element of metadata: the documented one, or the older one that the live service has also written.
  public var metadataRoot: MetadataRoot

  /// Habits; by default those of an ordinary day.
  public init(
    receipts: Receipts = .once, receiptDelay: Duration = .zero, takesDataFirst: Bool = false,
    metadataRoot: MetadataRoot = .fileMetadata
  ) {
    self.receipts = receipts
    self.receiptDelay = receiptDelay
    self.takesDataFirst = takesDataFirst
    self.metadataRoot = metadataRoot
  }
}
