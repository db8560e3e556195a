import FilsluseBase

/// Something that a list shows, by named columns.
protocol Columned: Encodable {
  /// The columns in order, with how each is read.
  static var columns: [(String, @Sendable (Self) -> String?)] { get }
}

/// A list of any length, written item by item as CSV or as a JSON array.
struct ColumnedList<Item: Columned> {
  private let json: Bool
  private var lines = OutputLines()
  private var isEmpty = true
  private let writer = JSONText(pretty: true)

  init(json: Bool, of type: Item.Type) {
    self.json = json
    if !json { lines.add(Item.columns.map { CSVCell.text($0.0) }.joined(separator: ";")) }
  }

  mutating func add(_ item: Item) throws {
    defer { isEmpty = false }
    if !json { return lines.add(Item.columns.map { CSVCell.text($0.1(item) ?? "") }.joined(separator: ";")) }
    lines.add((isEmpty ? "[\n" : ",\n") + (try writer.text(item)))
  }

  mutating func end() {
    if json { lines.add(isEmpty ? "[]" : "]") }
    lines.flush()
  }
}

/// A CSV cell that separators and quotes cannot break, without invisible characters. If a spreadsheet would read it as
/// a formula, it begins with an apostrophe.
enum CSVCell {
  static func text(_ text: String) -> String {
    let text = VisibleText.oneLine(text)
    let bytes = text.utf8
    let formula = bytes.first.map(formulaStarts.contains) ?? false
    let special = bytes.contains { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "\"") }
    guard formula || special else { return text }
    let doubled = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    return "\"\(formula ? "'" : "")\(doubled)\""
  }

  private static let formulaStarts = Array("=+-@".utf8)
}
