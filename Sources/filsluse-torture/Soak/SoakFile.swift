import Foundation

/// One of very many small files: its name and its content follow from its number.
struct SoakFile {
  let number: Int

  init(_ number: Int) { self.number = number }

  /// The file of that name; `nil` for a name that none has.
  init?(name: String) {
    let digits = name.dropFirst(Self.beginning.count).dropLast(".csv".count)
    guard name.hasPrefix(Self.beginning), name.hasSuffix(".csv"), let number = Int(digits) else { return nil }
    self.number = number
    guard self.name == name else { return nil }
  }

  var name: String { "\(Self.beginning)\(number).csv" }
  /// A letter before the number: three digits by themselves are a municipality's code.
  private static let beginning = "udtræk_nr"

  /// Every thousandth is empty.
  var content: Data {
    if number % 1000 == 0 { return Data() }
    return Data("løbenummer;\(number)\n".utf8)
      + Data(repeating: UInt8(ascii: "a") + UInt8(number % 26), count: number % 200)
  }
}
