import FoundationEssentials
import Testing

@testable import FilsluseBase

@Suite struct VisibleTextTests {
  private static let invisible: [ClosedRange<UInt32>] = [
    0...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
    0xFEFF...0xFEFF, 0x3164...0x3164, 0xE0001...0xE0001, 0xE000...0xE000,
  ]

  @Test("Control characters of both ranges, marks of direction and fillers become visible marks")
  func marks() throws {
    for value in Self.invisible.joined() {
      let scalar = try #require(Unicode.Scalar(value))
      let text = "a\(scalar)b"
      #expect(!VisibleText.isVisible(scalar))
      #expect(!VisibleText.oneLine(text).unicodeScalars.contains(scalar))
      #expect(VisibleText.lines(text).unicodeScalars.contains(scalar) == (scalar == "\n"))
      let json = try JSONText().text([text])
      #expect(json.unicodeScalars.allSatisfy { VisibleText.isVisible($0) })
      #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [text])
    }
  }

  @Test("Visible characters stay as they are", arguments: ["udtræk_0101 é.csv", "日本", "a\u{301}", "€ – “x”", ""])
  func plain(text: String) throws {
    #expect(VisibleText.oneLine(text) == text)
    #expect(VisibleText.lines(text + "\n" + text) == text + "\n" + text)
    #expect(try JSONText().text([text]) == "[\"\(text.replacing("\"", with: "\\\""))\"]")
  }

  @Test("a duration has one decimal below ten seconds, and is whole above")
  func durations() {
    let texts: [(Duration, String)] = [
      (.milliseconds(717), "0.7 s"), (.zero, "0.0 s"), (.milliseconds(9_940), "9.9 s"), (.seconds(10), "10 s"),
      (.milliseconds(59_600), "60 s"), (.seconds(300), "5 min"), (.seconds(3_600), "60 min"), (.seconds(7_200), "2 h"),
    ]
    for (duration, text) in texts {
      #expect(duration.visible == text)
      #expect(duration.visibleInDanish == text.replacing(".", with: ",").replacing("h", with: "t"))
    }
  }

  @Test("a mark says which character it is")
  func aMarkSaysWhichCharacterItIs() {
    #expect(VisibleText.oneLine("a\u{9B}\u{202E}\n") == "a‹U+009B›‹U+202E›‹U+000A›")
  }
}
