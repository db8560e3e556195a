/// Makes duplicate keys distinct, so that reading goes on after one.
///
/// The parser stops at the first duplicate. So the first letter of the second key is replaced by a character from a
/// private plane that no settings file may use: columns stay as they are, the keys differ, and the replacement says
/// which letter it was.
enum DoubledKeys {
  /// The number of duplicate keys after which reading stops: each costs another parse, so fewer in a large file.
  static func most(in text: String) -> Int { max(1, min(20, (4 << 20) / max(1, text.utf8.count))) }

  /// `text` with the second of two equal keys marked; `nil` when it cannot be found, as in a mapping written `{…}`.
  static func markingSecond(_ name: String, firstAt first: Place, in text: String, round: Int) -> String? {
    guard let letter = name.unicodeScalars.first, letter.value < range,
      let standIn = Unicode.Scalar(base(ofRound: round) + letter.value)
    else { return nil }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices.dropFirst(first.line) {
      let indentation = lines[index].prefix { $0 == " " }.count
      let content = lines[index].dropFirst(indentation)
      if content.first.map({ $0 == "#" || $0 == "\r" }) ?? true { continue }
      if indentation < first.column - 1 { return nil }
      guard indentation == first.column - 1, let start = startOfKey(name, in: content) else { continue }
      var line = String.UnicodeScalarView(lines[index][..<start])
      line.append(standIn)
      line.append(contentsOf: lines[index][start...].dropFirst())
      lines[index] = line[...]
      return lines.map { String($0) }.joined(separator: "\n")
    }
    return nil
  }

  /// The key that a marked key was; `nil` for a key that is not marked.
  static func original(of name: String) -> String? {
    guard let standIn = name.unicodeScalars.first, standIn.value >= base(ofRound: 0),
      let letter = Unicode.Scalar((standIn.value - base(ofRound: 0)) % range)
    else { return nil }
    return String(String.UnicodeScalarView([letter]) + name.unicodeScalars.dropFirst())
  }

  /// Returns the start of `name` when the line's content is that key, plain or quoted.
  private static func startOfKey(_ name: String, in content: Substring.UnicodeScalarView) -> String.Index? {
    let quote = content.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
    let unquoted = quote == nil ? content : content.dropFirst()
    guard unquoted.starts(with: name.unicodeScalars) else { return nil }
    var rest = unquoted.dropFirst(name.unicodeScalars.count)
    if let quote {
      guard rest.first == quote else { return nil }
      rest = rest.dropFirst()
    }
    rest = rest.drop { $0 == " " }
    guard rest.first == ":", rest.dropFirst().first.map({ [" ", "\t", "\r"].contains($0) }) ?? true else { return nil }
    return unquoted.startIndex
  }

  private static let range: UInt32 = 0x0C00
  private static func base(ofRound round: Int) -> UInt32 { 0xF_0000 + UInt32(round) * range }
}
