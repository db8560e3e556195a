/// A value of a YAML file in the making.
enum YAMLValue: Sendable, Hashable {
  /// Any text; quoted where YAML could take it for something else.
  case text(String)
  /// A number, a period or a word that never needs quotes.
  case plain(String)
  case list([YAMLValue])
  case mapping([YAMLPair])

  /// The value on one line; `nil` for mappings and long lists.
  var inline: String? {
    switch self {
    case .text(let text): return YAMLText.scalar(text)
    case .plain(let text): return text
    case .mapping: return nil
    case .list(let items):
      let texts = items.compactMap(\.inline)
      let text = "[\(texts.joined(separator: ", "))]"
      return texts.count == items.count && text.utf8.count <= 70 ? text : nil
    }
  }

  /// True for a mapping without keys.
  var isEmptyMapping: Bool { self == .mapping([]) }

  /// Returns the value as separate lines.
  fileprivate func block(_ indentation: Int) -> [String] {
    switch self {
    case .text, .plain: []
    case .mapping(let pairs): pairs.flatMap { $0.lines(indentation) }
    case .list(let items): items.flatMap { $0.item(indentation) }
    }
  }

  private func item(_ indentation: Int) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    if let inline { return ["\(margin)- \(inline)"] }
    var lines = block(indentation + 2)
    // Comments may precede the item's first key.
    if let first = lines.firstIndex(where: { $0.drop { $0 == " " }.first != "#" }) {
      lines[first] = "\(margin)- \(lines[first].dropFirst(indentation + 2))"
      for index in lines[..<first].indices { lines[index].removeFirst(2) }
    }
    return lines
  }
}

/// A key of a YAML file in the making, with its value.
struct YAMLPair: Sendable, Hashable {
  var key: String
  var value: YAMLValue
  /// Stands behind the value where it fits into the line, above the key elsewhere.
  var comment: String?
  /// True for a key that is written as a comment, to show that it exists.
  var isExample = false
  /// True for a pair with an empty line above it.
  var isSpaced = false

  /// The pair and its comment as lines.
  func lines(_ indentation: Int) -> [String] {
    (isSpaced ? [""] : []) + ownLines(indentation)
  }

  private func ownLines(_ indentation: Int) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    let lead = "\(margin)\(isExample ? "# " : "")\(YAMLText.scalar(key)):"
    var lines = value.inline.map { ["\(lead) \($0)"] } ?? [lead] + value.block(indentation + 2)
    guard let comment else { return lines }
    let gap = max(2, Self.commentColumn - lines[0].count)
    if lines[0].count + gap + 2 + comment.count <= Self.width {
      lines[0] += String(repeating: " ", count: gap) + "# " + comment
      return lines
    }
    return Self.wrapped(comment, to: Self.width - indentation - 2).map { "\(margin)# \($0)" } + lines
  }

  private static let commentColumn = 46
  private static let width = 120

  /// Splits a text into lines of whole words.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// Writes text as a YAML scalar that reads back as the same text.
package enum YAMLText {
  package static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// Returns true if every YAML reader reads the unquoted text as text.
  private static func isPlain(_ text: String) -> Bool {
    let special = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "/" else { return false }
    let allowed = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || ["-", "_", ".", "/"].contains($0)
    }
    return allowed && !special.contains(text.lowercased())
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where mustBeEscaped(scalar):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, width) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
        result += "\\\(letter)\(String(repeating: "0", count: width - digits.count))\(digits)"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
    default: false
    }
  }
}
