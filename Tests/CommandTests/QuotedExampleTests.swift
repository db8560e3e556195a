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

  /// The names of the programs that the suite builds and runs.
  private static func programs() throws -> [String] {
    let folder = TestFiles.repository.pushing("Samples/Programs")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { !$0.contains(".") }
    #expect(names.count >= 8)
    return names
  }

  private static func program(_ name: String) throws -> String { try text("Samples/Programs/\(name)/main.swift") }

  /// The quoted parts of the programs.
  private static func snippets() throws -> Set<String> {
    Set(
      try programs().flatMap { name in
        try parts(of: program(name), from: "// begin snippet", to: "// end snippet")
      })
  }

  @Test("imports nothing but products of this package, swift-log and swift-system")
  func importsNothingButProducts() throws {
    let package = try Self.text("Package.swift")
    let examples = try Self.text("Samples/Programs/Package.swift")
    for name in try Self.programs() {
      #expect(examples.contains("\"\(name)\""), "\(name) is missing from the examples' own package")
      for line in try Self.program(name).split(separator: "\n") where line.hasPrefix("import ") {
        let module = String(line.dropFirst("import ".count))
        if ["Foundation", "Logging", "SystemPackage"].contains(module) { continue }
        #expect(package.contains(".library(name: \"\(module)\""), "\(name) imports \(module), which is no product")
      }
    }
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
