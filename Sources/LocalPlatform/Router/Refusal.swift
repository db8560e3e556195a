import TriggerFiles

/// The reason why the local platform refuses a delivery, as given in the technical receipt.
///
/// The live platform's own list of codes is not public. These are a series of our own, 9001 and up, so that they cannot
/// be mistaken for the real ones.
public enum RefusalCode: Int32, Sendable, Hashable, CaseIterable, Codable {
  /// The trigger is no document of the contract.
  case unreadableTrigger = 9001
  /// Sender is not the user whose OUT the file lay in.
  case otherSender = 9002
  /// FileName is not the data file's name.
  case otherFileName = 9003
  /// SizeInBytes is not the data file's size.
  case otherSize = 9004
  /// The data file was gone when the trigger was taken.
  case missingData = 9005
  /// A recipient that is not connected.
  case unknownRecipient = 9011
  /// ROUTING_V1_0_0 beside user names.
  case mixedRecipients = 9012
  /// ROUTING_V1_0_0 without routing info.
  case missingRouting = 9013
  /// User names with routing info.
  case needlessRouting = 9014
  /// An InfRef that no trigger can carry, or spelt wrongly.
  case unusableInfRef = 9015
  /// SenderIt-system is not the sender's.
  case otherSenderSystem = 9016
  /// The InfRef asks for an explicit route, and RecipientIt-system is missing.
  case explicitRouteRequired = 9017
  /// No such route is ordered.
  case routeNotOrdered = 9018

  /// The meaning of the code.
  public var meaning: String {
    switch self {
    case .unreadableTrigger: "The trigger file cannot be read"
    case .otherSender: "Sender is not the SFTP user"
    case .otherFileName: "FileName is not the data file's name"
    case .otherSize: "SizeInBytes is not the data file's size"
    case .missingData: "There is no data file"
    case .unknownRecipient: "Unknown recipient"
    case .mixedRecipients: "ROUTING_V1_0_0 and user names together"
    case .missingRouting: "No routing info"
    case .needlessRouting: "Routing info for a direct delivery"
    case .unusableInfRef: "InfRef cannot be used"
    case .otherSenderSystem: "SenderIt-system is not the sender's"
    case .explicitRouteRequired: "RecipientIt-system is required"
    case .routeNotOrdered: "The route is not ordered"
    }
  }
}

/// One reason for a refusal.
public struct Refusal: Error, Sendable, Hashable, Codable {
  /// The kind of reason.
  public let code: RefusalCode
  /// The value found and the value expected.
  public let detail: String

  init(_ code: RefusalCode, _ detail: String) {
    self.code = code
    // A sender's text may hold characters that XML cannot carry; the reason must be given all the same.
    self.detail = String(String.UnicodeScalarView(detail.unicodeScalars.map(Self.carried)))
  }

  /// Returns the reason as an error of a receipt.
  ///
  /// - Throws: `DocumentError` when XML cannot carry the text.
  func receiptError() throws(DocumentError) -> ReceiptError {
    try ReceiptError(code: code.rawValue, codeDescription: code.meaning, description: detail)
  }

  private static func carried(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let isForbidden = scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || scalar.value & 0xFFFE == 0xFFFE
    return isForbidden ? "\u{FFFD}" : scalar
  }
}
