/// Whole numbers as XML Schema writes them: white space around, a sign and leading zeros are allowed.
enum SchemaInteger {
  /// Reads both `xs:unsignedLong` and `xs:int`: the type's range decides.
  static func read<Number: FixedWidthInteger>(_ text: String, as type: Number.Type) throws(ValueError) -> Number {
    let trimmed = XMLSpace.trimmed(text)
    var digits = trimmed.utf8[...]
    let sign = digits.first.flatMap { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") ? $0 : nil }
    if sign != nil { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw error(
        trimmed, type,
        LocalizedText(
          "write it in the digits 0 to 9, without points, commas or blanks",
          "skriv det med cifrene 0 til 9 uden punktummer, kommaer og mellemrum"))
    }
    // The standard library's parser checks the range and accepts leading zeros, and -0 for unsigned types too.
    let significant = digits.drop { $0 == 0x30 }
    let number = significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
    guard let value = Number(sign == UInt8(ascii: "-") && number != "0" ? "-" + number : number) else {
      throw error(
        trimmed, type, LocalizedText("write a number within that range", "skriv et tal mellem de to"))
    }
    return value
  }

  private static func error<Number: FixedWidthInteger>(_ text: String, _ type: Number.Type, _ remedy: LocalizedText)
    -> ValueError
  {
    ValueError(
      code: .invalidNumber, found: ValueError.shown(text),
      expected: LocalizedText(
        "a whole number from \(Number.min) to \(Number.max) (section 2)",
        "et helt tal fra \(Number.min) til \(Number.max) (afsnit 2)"), remedy: remedy)
  }
}
