internal import FilsluseBase
internal import FilsluseStore
internal import Foundation
internal import TriggerFiles

/// A search of the known files by whatever a person knows of one.
struct FileSearch: Sendable, Hashable {
  /// The text, without blanks around it.
  let text: String
  /// Possible FileTransferUUIDs in the text.
  private let transfers: [String]
  /// Alternative texts; the name must contain one of them.
  private let names: [String]
  /// The municipality code in the text; `nil` for none.
  let municipality: String?
  /// The CVR numbers that the text is, or that the municipality has.
  private let authorities: [String]

  /// The longest text that is looked for, in Unicode scalars: no name is longer.
  static let longest = 255

  /// Prepares a search; `nil` for a text without content.
  ///
  /// - Parameter cvrNumbers: the CVR numbers that the settings give a municipality, by its code.
  init?(_ text: String, cvrNumbers: [String: Set<String>] = [:]) {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let text = String(String.UnicodeScalarView(trimmed.unicodeScalars.prefix(Self.longest)))
    // SQLite reads a pattern only up to a NUL, and names never contain one.
    if text.isEmpty || text.utf8.contains(0) { return nil }
    self.text = text
    let isTransfer = text.utf8.count >= 8
    transfers = isTransfer ? Array(Set([text, text.lowercased(), text.uppercased()])).sorted() : []
    municipality = (Municipality(code: text) ?? MunicipalityName.municipality(named: text))?.code
    var authorities = municipality.flatMap { cvrNumbers[$0] } ?? []
    if let digits = (try? CVRNumber(text))?.digits { authorities.insert(digits) }
    self.authorities = authorities.sorted()
    // A name holds one of the two spellings of an å, as one scalar or as two.
    let spellings = [text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping]
    names = spellings[0].utf8.elementsEqual(spellings[1].utf8) ? [spellings[0]] : spellings
  }

  /// Returns the numbers of the newest files that match, each by an index; a known id is the whole result.
  func numbers(in database: SQLConnection, most: Int) throws -> [Int64] {
    func find(_ condition: String, _ values: [any SQLConvertible], order: String = "id") throws -> [Int64] {
      try database.rows("SELECT id FROM observation WHERE \(condition) ORDER BY \(order) DESC LIMIT \(most)", values)
        .map { try $0.int(0) }
    }
    if !transfers.isEmpty {
      let marks = transfers.map { _ in "?" }.joined(separator: ", ")
      let exact = try find("transfer IN (\(marks))", transfers)
      if !exact.isEmpty { return exact }
    }
    var found: Set<Int64> = []
    if let municipality { found.formUnion(try find("municipality = ?", [municipality])) }
    for authority in authorities {
      found.formUnion(try find("recipient_authority = ?", [authority]))
      found.formUnion(try find("sender_authority = ?", [authority]))
    }
    let likes = names.map { _ in "CAST(name AS TEXT) LIKE ? ESCAPE '\\'" }.joined(separator: " OR ")
    // The order by a mere sum of the number is not to be taken from the table, but from the much smaller index.
    found.formUnion(try find(likes, patterns, order: "+id"))
    return Array(found.sorted(by: >).prefix(most))
  }

  /// The names as LIKE patterns with escaped wildcards. LIKE ignores case from A to Z.
  private var patterns: [String] {
    names.map { name in
      "%" + name.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
    }
  }
}
