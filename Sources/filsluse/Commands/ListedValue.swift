import ArgumentParser
import TriggerFiles

/// A value of an option or argument that is one of a few words.
enum ListedValue {
  /// Reads a word, or refuses it and says which was meant and which there are.
  static func parse<Value: RawRepresentable & CaseIterable>(_ text: String) throws -> Value
  where Value.RawValue == String {
    if let value = Value(rawValue: text) { return value }
    let known = Value.allCases.map(\.rawValue)
    let meant = NearestName.to(text, among: known).map { NearestName.question($0) + LocalizedText(" ") }
    let list = known.joined(separator: ", ")
    throw ValidationError(
      remedy: (meant ?? LocalizedText("")) + LocalizedText("write \(list)", "skriv \(list)"))
  }
}
