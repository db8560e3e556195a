/// The names of the contract's documents (section 2).
enum Contract {
  /// The namespace of the root elements, and of the schema's own route parameter.
  static let namespace = "http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types"
}

/// The five documents, by the names of their root elements (contract section 2).
public enum DocumentKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// What a sender writes beside its data file.
  case trigger = "Trigger"
  /// What the platform writes beside the data file it hands over.
  case metadata = "FileMetadata"
  /// What the platform answers to a trigger.
  case technicalReceipt = "TechnicalReceipt"
  /// What a recipient answers to a file.
  case businessReceipt = "BusinessReceipt"
  /// What the platform answers to a business receipt.
  case businessResponse = "BusinessResponse"
}
