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

extension ArrivalRoute {
  /// A warning about an arrival whose name says another municipality than the settings give its recipient authority
  /// (contract section 5); `nil` where there is nothing to warn of, and where ``municipalities`` says nothing of it.
  public func municipalityWarning(name: [UInt8], recipientAuthority digits: String) -> String? {
    guard let authority = try? CVRNumber(digits), let code = municipalities[authority] else { return nil }
    let other = MunicipalityMention.all(in: name).first { !$0.isDateOrTime && $0.municipality.code != code }
    return other.map { mention in
      let expected = Municipality(code: code)?.title ?? code
      return
        "its name says \(mention.shown), and its recipient authority \(digits) is \(expected) by municipalities: of \(self.name)"
    }
  }
}

/// The user's program that takes over each received file. It runs once the file is in the inbox folder, and before its
/// copy on the server is removed.
public struct ArrivalHook: Sendable, Hashable {
  /// The program and its arguments; no shell reads them.
  public var command: [String]
  /// The time limit for one file.
  public var timeout: Duration
  /// The number of failures for one file after which the file is set aside. Status 75 ("not now") is no failure.
  public var tries: Int
  /// The route by which its answer goes back as a business receipt; `nil` where none is sent.
  public var answerBy: String?

  /// Describes the program.
  public init(command: [String], timeout: Duration = .seconds(600), tries: Int = 10, answerBy: String? = nil) {
    self.command = command
    self.timeout = timeout
    self.tries = tries
    self.answerBy = answerBy
  }
}
