import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

/// Everything in the README works.
@Suite(.timeLimit(.minutes(25))) struct ReadmeTests {
  private static let root = TestFiles.repository

  private static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root.pushing(FilePath(path)).string, encoding: .utf8)
  }

  /// The text between two markers.
  private static func part(of text: String, after start: String, before end: String) throws -> String {
    let rest = try #require(text.split(separator: start, maxSplits: 1).last)
    return String(try #require(rest.split(separator: end, maxSplits: 1).first))
  }

  @Test("the first delivery by hand works")
  func theFirstDeliveryByHandWorks() async throws {
    let block = try Self.part(of: Self.text("README.md"), after: "```sh\n", before: "```")
    let lines = block.split(separator: "\n")
    #expect(lines.count < 10)
    #expect(lines.first?.hasPrefix("swift build && ") == true)
    try await withScratchFolder("readme") { folder in
      let rest = lines.dropFirst().joined(separator: "\n")
      let outcome = try await BuiltCommand.shell(
        "PATH=\"$(dirname \"$0\"):$PATH\" && cd '\(folder)'\n\(rest)\nwait")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.output.contains("accepted"), "\(outcome)")
      #expect(outcome.output.contains("collected"), "\(outcome)")
      #expect(outcome.output.contains("FileTransferUUID"), "\(outcome)")
    }
  }

  /// The headings of a document as links name them: small letters, blanks as `-`, other marks left out.
  private static func headings(of document: String) throws -> Set<String> {
    let titles = try text(document).split(separator: "\n").filter { $0.hasPrefix("#") }
    return Set(
      titles.map { title in
        let words = title.drop { $0 == "#" || $0 == " " }.lowercased()
        return String(
          words.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }.map { $0 == " " ? "-" : $0 })
      })
  }

  @Test("every file and heading that the documents link to is there")
  func everyFileThatTheDocumentsLinkToIsThere() throws {
    for document in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
      for link in try Self.text(document).split(separator: "](").dropFirst() {
        let target = link.prefix { $0 != ")" }
        guard !target.hasPrefix("https://") else { continue }
        if target.hasPrefix("#") {
          #expect(try Self.headings(of: document).contains(String(target.dropFirst())), "\(target)")
          continue
        }
        #expect(FileManager.default.fileExists(atPath: Self.root.pushing(FilePath(String(target))).string), "\(target)")
      }
    }
  }
}
