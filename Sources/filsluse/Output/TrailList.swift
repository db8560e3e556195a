import FoundationEssentials

/// Something that a list shows, by named columns.
protocol Columned: Encodable {
  /// The columns in order, with how each is read.
  static var columns: [(String, @Sendable (Self) -> String?)] { get }
}

/// A list of any length as CSV or as a JSON array, written as it comes.
struct TrailList<Item: Columned> {
  private let json: Bool
  private var lines = OutputLines()
  private var isEmpty = true
  private let encoder = JSONEncoder()

  init(json: Bool, of type: Item.Type) {
    self.json = json
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    if !json { lines.add(Item.columns.map { CSVCell.text($0.0) }.joined(separator: ";")) }
  }

  mutating func add(_ item: Item) throws {
    defer { isEmpty = false }
    if !json { return lines.add(Item.columns.map { CSVCell.text($0.1(item) ?? "") }.joined(separator: ";")) }
    lines.add((isEmpty ? "[\n" : ",\n") + String(decoding: try encoder.encode(item), as: UTF8.self))
  }

  mutating func end() {
    if json { lines.add(isEmpty ? "[]" : "]") }
    lines.flush()
  }
}

/// A cell that separators, quotes and line breaks cannot break out of, and that no spreadsheet takes for a formula.
enum CSVCell {
  static func text(_ text: String) -> String {
    let bytes = text.utf8
    let formula = bytes.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    let special = bytes.contains { ";\"\n\r".utf8.contains($0) }
    guard formula || special else { return text }
    let doubled = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    return "\"\(formula ? "'" : "")\(doubled)\""
  }
}
