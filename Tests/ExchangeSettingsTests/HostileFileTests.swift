import SeededNumbers
import ExchangeSettings
import Glibc
import SystemPackage
import Testing

@Suite struct HostileFileTests {
  private static func refusal(of bytes: [UInt8]) throws -> SettingsProblem {
    let folder = FilePath("/tmp/filsluse-settings-\(UInt64.random(in: .min ... .max))")
    #expect(mkdir(folder.string, 0o700) == 0)
    defer { rmdir(folder.string) }
    let path = folder.appending("filsluse.yaml")
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    defer { unlink(path.string) }
    _ = try file.closeAfter { try file.writeAll(bytes) }
    return try #require(firstProblem(of: path))
  }

  private static func firstProblem(of path: FilePath) -> SettingsProblem? {
    do throws(SettingsError) {
      _ = try ExchangeSettings.load(path)
      return nil
    } catch {
      return error.problems.first
    }
  }

  @Test("names a file that is not there")
  func namesAFileThatIsNotThere() {
    let problem = Self.firstProblem(of: "/nowhere/filsluse.yaml")
    #expect(problem?.code == .unreadable)
    #expect(problem?.description.hasPrefix("/nowhere/filsluse.yaml: error: there is no such file;") == true)
  }

  @Test("refuses folders and pipes")
  func refusesFoldersAndPipes() {
    #expect(Self.firstProblem(of: "/tmp")?.code == .unreadable)
    let pipe = "/tmp/filsluse-pipe-\(UInt64.random(in: .min ... .max))"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    #expect(Self.firstProblem(of: FilePath(pipe))?.code == .unreadable)
  }

  @Test("refuses text that is not UTF-8, with its position")
  func refusesWhatIsNotUTF8WithItsPlace() throws {
    let problem = try Self.refusal(of: Array("accounts:\n  s".utf8) + [0xF8, 0x3A])
    #expect(problem.code == .unacceptable)
    #expect([problem.line, problem.column] == [2, 4])
  }

  @Test("refuses huge files")
  func refusesHugeFiles() throws {
    let problem = try Self.refusal(of: [UInt8](repeating: UInt8(ascii: "#"), count: (4 << 20) + 1))
    #expect(problem.code == .unacceptable)
    #expect(problem.message.contains("4 MiB"))
  }

  @Test("stops after a hundred problems", .timeLimit(.minutes(25))) func stopsAfterAHundredProblems() {
    let unknown = SettingsText.codes(in: (0..<20_000).map { "k\($0): v\n" }.joined())
    #expect(unknown.count == 101)
    #expect(unknown.last == "0:0 unacceptable ")
    let doubled = SettingsText.codes(in: "accounts:\n" + String(repeating: "  a: b\n", count: 50_000))
    #expect(doubled == ["2:3 doubled-key a"])
    let list = SettingsText.codes(in: "accounts: {}\nwatch:\n" + String(repeating: "- a\n", count: 50_000))
    #expect(list == ["1:11 missing-key accounts", "3:1 bad-value watch"])
  }

  @Test("refuses long texts without repeating them")
  func refusesLongTextsWithoutRepeatingThem() {
    let text = String(repeating: "æ", count: 1_000_000)
    #expect(SettingsText.problems(in: "accounts: {}\njournal: \(text)\n").allSatisfy { $0.utf8.count < 200 })
  }

  @Test("refuses empty files")
  func refusesEmptyFiles() {
    #expect(SettingsText.codes(in: "") == ["0:0 missing-key "])
    #expect(SettingsText.codes(in: "# nothing\n") == ["0:0 missing-key "])
  }

  @Test("refuses control characters with their place")
  func refusesControlCharactersWithTheirPlace() {
    #expect(SettingsText.codes(in: "accounts:\n  a\u{0}:") == ["2:4 unacceptable "])
    #expect(SettingsText.codes(in: "accounts: \u{F0061}") == ["1:11 unacceptable "])
  }

  @Test("refuses anchors aliases and tags")
  func refusesAnchorsAliasesAndTags() {
    let text = """
      accounts:
        a: &a { host: h, user: u, key: k, known-hosts: f }
        b: *a
        c: { host: !!binary aGVq, user: u, key: k, known-hosts: f }
      """
    #expect(SettingsText.codes(in: text) == ["2:6 unacceptable ", "2:6 unacceptable ", "4:14 unacceptable "])
  }

  @Test("survives alias bombs", .timeLimit(.minutes(25))) func survivesAliasBombs() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
    }
    text += "? *a40\n: 1\n? *a40\n: 2\n"
    #expect(SettingsText.codes(in: text) == ["0:0 unacceptable "])
  }

  @Test("survives deep nesting", .timeLimit(.minutes(25)), arguments: ["[", "{a: ", "- ", "? ", "a: [", "[{", "&a ["])
  func survivesDeepNesting(opening: String) {
    for depth in [20, 900, 5000, 200_000] {
      #expect(!SettingsText.codes(in: "accounts:\n  " + String(repeating: opening, count: depth)).isEmpty)
      let closed = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      #expect(!SettingsText.codes(in: "accounts: " + closed).isEmpty)
    }
  }

  @Test(
    "says where the YAML breaks",
    arguments: [
      ("accounts:\n\ta: b\n", 2, "indent with spaces, never with tabs"),
      ("accounts:\n  a: \"unclosed\n", 2, "close the quotation mark or bracket"),
      ("accounts:\n  a: b: c\n", 2, "put text with a colon in quotes, or check the indentation"),
      ("accounts:\n  a: *gone\n", 2, "put text that begins with * in quotes"),
      ("accounts:\n  a: @x\n", 2, "put the text in quotes"),
      ("accounts: {}\n---\naccounts: {}\n", 2, nil),
    ])
  func saysWhereTheYAMLBreaks(text: String, line: Int, remedy: String?) throws {
    do throws(SettingsError) {
      _ = try ExchangeSettings.parse(text, source: "f.yaml")
      Issue.record("read without problems")
    } catch {
      #expect(error.problems.count == 1)
      #expect(error.problems.first?.code == .syntax)
      #expect(error.problems.first?.remedy == remedy, "\(error)")
      #expect(error.problems.first?.line.map { $0 == line || $0 == line + 1 } == true, "\(error)")
    }
  }

  /// Whatever the bytes are, reading ends with settings or with an error.
  @Test("survives mutations", .timeLimit(.minutes(25))) func survivesMutations() {
    var random = SeededGenerator(seed: 7)
    let seed = Array(
      (SettingsText.account + "watch:\n  - { account: fagsystem, infref: SF7002, pick-up-within: 4h }\n").utf8)
    let splices = [
      "*a", "&a ", "!!x ", "[", "{", "}", "]", ": ", "- ", "? ", "|\n", ">-\n", "\"", "'", "#", "\n", "<<: ", "%",
      "---\n",
    ]
    for _ in 0..<3000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 5))
        case 2: bytes.insert(contentsOf: Array(splices.randomElement(using: &random)?.utf8 ?? "".utf8), at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        }
        if bytes.isEmpty { bytes = seed }
      }
      _ = SettingsText.codes(in: String(decoding: bytes, as: UTF8.self))
    }
  }
}
