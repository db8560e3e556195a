public import TriggerFiles

/// A route for arrivals: the files that an account expects to receive, and their allowed senders.
///
/// One inbox can hold several authorities' files, so both the sender and the authorities are checked. A list that is
/// `nil` is not checked.
public struct ArrivalRoute: Sendable, Hashable {
  /// The name in the settings.
  public var name: String
  /// The name of the account that receives.
  public var account: String
  /// The data classification; `nil` for direct transmissions, which have none and are recognised by ``senders``.
  public var infRef: InfRef?
  /// The allowed SFTP users of senders.
  public var senders: [String]?
  /// The allowed IT-systems of senders.
  public var senderITSystems: [SystemID]?
  /// The allowed sending authorities.
  public var senderAuthorities: [CVRNumber]?
  /// The allowed receiving authorities.
  public var recipientAuthorities: [CVRNumber]?
  /// Municipality codes by the recipient authority's CVR number. A file with another municipality in its name than its
  /// recipient's causes a warning.
  public var municipalities: [CVRNumber: String]
  /// The program that receives its files; `nil` to leave them in the inbox folder.
  public var hook: ArrivalHook?
  /// True if its files are business receipts, which are read and matched to the deliveries that they answer.
  public var businessReceipts: Bool

  /// True for direct transmissions (contract section 3): they carry no routing information and are recognised by
  /// ``senders``.
  public var isDirect: Bool { infRef == nil }

  /// Creates an arrival route.
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
  /// Returns a warning if an arrival's name mentions another municipality than that of its recipient authority in
  /// ``municipalities`` (contract section 5); `nil` if it does not, or the authority is not listed.
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
  /// The route for sending its answer back as a business receipt; `nil` to send none.
  public var answerBy: String?

  /// Describes the program.
  public init(command: [String], timeout: Duration = .seconds(600), tries: Int = 10, answerBy: String? = nil) {
    self.command = command
    self.timeout = timeout
    self.tries = tries
    self.answerBy = answerBy
  }
}
