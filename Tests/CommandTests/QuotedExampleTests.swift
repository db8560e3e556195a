import FoundationEssentials
import SystemPackage
import Testing

/// The Swift code of the README and of the libraries' documentation.
@Suite struct QuotedExampleTests {
  /// The libraries whose documentation quotes a program.
  private static let libraries = [
    "TriggerFiles", "FilsluseSFTP", "ExchangeSettings", "FileExchange", "PickupWatch", "LocalPlatform",
  ]

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: TestFiles.repository.pushing(FilePath(path)).string, encoding: .utf8)
  }

  /// The parts of a text between two lines, without them and without the indentation of their end.
  private static func parts(of text: String, from start: String, to end: String) throws -> [String] {
    try text.split(separator: "\(start)\n", omittingEmptySubsequences: false).dropFirst().map { rest in
      let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
      let last = try #require(
        lines.firstIndex { $0.drop { $0 == " " } == end }, "a part that begins with \(start) has no end")
      let indentation = lines[last].prefix { $0 == " " }.count
      return lines[..<last].map { $0.dropFirst(indentation) }.joined(separator: "\n")
    }
  }

  /// The quoted parts of the programs that the suite builds and runs.
  private static func snippets() throws -> Set<String> {
    let programs = TestFiles.repository.pushing("Samples/Programs")
    let names = try FileManager.default.contentsOfDirectory(atPath: programs.string).filter { !$0.contains(".") }
    #expect(names.count >= 8)
    return Set(
      try names.flatMap { name in
        try parts(of: text("Samples/Programs/\(name)/main.swift"), from: "// begin snippet", to: "// end snippet")
      })
  }

  @Test(
    "is the code of an example program, word for word",
    arguments: ["README.md"] + libraries.map { "Sources/\($0)/\($0).docc/\($0).md" })
  func isTheCodeOfAProgram(document: String) throws {
    let quoted = try Self.parts(of: Self.text(document), from: "```swift", to: "```")
    #expect(!quoted.isEmpty)
    let snippets = try Self.snippets()
    for code in quoted { #expect(snippets.contains(code), "\(document) quotes no program: \(code)") }
  }
}
