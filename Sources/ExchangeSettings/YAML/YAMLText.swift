/// Writes text as a YAML scalar that reads back as the same text.
enum YAMLText {
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// Plain is what no YAML reader takes for anything but text.
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
