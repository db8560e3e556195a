/// The names of the contract's documents (section 2).
enum Contract {
  /// The namespace of the root elements, and of the schema's own route parameter.
  static let namespace = "http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types"
}

/// The five documents, by the names of their root elements (contract section 2).
public enum DocumentKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Written by a sender beside its data file.
  case trigger = "Trigger"
  /// Written by the platform beside the data file that it hands over.
  case metadata = "FileMetadata"
  /// The platform's answer to a trigger.
  case technicalReceipt = "TechnicalReceipt"
  /// A recipient's answer to a file.
  case businessReceipt = "BusinessReceipt"
  /// The platform's answer to a business receipt.
  case businessResponse = "BusinessResponse"
}
