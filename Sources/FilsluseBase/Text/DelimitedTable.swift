/// A table of delimited text (CSV): quoted cells, doubled quotes, line breaks in cells, `;`, `,` or tab between them.
public struct DelimitedTable: Sendable {
  /// A row and the line it begins on, counted from 1.
  public struct Row: Sendable, Hashable {
    /// The line the row begins on.
    public let line: Int
    /// Its cells.
    public let cells: [String]
    /// The column at which each cell begins, in Unicode scalars counted from 1.
    public let columns: [Int]
    /// The number of lines of the row: more than one if a quoted cell holds line breaks.
    public let height: Int
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
  /// The rows below the header, without empty lines.
  public let rows: [Row]

  /// The character between cells.
  public let separator: Unicode.Scalar

  /// Reads a table. The separator is the one of `;`, tab and `,` that the header holds, tried in that order.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - hasComments: true if lines that begin with `#` are comments, which are left out.
  /// - Throws: ``Malformed`` when the text is not UTF-8, holds no row, or ends inside a quoted cell.
  public init(reading bytes: [UInt8], comments hasComments: Bool = false) throws(Malformed) {
    let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: marked, as: UTF8.self) != nil else {
      throw Malformed(line: 1, description: "the text is not UTF-8; save it as UTF-8")
    }
    let lines = marked.split(separator: UInt8(ascii: "\n"), maxSplits: hasComments ? .max : 1)
    let firstLine = lines.first { !hasComments || $0.first != UInt8(ascii: "#") && $0 != [UInt8(ascii: "\r")] } ?? []
    let separator = [UInt8(ascii: ";"), UInt8(ascii: "\t")].first(where: firstLine.contains) ?? UInt8(ascii: ",")
    var rows = try Self.rows(of: marked, separator: separator, comments: hasComments)
    guard !rows.isEmpty else { throw Malformed(line: 1, description: "the text holds no row") }
    header = rows.removeFirst()
    self.rows = rows
    self.separator = Unicode.Scalar(separator)
  }

  private static func rows(
    of bytes: [UInt8], separator: UInt8, comments hasComments: Bool
  ) throws(Malformed) -> [Row] {
    let quote = UInt8(ascii: "\"")
    var rows: [Row] = []
    var cells: [String] = []
    var columns: [Int] = []
    var cell: [UInt8] = []
    var line = 1
    var start = 1
    var column = 1
    var cellColumn = 1
    var isQuoted = false
    var index = 0
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    func row(_ last: [UInt8], _ line: Int) -> Row {
      Row(line: start, cells: cells + [text(last)], columns: columns + [cellColumn], height: line - start)
    }
    while index < bytes.count {
      let byte = bytes[index]
      if hasComments, column == 1, !isQuoted, byte == UInt8(ascii: "#") {
        index = bytes[index...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        line += 1
        start = line
        continue
      }
      index += 1
      // Bytes that continue a character are no column of their own.
      if byte & 0xC0 != 0x80 { column += 1 }
      if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) }
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
        columns.append(cellColumn)
        (cell, cellColumn) = ([], column)
      } else if byte == UInt8(ascii: "\n") {
        if cell.last == UInt8(ascii: "\r") { cell.removeLast() }
        if !cells.isEmpty || !cell.isEmpty { rows.append(row(cell, line)) }
        (cells, columns, cell, start, cellColumn) = ([], [], [], line, 1)
      } else {
        cell.append(byte)
      }
    }
    if isQuoted { throw Malformed(line: start, description: "a quoted cell that begins in this row never ends") }
    if !cells.isEmpty || !cell.isEmpty { rows.append(row(cell, line + 1)) }
    return rows
  }
}
