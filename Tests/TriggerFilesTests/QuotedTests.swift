import FilsluseBase
import Testing

@testable import TriggerFiles

/// Text from outside in a message.
@Suite struct QuotedTests {
  @Test(
    "shows invisible characters by their number",
    arguments: [
      ("a\u{AD}b", "“a‹U+00AD›b”"), ("a\u{3164}b", "“a‹U+3164›b”"), ("a\u{115F}b", "“a‹U+115F›b”"),
      ("a\u{A0}b", "“a‹U+00A0›b”"), ("a\u{202E}b", "“a‹U+202E›b”"), ("Ærø\u{7}", "“Ærø‹U+0007›”"), ("Ærø 1", "“Ærø 1”"),
    ])
  func unseen(text: String, shown: String) {
    #expect(Quoted.text(text) == shown)
  }
  @Test("shows the same characters as the filter of all other text, and of blanks the space alone")
  func sameFilter() {
    let scalars = (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) }
    let differing = scalars.filter { Quoted.isVisible($0) != VisibleText.isVisible($0) }
    #expect(differing == scalars.filter { $0 != " " && $0.properties.generalCategory == .spaceSeparator })
  }
}
