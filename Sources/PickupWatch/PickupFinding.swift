public import FilsluseSystem

/// Something in an inbox that somebody should look at.
public struct PickupFinding: Sendable, Hashable {
  /// What sort of thing it is. More sorts may come.
  public struct Kind: RawRepresentable, Sendable, Hashable {
    /// The sort's name, as JSON output shows it.
    public let rawValue: String

    /// Names a sort of finding.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A file has lain longer than its rule allows.
    public static let overdue = Kind(rawValue: "overdue")
    /// A rule applies, but the server gives the file no time.
    public static let ageUnknown = Kind(rawValue: "age-unknown")
    /// Metadata that cannot be read, so that nobody knows whose the data is.
    public static let metadataUnreadable = Kind(rawValue: "metadata-unreadable")
    /// Metadata whose data is not there.
    public static let metadataWithoutData = Kind(rawValue: "metadata-without-data")
    /// Data whose metadata is not there.
    public static let dataWithoutMetadata = Kind(rawValue: "data-without-metadata")
    /// Data that is not as long as its metadata says.
    public static let sizeDiffers = Kind(rawValue: "size-differs")
  }

  /// What sort of thing it is.
  public var kind: Kind
  /// The name of the account whose inbox it lies in.
  public var account: String
  /// The file's name, with CPR-like numbers masked.
  public var fileName: String
  /// Since when it lies there, by the server's clock (the time of last writing).
  public var since: Timestamp?
  /// How long it has lain: from the server's time to the watcher's own.
  public var waited: Duration?
  /// The data classification, where the metadata tells it.
  public var infRef: String?
  /// The SFTP user that sent it, where the metadata tells it.
  public var sender: String?
  /// The size of the data in bytes.
  public var size: UInt64?
  /// The rule's period, for what a rule is about.
  public var period: Duration?
  /// The line of the settings file that the rule stands on.
  public var ruleLine: Int?
  /// More to know, such as why metadata cannot be read.
  public var detail: String?

  /// Describes a finding.
  public init(
    kind: Kind, account: String, fileName: String, since: Timestamp? = nil, waited: Duration? = nil,
    infRef: String? = nil, sender: String? = nil, size: UInt64? = nil, period: Duration? = nil, ruleLine: Int? = nil,
    detail: String? = nil
  ) {
    self.kind = kind
    self.account = account
    self.fileName = fileName
    self.since = since
    self.waited = waited
    self.infRef = infRef
    self.sender = sender
    self.size = size
    self.period = period
    self.ruleLine = ruleLine
    self.detail = detail
  }
}
