/// The names of the contract's documents (section 2).
enum Contract {
  /// The namespace of the root elements, and of the schema's own route parameter.
  static let namespace = "http://serviceplatformen.dk/xml/wsdl/soap11/SFTP/1/types"
}
