/// One `ErrorMessage` of a receipt or response. The platform's own list of codes is not public: code and texts are
/// kept as they came (contract section 2).
public struct ReceiptError: Sendable, Hashable {
  /// The platform's number.
  public let code: Int32
  /// The meaning of the number.
  public let codeDescription: String
  /// The description of this occurrence.
  public let description: String

  /// Creates an error message; both texts may be empty.
  ///
  /// - Throws: `DocumentError` if a text contains a character that XML cannot carry.
  public init(code: Int32, codeDescription: String, description: String) throws(DocumentError) {
    var validation = DocumentValidation("ErrorMessage")
    validation.check(codeDescription, "ErrorCodeDescription", .anything)
    validation.check(description, "ErrorDescription", .anything)
    try validation.finish()
    self.code = code
    self.codeDescription = codeDescription
    self.description = description
  }
}

extension ReceiptError {
  private static let model = ContentModel(
    .one("ErrorCode"), .one("ErrorCodeDescription"), .one("ErrorDescription"))

  init?(reading element: XMLElement, _ findings: Findings) {
    let children = Self.model.read(element, findings)
    let code = children.first("ErrorCode")?.value(findings) { text throws(ValueError) in
      try SchemaInteger.read(text, as: Int32.self)
    }
    let codeDescription = children.first("ErrorCodeDescription")?.text(.anything, findings)
    let description = children.first("ErrorDescription")?.text(.anything, findings)
    guard let code, let codeDescription, let description else { return nil }
    self.code = code
    self.codeDescription = codeDescription
    self.description = description
  }

  func write(to writer: inout XMLWriter) {
    writer.element("ErrorMessage") { writer in
      writer.element("ErrorCode", String(code))
      writer.element("ErrorCodeDescription", codeDescription)
      writer.element("ErrorDescription", description)
    }
  }
}

extension ReceiptError: Codable {
  private enum CodingKeys: String, CodingKey {
    case code = "ErrorCode"
    case codeDescription = "ErrorCodeDescription"
    case description = "ErrorDescription"
  }

  /// Reads the fields under their names in the document; the rules are those of validation one.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      code: fields.decode(Int32.self, forKey: .code),
      codeDescription: fields.decode(String.self, forKey: .codeDescription),
      description: fields.decode(String.self, forKey: .description))
  }
}
