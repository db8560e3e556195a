/// The text of a key file, cleaned of additions by editors and file transfers.
package enum KeyFileText {
  /// Returns the text without byte-order mark, carriage returns and the blanks around its lines, ending in a newline.
  package static func cleaned(_ file: SecretBytes) -> SecretBytes {
    file.withBytes { bytes in
      SecretBytes(capacity: bytes.count + 1) { room in
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var count = 0
        for place in start..<max(start, bytes.count) {
          let isLineStart = count == 0 || room[count - 1] == newline
          switch bytes[place] {
          case UInt8(ascii: "\r") where place + 1 < bytes.count && bytes[place + 1] == newline: continue
          case newline, UInt8(ascii: "\r"):
            while count > 0, isBlank(room[count - 1]) { count -= 1 }
            room[count] = newline
          case let byte where isLineStart && isBlank(byte): continue
          case let byte: room[count] = byte
          }
          count += 1
        }
        if count > 0, room[count - 1] != newline {
          room[count] = newline
          count += 1
        }
        return count
      }
    }
  }

  /// A line of the file.
  package typealias Line = Slice<UnsafeRawBufferPointer>

  /// The title of a PEM block that the line begins, such as `RSA PRIVATE KEY`.
  static func title(_ line: Line) -> String? { text(between: "-----BEGIN ", and: "-----", of: line) }

  /// The title of a PEM block that the line ends.
  static func endedTitle(_ line: Line) -> String? { text(between: "-----END ", and: "-----", of: line) }

  /// The lines of a file, empty ones too.
  package static func lines(of file: UnsafeRawBufferPointer) -> [Line] {
    file.split(separator: newline, omittingEmptySubsequences: false)
  }

  /// The bytes that a block shows in base 64 between its titles; `nil` where it is none.
  static func decoded(_ block: UnsafeRawBufferPointer) -> SecretBytes? {
    let text = lines(of: block).filter { !$0.starts(with: "-----".utf8) }
    do throws(NotBase64) {
      return try SecretBytes(capacity: block.count) { room throws(NotBase64) in
        guard let count = Base64.decode(text.joined(), into: room) else { throw NotBase64() }
        return count
      }
    } catch {
      return nil
    }
  }

  private struct NotBase64: Error {}

  private static let newline = UInt8(ascii: "\n")

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private static func text(between prefix: String, and suffix: String, of line: Line) -> String? {
    guard line.starts(with: prefix.utf8), line.count > prefix.utf8.count + suffix.utf8.count,
      line.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    else { return nil }
    return String(decoding: line.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count), as: UTF8.self)
  }
}
