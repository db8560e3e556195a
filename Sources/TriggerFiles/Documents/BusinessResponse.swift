/// The answer to a business receipt: a message, or errors (contract section 2).
public struct BusinessResponse: Sendable, Hashable {
  /// The content of the response.
  public enum Content: Sendable, Hashable {
    /// A message.
    case message(String)
    /// Errors; the contract allows none at all.
    case errors([ReceiptError])
  }

  /// The content of the response.
  public let content: Content

  /// Creates a business response.
  ///
  /// - Throws: `DocumentError` if the message contains a character that XML cannot carry.
  public init(_ content: Content) throws(DocumentError) {
    var validation = DocumentValidation("BusinessResponse")
    if case .message(let message) = content { validation.check(message, "ResponseMessage", .anything) }
    try validation.finish()
    self.content = content
  }

  /// Reads a business response from the bytes of a file.
  ///
  /// - Throws: `DocumentError` with everything that keeps it from being a business response.
  public init(reading bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(DocumentError) {
    self = try Document.read(bytes, as: .businessResponse, limits) { root, findings in Self(reading: root, findings) }
  }

  /// The document in UTF-8, valid by the contract's schema.
  public func xml() -> [UInt8] {
    XMLWriter.document(DocumentKind.businessResponse.rawValue) { writer in
      switch content {
      case .message(let message): writer.element("ResponseMessage", message)
      case .errors(let errors): for error in errors { error.write(to: &writer) }
      }
    }
  }
}

extension BusinessResponse {
  private static let model = ContentModel(.choice("ResponseMessage"), .any("ErrorMessage"))

  init?(reading root: XMLElement, _ findings: Findings) {
    let children = Self.model.read(root, findings)
    let message = children.first("ResponseMessage")
    let errors = children.all("ErrorMessage")
    if message != nil, let first = errors.first {
      findings.add(
        ValueError(
          code: .exclusiveElements,
          found: LocalizedText(
            "an ErrorMessage beside a ResponseMessage", "en ErrorMessage ved siden af en ResponseMessage"),
          expected: LocalizedText("one or the other (section 2)", "enten den ene eller den anden (afsnit 2)"),
          remedy: LocalizedText("keep the one that is meant", "behold den, der er ment")), at: first)
    }
    let text = message?.text(.anything, findings)
    let readErrors = errors.compactMap { ReceiptError(reading: $0, findings) }
    content = text.map { .message($0) } ?? .errors(readErrors)
  }
}

extension BusinessResponse: Codable {
  private enum CodingKeys: String, CodingKey {
    case message = "ResponseMessage"
    case errors = "ErrorMessage"
  }

  /// Reads the fields under their names in the document; the rules are those of validation one.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let message = try fields.decodeIfPresent(String.self, forKey: .message)
    let errors = try fields.decodeIfPresent([ReceiptError].self, forKey: .errors)
    if message != nil, errors != nil {
      throw DecodingError.dataCorruptedError(
        forKey: .errors, in: fields, debugDescription: "ErrorMessage beside ResponseMessage")
    }
    try self.init(message.map { .message($0) } ?? .errors(errors ?? []))
  }

  /// Writes the fields under their names in the document.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    switch content {
    case .message(let message): try fields.encode(message, forKey: .message)
    case .errors(let errors): try fields.encode(errors, forKey: .errors)
    }
  }
}
