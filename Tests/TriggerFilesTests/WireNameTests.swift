import Testing
import TriggerFiles

@Suite struct WireNameTests {
  private func rule(_ text: String, _ suffixes: WireSuffixes = .default) -> WireNameError.Rule? {
    rule(Array(text.utf8), suffixes)
  }

  private func rule(_ bytes: [UInt8], _ suffixes: WireSuffixes = .default) -> WireNameError.Rule? {
    do throws(WireNameError) {
      _ = try WireName(bytes: bytes, suffixes: suffixes)
      return nil
    } catch {
      return error.rule
    }
  }

  @Test(
    "good names are taken",
    arguments: [
      "a", "udtræk 0101.csv", "a.trigger.csv", "trigger", ".trigger.x".dropFirst().description, "a-b", "ñ~",
    ])
  func goodNamesAreTaken(name: String) { #expect(rule(name) == nil) }

  @Test("bad names are refused by the rule they break")
  func badNamesAreRefusedByTheRuleTheyBreak() {
    #expect(rule("") == .empty)
    for name in ["a/b", "a\u{0}", "a\nb", "a\r\nb", "a\tb", "a\u{7F}", "a\u{85}", "/"] {
      #expect(rule(name) == .forbiddenCharacter)
    }
    for name in [".", "..", ".a", "-a", "-"] { #expect(rule(name) == .beginning) }
    for name in ["a.trigger", "a.metadata", "a.sftpreceipt", "å.trigger"] { #expect(rule(name) == .suffix) }
    #expect(rule("a.TRIGGER") == nil)
    #expect(rule([0x61, 0xE6]) == .notUTF8)
    #expect(rule("a.kvit", WireSuffixes(receipt: ".kvit")) == .suffix)
  }

  @Test("the longest suffix has to fit")
  func theLongestSuffixHasToFit() throws {
    let room = 255 - ".sftpreceipt".utf8.count
    #expect(rule(String(repeating: "a", count: room)) == nil)
    #expect(rule(String(repeating: "a", count: room + 1)) == .tooLong)
    #expect(rule(String(repeating: "å", count: room / 2 + 1)) == .tooLong)
    let name = try WireName(String(repeating: "a", count: room))
    #expect(try name.appending(suffix: ".sftpreceipt").bytes.count == 255)
    #expect(throws: WireNameError.self) { try name.appending(suffix: ".sftpreceipt.") }
    #expect(throws: WireNameError.self) { try name.appending(suffix: "/x") }
  }

  @Test("names are equal when their bytes are")
  func namesAreEqualWhenTheirBytesAre() throws {
    let composed = try WireName("\u{E5}")
    let decomposed = try WireName("a\u{30A}")
    #expect(composed.string == decomposed.string)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(decomposed < composed)
  }

  @Test("recognises the sidecar files by their suffix")
  func smallFilesAreKnownByTheirSuffix() {
    let suffixes = WireSuffixes.default
    #expect(suffixes.split(Array("a.csv.trigger".utf8))?.data == Array("a.csv".utf8))
    #expect(suffixes.split(Array("a.csv.metadata".utf8))?.suffix == ".metadata")
    #expect(suffixes.split([0xE6] + Array(".metadata".utf8))?.data == [0xE6])
    #expect(suffixes.split(Array(".metadata".utf8)) == nil)
    #expect(suffixes.split(Array("a.csv".utf8)) == nil)
  }
}
