extension Audit {
  /// The result as JUnit's XML, which build servers show: a test case for each thing found and each file skipped.
  var junit: String {
    let cases = entries.map(\.testCase) + skipped.map(\.testCase)
    let failures = entries.count { $0.verdict != .good }
    let counts = "tests=\"\(max(1, cases.count))\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped.count)\""
    let all = cases.isEmpty ? ["    <testcase classname=\"infref\" name=\"nothing is wrong\"/>"] : cases
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="filsluse infref audit" \(counts)>
        <testsuite name="filsluse infref audit" \(counts) time="0">
      \(all.joined(separator: "\n"))
        </testsuite>
      </testsuites>
      """
  }
}

extension Audit.Entry {
  fileprivate var testCase: String {
    let title = "<testcase classname=\"\(XMLText.escaped(file))\" name=\"\(XMLText.escaped("\(location) \(name)"))\""
    guard verdict != .good else { return "    \(title)/>" }
    let text = XMLText.escaped(sentence)
    return """
          \(title) file="\(XMLText.escaped(file))" line="\(line)">
            <failure type="\(XMLText.escaped(code ?? verdict.rawValue))" message="\(text)">\(XMLText.escaped(location)): \(verdict.rawValue): \(text)</failure>
          </testcase>
      """
  }
}

extension AuditWalk.Skipped {
  fileprivate var testCase: String {
    """
        <testcase classname="\(XMLText.escaped(path))" name="\(XMLText.escaped(path))">
          <skipped message="\(XMLText.escaped(reason))"/>
        </testcase>
    """
  }
}

/// Text as XML holds it.
enum XMLText {
  /// Escaped for elements and attributes; a character that XML has no way to write becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": escaped.unicodeScalars.append("\u{FFFD}")
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar.value < 0x20 ? "\u{FFFD}" : scalar)
      }
    }
    return escaped
  }
}
