extension ForeignElement: Codable {
  private enum CodingKeys: String, CodingKey {
    case namespace, prefix, name, declarations, attributes, content
  }

  /// Reads namespace, prefix, name, declarations, attributes and content; all but the name may be left out.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      namespace: fields.decodeIfPresent(String.self, forKey: .namespace),
      prefix: fields.decodeIfPresent(String.self, forKey: .prefix) ?? "",
      name: fields.decode(String.self, forKey: .name),
      declarations: fields.decodeIfPresent([Declaration].self, forKey: .declarations) ?? [],
      attributes: fields.decodeIfPresent([Attribute].self, forKey: .attributes) ?? [],
      content: fields.decodeIfPresent([Content].self, forKey: .content) ?? [])
  }

  /// Writes the name and whatever else there is.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(namespace, forKey: .namespace)
    if !prefix.isEmpty { try fields.encode(prefix, forKey: .prefix) }
    try fields.encode(name, forKey: .name)
    if !declarations.isEmpty { try fields.encode(declarations, forKey: .declarations) }
    if !attributes.isEmpty { try fields.encode(attributes, forKey: .attributes) }
    if !content.isEmpty { try fields.encode(content, forKey: .content) }
  }
}

extension ForeignElement.Content: Codable {
  /// Reads a text, or an object that is an element.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self = .text(text)
    } else {
      self = .element(try ForeignElement(from: decoder))
    }
  }

  /// Writes a text, or an object that is an element.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let text): try encoder.write(text)
    case .element(let element): try element.encode(to: encoder)
    }
  }
}
