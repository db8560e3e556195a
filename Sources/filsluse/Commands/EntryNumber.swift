import ArgumentParser
import TriggerFiles

/// The number of a delivery or an arrival, as `filsluse journal list` shows it.
enum EntryNumber: Hashable, Sendable {
  case delivery(Int64)
  case arrival(Int64)

  var isDelivery: Bool { if case .delivery = self { true } else { false } }

  /// The number in its normal form.
  var text: String {
    switch self {
    case .delivery(let number): "D\(number)"
    case .arrival(let number): "A\(number)"
    }
  }

  /// Reads `D12` or `A7`, also with a small letter; a number without a letter is a delivery's.
  static func parse(_ text: String) throws -> EntryNumber {
    let digits = text.utf8.drop { "DAda".utf8.contains($0) }
    guard text.utf8.count - digits.count <= 1, let number = Int64(String(decoding: digits, as: UTF8.self)), number > 0
    else {
      throw ValidationError(
        "“\(text)” is no number of a delivery or arrival",
        "„\(text)“ er ikke nummeret på en levering eller en modtagelse",
        remedy: LocalizedText("write D12 or A7", "skriv D12 eller A7"))
    }
    return text.hasPrefix("A") || text.hasPrefix("a") ? .arrival(number) : .delivery(number)
  }

  /// Reads the number of a delivery.
  static func parseDelivery(_ text: String) throws -> Int64 {
    guard case .delivery(let number) = try parse(text) else {
      throw ValidationError(
        "“\(text)” is an arrival, and this is for deliveries", "„\(text)“ er en modtagelse, og dette er for leveringer",
        remedy: LocalizedText("write D12", "skriv D12"))
    }
    return number
  }
}
