public import TriggerFiles

/// A way in: what an account expects to receive, and from whom it takes it.
///
/// One inbox can hold several authorities' files, so both the sender and the authorities are checked. A list that is
/// `nil` is not checked.
public struct ArrivalRoute: Sendable, Hashable {
  /// The name in the settings.
  public var name: String
  /// The name of the account that receives.
  public var account: String
  /// The data classification; `nil` for what is sent directly, which has none and is known by its sender alone.
  public var infRef: InfRef?
  /// The SFTP users that may send it.
  public var senders: [String]?
  /// The IT-systems that may send it.
  public var senderITSystems: [SystemID]?
  /// The authorities on whose behalf it may be sent.
  public var senderAuthorities: [CVRNumber]?
  /// The authorities that it may be meant for.
  public var recipientAuthorities: [CVRNumber]?
  /// The codes of the municipalities that recipient authorities are. A file for one of them whose name says another
  /// municipality is warned of.
  public var municipalities: [CVRNumber: String]
  /// The program that takes over its files; `nil` where lying in the inbox folder is all.
  public var hook: ArrivalHook?
  /// True if its files are business receipts, which are read and matched to the deliveries that they answer.
  public var businessReceipts: Bool

  /// True for direct transmissions (contract section 3): they carry no routing information and are recognised by
  /// ``senders``.
  public var isDirect: Bool { infRef == nil }

  /// Describes what is expected.
  public init(
    name: String, account: String, infRef: InfRef?, senders: [String]? = nil, senderITSystems: [SystemID]? = nil,
    senderAuthorities: [CVRNumber]? = nil, recipientAuthorities: [CVRNumber]? = nil,
    municipalities: [CVRNumber: String] = [:], hook: ArrivalHook? = nil, businessReceipts: Bool = false
  ) {
    self.name = name
    self.account = account
    self.infRef = infRef
    self.senders = senders
    self.senderITSystems = senderITSystems
    self.senderAuthorities = senderAuthorities
    self.recipientAuthorities = recipientAuthorities
    self.municipalities = municipalities
    self.hook = hook
    self.businessReceipts = businessReceipts
  }
}
