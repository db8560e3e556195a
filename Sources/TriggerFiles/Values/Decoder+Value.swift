extension Decoder {
  /// Reads one text and makes a value of it.
  func value<Value>(_ make: (String) throws(ValueError) -> Value) throws -> Value {
    let container = try singleValueContainer()
    let text = try container.decode(String.self)
    do throws(ValueError) {
      return try make(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }
}

extension Encoder {
  /// Writes a value that is one text.
  func write(_ text: String) throws {
    var container = singleValueContainer()
    try container.encode(text)
  }
}
