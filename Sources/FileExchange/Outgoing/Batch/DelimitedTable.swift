/// A table of delimited text (CSV): quoted cells, doubled quotes, line breaks in cells, `;`, `,` or tab between them.
public struct DelimitedTable: Sendable {
  /// A row and the line it begins on, counted from 1.
  public struct Row: Sendable, Hashable {
    /// The line the row begins on.
    public let line: Int
    /// Its cells.
    public let cells: [String]
  }

  /// The reason why a text is no table.
  public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line it is about.
    public let line: Int
    /// The error at that position.
    public let description: String
  }

  /// The first row: the columns' names.
  public let header: Row
  /// The rows below it; empty lines are none.
  public let rows: [Row]

  /// Reads a table. The separator is the one of `;`, tab and `,` that the header holds, tried in that order.
  ///
  /// - Throws: ``Malformed`` when the text is not UTF-8, holds no row, or ends inside a quoted cell.
  public init(reading bytes: [UInt8]) throws(Malformed) {
    let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: marked, as: UTF8.self) != nil else {
      throw Malformed(line: 1, description: "the text is not UTF-8; save it as UTF-8")
    }
    let firstLine = marked.prefix { $0 != UInt8(ascii: "\n") }
    let separator = [UInt8(ascii: ";"), UInt8(ascii: "\t")].first(where: firstLine.contains) ?? UInt8(ascii: ",")
    var rows = try Self.rows(of: marked, separator: separator)
    guard !rows.isEmpty else { throw Malformed(line: 1, description: "the text holds no row") }
    header = rows.removeFirst()
    self.rows = rows
  }

  private static func rows(of bytes: [UInt8], separator: UInt8) throws(Malformed) -> [Row] {
    let quote = UInt8(ascii: "\"")
    var rows: [Row] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var line = 1
    var start = 1
    var isQuoted = false
    var index = 0
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isQuoted {
        if byte != quote {
          cell.append(byte)
        } else if index < bytes.count, bytes[index] == quote {
          cell.append(quote)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == quote, cell.isEmpty {
        isQuoted = true
      } else if byte == separator {
        cells.append(text(cell))
        cell = []
      } else if byte == UInt8(ascii: "\n") {
        if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        if !cells.isEmpty || !cell.isEmpty { rows.append(Row(line: start, cells: cells + [text(cell)])) }
        (cells, cell, start) = ([], [], line)
      } else {
        cell.append(byte)
      }
    }
    if isQuoted { throw Malformed(line: start, description: "a quoted cell that begins in this row never ends") }
    if !cells.isEmpty || !cell.isEmpty { rows.append(Row(line: start, cells: cells + [text(cell)])) }
    return rows
  }
}
