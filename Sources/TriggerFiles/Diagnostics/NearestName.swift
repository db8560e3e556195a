/// Finds the known name that is most similar to a misspelt one.
package enum NearestName {
  /// Returns the name that is few slips away from `text`; `nil` if none is near.
  ///
  /// - Parameter most: the greatest number of slips; by default 1 to 3, depending on the length of the text.
  package static func to(_ text: String, among names: [String], within most: Int? = nil) -> String? {
    all(to: text, among: names, within: most).first
  }

  /// All of `names` that `text` is equally few slips away from, in their order; empty when none is near.
  package static func all(to text: String, among names: [String], within most: Int? = nil) -> [String] {
    let written = Array(text.lowercased().unicodeScalars.prefix(longestCompared + 1))
    guard (2...longestCompared).contains(written.count) else { return [] }
    let allowed = most ?? (written.count < 5 ? 1 : written.count < 12 ? 2 : 3)
    let near = names.compactMap { name -> (name: String, slips: Int)? in
      // A length that differs by more needs more slips than are allowed.
      guard abs(name.unicodeScalars.count - written.count) <= allowed else { return nil }
      let slips = slips(from: written, to: Array(name.lowercased().unicodeScalars))
      return slips <= allowed ? (name, slips) : nil
    }
    let fewest = near.map(\.slips).min()
    return near.filter { $0.slips == fewest }.map(\.name)
  }

  /// Returns the nearest name with the same numbers, ignoring leading zeros: routes and accounts of other
  /// municipalities differ by a digit or two, and are never what was meant.
  package static func withSameNumbers(as text: String, among names: [String]) -> String? {
    let numbers = numbers(in: text)
    return to(text, among: names.filter { self.numbers(in: $0) == numbers })
  }

  /// Returns the names that `text` is a part of, each number of it a whole number of theirs.
  package static func containing(_ text: String, among names: [String]) -> [String] {
    let (part, whole) = (text.lowercased(), Set(numbers(in: text)))
    guard part.count > 1 else { return [] }
    return names.filter { $0.lowercased().contains(part) && whole.isSubset(of: numbers(in: $0)) }
  }

  private static func numbers(in text: String) -> [Substring] {
    text.split { !("0"..."9").contains($0) }.map { $0.drop { $0 == "0" } }
  }

  /// Asks whether a name was meant: `did you mean “accounts”?`.
  package static func question(_ name: String) -> LocalizedText {
    choice(of: [name])
  }

  /// Asks which one of equally near names was meant: `did you mean “Vejen” or “Vejle”?`.
  package static func choice(of names: [String]) -> LocalizedText {
    let english = names.map { "“\($0)”" }.joined(separator: " or ")
    let danish = names.map { "„\($0)“" }.joined(separator: " eller ")
    return LocalizedText("did you mean \(english)?", "mente du \(danish)?")
  }

  private static let longestCompared = 128

  /// Returns the edit distance: the number of letters to add, drop, change or swap with their neighbour.
  private static func slips(from written: [Unicode.Scalar], to meant: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...meant.count)
    for (row, letter) in written.enumerated() {
      var current = [row + 1]
      for (column, other) in meant.enumerated() {
        var best = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == meant[column - 1], written[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[meant.count]
  }
}
