internal import Foundation
internal import TriggerFiles

/// A pattern of file names that contain a file's municipality: `udtræk_{code}_{name}_*.csv`. Composed and decomposed
/// characters are the same.
///
/// `{code}` matches a municipality's code, four digits or three, `{name}` its name, `*` anything and `?` one character.
struct FilePattern: Sendable {
  private enum Piece: Sendable, Equatable {
    case literal(Unicode.Scalar)
    case code
    case name
    case any
    case one
  }

  private let pieces: [Piece]

  /// Returns true if a text is a pattern, and not the name of a list.
  static func isPattern(_ text: String) -> Bool { text.contains("{code}") || text.contains("{name}") }

  init(_ text: String) {
    var pieces: [Piece] = []
    var rest = text.precomposedStringWithCanonicalMapping[...]
    while let first = rest.unicodeScalars.first {
      if rest.hasPrefix("{code}") || rest.hasPrefix("{name}") {
        pieces.append(rest.hasPrefix("{code}") ? .code : .name)
        rest = rest.dropFirst("{code}".count)
        continue
      }
      pieces.append(first == "*" ? .any : first == "?" ? .one : .literal(first))
      rest = rest[rest.unicodeScalars.index(after: rest.unicodeScalars.startIndex)...]
    }
    self.pieces = pieces
  }

  /// The municipality read from a name.
  enum Reading: Sendable, Equatable {
    /// The name is not of this pattern.
    case other
    /// It names this one.
    case municipality(Municipality)
    /// It names none, or more than one; the text says what was found.
    case unclear(LocalizedText)
  }

  /// Reads a file's name.
  func read(_ name: String) -> Reading {
    let scalars = Array(name.precomposedStringWithCanonicalMapping.unicodeScalars)
    guard matches(scalars, 0, 0, wildly: true, found: nil, { _ in true }) else { return .other }
    var found: Set<Municipality> = []
    _ = matches(scalars, 0, 0, wildly: false, found: nil) { municipality in
      if let municipality { found.insert(municipality) }
      return false
    }
    if found.count == 1, let only = found.first { return .municipality(only) }
    if found.count > 1 {
      let names = found.sorted { $0.code < $1.code }.map { "\($0.code) \($0.name)" }
      let list = names.joined(separator: ", ")
      return .unclear(
        LocalizedText("its name names more than one municipality: \(list)", "navnet nævner flere kommuner: \(list)"))
    }
    return .unclear(contradiction(scalars))
  }

  /// Returns the message for a name that has the pattern's shape and names no municipality.
  private func contradiction(_ scalars: [Unicode.Scalar]) -> LocalizedText {
    let byCode = alone(.code).all(in: scalars)
    let byName = alone(.name).all(in: scalars)
    if let code = byCode.first, let name = byName.first, pieces.contains(.code), pieces.contains(.name) {
      return LocalizedText(
        "its code is that of \(code.code) \(code.name), and its name says \(name.name) (\(name.code))",
        "koden er den for \(code.code) \(code.name), og navnet siger \(name.name) (\(name.code))")
    }
    if let code = byCode.first {
      return LocalizedText(
        "its code is that of \(code.name), which is not the name in it",
        "koden er den for \(code.name), som ikke er navnet i den")
    }
    if let name = byName.first {
      return LocalizedText(
        "it names \(name.name) (\(name.code)), and the code in it is no municipality's",
        "den nævner \(name.name) (\(name.code)), og koden i den er ingen kommunes")
    }
    return LocalizedText(
      "its name names no municipality that there is", "navnet nævner ingen kommune, der findes")
  }

  /// Returns the pattern with only one sort of placeholder.
  private func alone(_ piece: Piece) -> FilePattern {
    FilePattern(pieces: pieces.map { ($0 == .code || $0 == .name) && $0 != piece ? .any : $0 })
  }

  private init(pieces: [Piece]) { self.pieces = pieces }

  private func all(in scalars: [Unicode.Scalar]) -> [Municipality] {
    guard pieces.contains(.code) || pieces.contains(.name) else { return [] }
    var found: Set<Municipality> = []
    _ = matches(scalars, 0, 0, wildly: false, found: nil) { municipality in
      if let municipality { found.insert(municipality) }
      return false
    }
    return found.sorted { $0.code < $1.code }
  }

  /// Tries every match of the pattern with the name; `accept` gets the municipality of each, and returns true to end
  /// the search. With `wildly`, placeholders match anything.
  private func matches(
    _ scalars: [Unicode.Scalar], _ piece: Int, _ position: Int, wildly: Bool, found: Municipality?,
    _ accept: (Municipality?) -> Bool
  ) -> Bool {
    guard piece < pieces.count else { return position == scalars.count && accept(found) }
    func goOn(to next: Int, with municipality: Municipality?) -> Bool {
      matches(scalars, piece + 1, next, wildly: wildly, found: municipality, accept)
    }
    switch pieces[piece] {
    case .literal(let scalar):
      return position < scalars.count && scalars[position] == scalar && goOn(to: position + 1, with: found)
    case .one: return position < scalars.count && goOn(to: position + 1, with: found)
    case .any: return (position...scalars.count).contains { goOn(to: $0, with: found) }
    case .code, .name:
      if wildly { return (position...scalars.count).contains { goOn(to: $0, with: found) } }
      return ends(of: pieces[piece], in: scalars, from: position).contains { end, municipality in
        (found == nil || found == municipality) && goOn(to: end, with: municipality)
      }
    }
  }

  /// Returns the possible ends of a placeholder that begins at a position, each with the municipality it names.
  ///
  /// A code has no other digits beside it, and a name no other letters: `20260101` is a date, not København.
  private func ends(
    of piece: Piece, in scalars: [Unicode.Scalar], from start: Int
  ) -> [(end: Int, municipality: Municipality)] {
    func text(_ end: Int) -> String { String(String.UnicodeScalarView(scalars[start..<end])) }
    func isInside(_ belongs: (Unicode.Scalar) -> Bool, _ end: Int) -> Bool {
      (start > 0 && belongs(scalars[start - 1])) || (end < scalars.count && belongs(scalars[end]))
    }
    if piece == .code {
      func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
      return [4, 3].compactMap { count in
        let end = start + count
        // Three digits are a code only as a token of their own.
        guard end <= scalars.count,
          !isInside({ isDigit($0) || (count == 3 && $0.properties.isAlphabetic) }, end),
          let municipality = Municipality(code: text(end))
        else { return nil }
        return (end, municipality)
      }
    }
    guard start < scalars.count, scalars[start].properties.isAlphabetic else { return [] }
    return ((start + 1)...scalars.count).compactMap { end in
      guard end - start <= Self.longestName, !isInside(\.properties.isAlphabetic, end) else { return nil }
      return MunicipalityName.municipality(named: text(end)).map { (end, $0) }
    }
  }

  /// More than any name has, written out with "Kommune".
  private static let longestName = 40
}
