/// A statement in PostgreSQL's spelling: its parameters are `$1`, `$2`, where the statements that we write have `?` and
/// `?1`, and its `LIKE` is `ILIKE`, which passes over the case of letters as SQLite's `LIKE` does.
package struct PostgreSQLText: Sendable, Hashable {
  /// The statement.
  package let sql: String
  /// The number of values that it takes.
  package let parameters: Int

  /// Translates a statement. Strings, quoted names and comments stay as they are.
  package init(_ text: String) {
    var translated: [UInt8] = []
    var (last, highest) = (0, 0)
    let bytes = Array(text.utf8)
    translated.reserveCapacity(bytes.count + 16)
    var index = 0
    while index < bytes.count {
      let end = Self.endOfQuotation(in: bytes, at: index)
      if end > index {
        translated += bytes[index..<end]
        index = end
        continue
      }
      if Self.isLike(in: bytes, at: index) { translated.append(UInt8(ascii: "I")) }
      guard bytes[index] == UInt8(ascii: "?") else {
        translated.append(bytes[index])
        index += 1
        continue
      }
      index += 1
      let digits = bytes[index...].prefix(while: Self.isDigit)
      index += digits.count
      last = Int(String(decoding: digits, as: UTF8.self)) ?? last + 1
      highest = max(highest, last)
      translated += "$\(last)".utf8
    }
    sql = String(decoding: translated, as: UTF8.self)
    parameters = highest
  }

  /// The statements of a script, without the semicolons and comments between them.
  package static func statements(of script: String) -> [String] {
    let bytes = Array(script.utf8)
    var (statements, statement, index) = ([String](), [UInt8](), 0)
    func end() {
      let text = String(decoding: statement, as: UTF8.self)
      if !text.allSatisfy(\.isWhitespace) { statements.append(text) }
      statement = []
    }
    while index < bytes.count {
      let next = max(endOfQuotation(in: bytes, at: index), index + 1)
      switch bytes[index] {
      case UInt8(ascii: ";"): end()
      case UInt8(ascii: "-") where next > index + 1, UInt8(ascii: "/") where next > index + 1:
        statement.append(UInt8(ascii: " "))
      default: statement += bytes[index..<next]
      }
      index = next
    }
    end()
    return statements
  }

  /// Returns true if the word `LIKE` begins here.
  private static func isLike(in bytes: [UInt8], at start: Int) -> Bool {
    guard bytes[start] == UInt8(ascii: "L"), bytes[start...].starts(with: "LIKE".utf8) else { return false }
    let neighbours = [start - 1, start + 4].filter(bytes.indices.contains).map { bytes[$0] }
    return !neighbours.contains(where: isOfWord)
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// The end of a string, a quoted name or a comment that begins here; `start` where none does. A doubled quotation
  /// mark ends one string and begins the next, which comes to the same.
  private static func endOfQuotation(in bytes: [UInt8], at start: Int) -> Int {
    let rest = bytes[start...]
    switch bytes[start] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      return rest.dropFirst().firstIndex(of: bytes[start]).map { $0 + 1 } ?? bytes.count
    case UInt8(ascii: "-") where rest.starts(with: "--".utf8):
      return rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    case UInt8(ascii: "/") where rest.starts(with: "/*".utf8):
      var end = start + 2
      while end + 1 < bytes.count, bytes[end] != UInt8(ascii: "*") || bytes[end + 1] != UInt8(ascii: "/") { end += 1 }
      return min(end + 2, bytes.count)
    case UInt8(ascii: "$"):
      // A string between two marks such as `$body$`.
      let tag = rest.dropFirst().prefix(while: isOfWord)
      guard tag.endIndex < bytes.count, bytes[tag.endIndex] == bytes[start], tag.first.map(isDigit) != true else {
        return start
      }
      let mark = bytes[start...tag.endIndex]
      var end = mark.endIndex
      while end < bytes.count, !bytes[end...].starts(with: mark) { end += 1 }
      return min(end + mark.count, bytes.count)
    default:
      return start
    }
  }
}
