import ArgumentParser

/// The number of a delivery or an arrival, as `filsluse journal list` shows it.
enum EntryNumber: Hashable, Sendable {
  case delivery(Int64)
  case arrival(Int64)

  /// Reads `D12` or `A7`; a number alone is a delivery's.
  static func parse(_ text: String) throws -> EntryNumber {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "D") || $0 == UInt8(ascii: "A") }
    guard text.utf8.count - digits.count <= 1, let number = Int64(String(decoding: digits, as: UTF8.self)), number > 0
    else { throw ValidationError("“\(text)” is no number of a delivery or arrival; write D12 or A7") }
    return text.hasPrefix("A") ? .arrival(number) : .delivery(number)
  }

  /// Reads the number of a delivery.
  static func parseDelivery(_ text: String) throws -> Int64 {
    guard case .delivery(let number) = try parse(text) else {
      throw ValidationError("“\(text)” is an arrival; this is for deliveries: write D12")
    }
    return number
  }
}
