/// Text from outside, made fit to be read: nothing in it moves the cursor, turns the writing round or hides.
///
/// Every place that shows, logs or exports text decides by ``isVisible(_:)``; messages of TriggerFiles, which does not
/// depend on this module, by a filter that a test holds to be the same.
package enum VisibleText {
  /// Returns true if a character is displayed as itself. Control characters of both ranges (U+0000 to U+001F, U+007F to
  /// U+009F), bidirectional marks, joiners, line separators, fillers and unassigned code points are not.
  package static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// Returns the text on one line, with marks such as `‹U+202E›` for invisible characters.
  package static func oneLine(_ text: String) -> String {
    plainWidth(text) != nil ? text : marked(text) { _ in false }
  }

  /// Returns the text with such marks, and keeps its line ends.
  package static func lines(_ text: String) -> String {
    hasPlainLines(text) ? text : marked(text) { $0 == "\n" }
  }

  /// Returns the number of columns of a text made only of visible ASCII, spaces, and Danish and neighbouring letters;
  /// `nil` for any other text. This is the fast path: long lists are mostly such text, and looking up character
  /// properties is slow.
  package static func plainWidth(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in
      var width = 0
      for byte in bytes {
        switch byte {
        // U+00C0 to U+017F are the characters that begin with C3, C4 or C5.
        case 0x20...0x7E, 0xC3...0xC5: width += 1
        case 0x80...0xBF: break
        default: return nil
        }
      }
      return width
    }
  }

  /// Returns true if a text consists only of the characters that ``plainWidth(_:)`` counts, and of line feeds.
  static func hasPlainLines(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.allSatisfy {
        switch $0 {
        case 0x0A, 0x20...0x7E, 0x80...0xBF, 0xC3...0xC5: true
        default: false
        }
      }
    }
  }

  private static func marked(_ text: String, except isKept: (Unicode.Scalar) -> Bool) -> String {
    var visible = ""
    for scalar in text.unicodeScalars {
      if isVisible(scalar) || isKept(scalar) {
        visible.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        visible += "‹U+\(String(repeating: "0", count: max(0, 4 - digits.utf8.count)))\(digits)›"
      }
    }
    return visible
  }
}
