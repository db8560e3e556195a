extension Audit {
  /// The result as JUnit's XML, which build servers show: a test case for each thing found and each file skipped.
  var junit: String {
    JUnitReport.text(
      of: "infref audit", entries.map(\.testCase) + skipped.map(\.testCase),
      failures: entries.count { $0.verdict != .good }, skipped: skipped.count)
  }
}

/// JUnit's XML of the findings of a command.
enum JUnitReport {
  /// Returns the document with its test cases; without any, it has a passing one.
  static func text(of command: String, _ cases: [String], failures: Int, skipped: Int = 0) -> String {
    let counts = "tests=\"\(max(1, cases.count))\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\""
    let group = command.prefix { $0 != " " }
    let all = cases.isEmpty ? ["    <testcase classname=\"\(group)\" name=\"nothing is wrong\"/>"] : cases
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="filsluse \(command)" \(counts)>
        <testsuite name="filsluse \(command)" \(counts) time="0">
      \(all.joined(separator: "\n"))
        </testsuite>
      </testsuites>
      """
  }

  /// A test case that failed at a place.
  static func failure(
    name: String, file: String, line: Int, type: String, location: String, severity: String, text: String
  ) -> String {
    let (file, text) = (XMLText.escaped(file), XMLText.escaped(text))
    let title = "<testcase classname=\"\(file)\" name=\"\(XMLText.escaped(name))\""
    return """
          \(title) file="\(file)" line="\(line)">
            <failure type="\(XMLText.escaped(type))" message="\(text)">\(XMLText.escaped(location)): \(severity): \(text)</failure>
          </testcase>
      """
  }
}

extension Audit.Entry {
  fileprivate var testCase: String {
    let title = "\(location) \(name)"
    guard verdict != .good else {
      return "    <testcase classname=\"\(XMLText.escaped(file))\" name=\"\(XMLText.escaped(title))\"/>"
    }
    return JUnitReport.failure(
      name: title, file: file, line: line, type: code ?? verdict.rawValue, location: location,
      severity: verdict.rawValue, text: sentence)
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
