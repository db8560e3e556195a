import Testing
import TriggerFiles

/// Patterns of file names (contract section 1, bare files).
@Suite("Patterns of file names") struct FileNamePatternTests {
  @Test(
    "fits whole names, byte by byte",
    arguments: [
      ("SF2900_*.xml", "SF2900_1.xml", true), ("SF2900_*.xml", "SF2900_.xml", true),
      ("SF2900_*.xml", "SF2900_1.xml.metadata", false), ("SF2900_*.xml", "sf2900_1.xml", false),
      ("SF2900_*.xml", "xSF2900_1.xml", false), ("SF2900_*", "SF2900_a.b", true), ("a?c", "abc", true),
      ("a?c", "ac", false), ("a?c", "aøc", false), ("a??c", "aøc", true), ("a*c*e", "abcde", true),
      ("a*c*e", "acde", true), ("a*c*e", "abcd", false), ("**a**", "a", true), ("a*a", "a", false),
      ("pr\u{F8}ve-\u{E5}*", "pr\u{F8}ve-\u{E5}.csv", true), ("pr\u{F8}ve-\u{E5}*", "pr\u{F8}ve-a\u{30A}.csv", false),
      ("a.b", "axb", false), ("a$b^", "a$b^", true),
    ])
  func matching(pattern: String, name: String, fits: Bool) throws {
    #expect(try FileNamePattern(pattern).matches(Array(name.utf8)) == fits)
  }

  @Test("fits names that are no UTF-8")
  func bytes() throws {
    #expect(try FileNamePattern("a*b").matches([0x61, 0xF8, 0xFF, 0x62]))
    #expect(try FileNamePattern("a?b").matches([0x61, 0xF8, 0x62]))
  }

  @Test("takes no exponential time over many wildcards")
  func manyWildcards() throws {
    let pattern = try FileNamePattern(String(repeating: "*a", count: 100) + "b")
    #expect(!pattern.matches(Array(repeating: UInt8(ascii: "a"), count: 255)))
  }

  @Test(
    "refuses patterns that fit every name, or that another pattern language reads otherwise",
    arguments: [
      "*", "**", "*.*", "?*", "*_*", "?", "???", "", "a/b*", "a\u{0}", "a\n*", "SF[0-9]*", "{a,b}*", "a\\*",
      String(repeating: "a", count: 256),
    ])
  func refusals(pattern: String) {
    #expect(throws: ValueError.self) { try FileNamePattern(pattern) }
  }

  @Test("knows the suffix that all its names end in")
  func suffixes() throws {
    #expect(try FileNamePattern("*.metadata").suffix(among: .default) == ".metadata")
    #expect(try FileNamePattern("a*.metadata").suffix(among: .default) == ".metadata")
    #expect(try FileNamePattern("a*.trigger").suffix(among: .default) == ".trigger")
    #expect(try FileNamePattern("a*").suffix(among: .default) == nil)
    #expect(try FileNamePattern("a*metadata").suffix(among: .default) == nil)
    #expect(try FileNamePattern("a.m").suffix(among: WireSuffixes(metadata: ".m")) == ".m")
  }
}
