import ArgumentParser
import Foundation
import SystemPackage
import Testing

@testable import filsluse

/// The commands that the guide, the README and the libraries' articles name in a sentence, in a table or in a block.
@Suite struct QuotedCommandTests {
  @Test("the documents name no command and no option that the command does not have")
  func theDocumentsNameKnownCommands() throws {
    let documents = try Self.documents()
    #expect(documents.count >= Guide.danish.pages.count + Guide.english.pages.count + 2)
    for document in documents {
      let text = try String(contentsOfFile: document.string, encoding: .utf8)
      for line in Self.commands(in: text) {
        #expect(throws: Never.self, "\(document): \(line)") { try Self.check(line) }
      }
    }
  }

  @Test("finds commands in sentences over two lines, in tables and in blocks, and the faults in them")
  func findsCommandsAndTheirFaults() {
    let text = """
      <!-- before: `filsluse hidden` -->
      | what | `filsluse rutes list` | `filsluse run --nope` |

      Say `sudo -u filsluse filsluse
      status`, or `filsluse.yaml`.

      ```console
      $ sudo filsluse send a.csv --rute x
      filsluse: this is an answer
      ```
      """
    let commands = Self.commands(in: text)
    #expect(
      commands == [
        "filsluse send a.csv --rute x", "filsluse rutes list", "filsluse run --nope", "filsluse status",
      ])
    for line in commands.dropLast() { #expect(throws: CommandFailure.self, "\(line)") { try Self.check(line) } }
    #expect(throws: Never.self) { try Self.check("filsluse status") }
  }

  /// The README, the pages of the guide and the articles of the libraries.
  private static func documents() throws -> [FilePath] {
    let folder = TestFiles.repository
    let pages = try ["Guide", "Sources"].flatMap { top in
      try FileManager.default.subpathsOfDirectory(atPath: folder.appending(top).string).map { "\(top)/\($0)" }
    }
    return [folder.appending("README.md")]
      + pages.filter { $0.hasSuffix(".md") }.sorted().map { folder.pushing(FilePath($0)) }
  }

  /// The command lines of a document: those of its blocks, then those between back quotes. Comments count for nothing.
  private static func commands(in document: String) -> [String] {
    var blocks: [Substring] = []
    var paragraphs = [""]
    var isInBlock = false
    var isInComment = false
    for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInBlock.toggle()
      } else if isInBlock {
        blocks.append(line)
      } else {
        if line.hasPrefix("<!--") { isInComment = true }
        if line.isEmpty { paragraphs.append("") }
        if !isInComment { paragraphs[paragraphs.count - 1] += "\(line) " }
        if line.contains("-->") { isInComment = false }
      }
    }
    let quoted = paragraphs.flatMap { paragraph in
      paragraph.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
        .map(\.element)
    }
    return (blocks + quoted).compactMap { text in
      var words = text.split(separator: " ").map(String.init)[...]
      for prefix in [["$"], ["sudo", "-u", "filsluse"], ["sudo"]] where words.starts(with: prefix) {
        words = words.dropFirst(prefix.count)
      }
      return words.first == "filsluse" && words.count > 1 ? words.joined(separator: " ") : nil
    }
  }

  /// Checks the words of a command line as far as they name commands and options.
  private static func check(_ line: String) throws {
    let words = line.split(separator: " ").dropFirst().map(String.init)
    try Subcommands.check(words, of: Filsluse.self)
    let called = Subcommands.command(in: words, of: Filsluse.self).type
    if let unknown = UnknownOption(in: words, of: called, under: Filsluse.self, besides: "") {
      throw CommandFailure(.usage, unknown.message)
    }
  }
}
