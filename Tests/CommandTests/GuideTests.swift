import FoundationEssentials
import PlatformFixture
import SystemPackage
import Testing

/// The operators' guide: its commands run in order beside a platform, and answer as its transcripts say.
///
/// A comment before a block of commands may hold marks, a line each: `as` names the system whose settings are in force
/// (`fagsystem` otherwise), `before` is shell that prepares what the reader has already, `ends` gives the exit statuses
/// of the commands in their order (0 otherwise), `not run` says why the block is not run, and `transcript to check` why
/// its transcript is not compared.
@Suite(.timeLimit(.minutes(25))) struct GuideTests {
  @Test("every command of the guide runs and answers as its transcript says", arguments: [Guide.danish, .english])
  func everyCommandRunsAndAnswersAsItsTranscriptSays(guide: Guide) async throws {
    try await withScratchFolder("guide") { folder in
      let steps = try guide.steps()
      let outcome = try await BuiltCommand.shell(
        besidePlatform: """
          \(guide.setUp)
          \(Guide.script(steps))
          [ -z "${watch:-}" ] || { kill $watch; wait $watch; }
          """, in: folder)
      #expect(outcome.status == 0, "\(outcome)")
      for step in steps {
        let place = folder.appending("answer.\(step.number)")
        let answer = (try? String(contentsOfFile: place.string, encoding: .utf8)) ?? "no answer: \(outcome)"
        let status = (try? String(contentsOfFile: place.string + ".status", encoding: .utf8)) ?? ""
        #expect(status == "\(step.status)\n", "\(step.line)\n\(answer)")
        if step.isCompared {
          #expect(Transcript.differences(between: step.transcript, and: answer) == [], "\(step.line)\n\(answer)")
        }
      }
    }
  }

  @Test("the Danish and the English pages hold the same commands with the same marks")
  func bothLanguagesHoldTheSameCommands() throws {
    #expect(Guide.danish.pages.count == Guide.english.pages.count)
    for (danish, english) in zip(Guide.danish.pages, Guide.english.pages) {
      let inDanish = try Guide.blocks(of: danish)
      let inEnglish = try Guide.blocks(of: english)
      #expect(inDanish.map(\.marks) == inEnglish.map(\.marks), "\(danish)")
      #expect(
        inDanish.map { $0.commands.map(\.line) } == inEnglish.map { $0.commands.map(\.line) }, "\(danish)")
    }
  }

  @Test("each of the ten tasks takes at most three commands", arguments: ["Opgaver", "Tasks"])
  func eachTaskTakesAtMostThreeCommands(page: String) throws {
    let sections = try Guide.text(of: page).split(separator: "\n## ").dropFirst(2)
    #expect(sections.count == 10)
    for section in sections {
      let commands = section.split(separator: "\n").filter { $0.hasPrefix("$ ") }
      #expect((1...3).contains(commands.count), "\(section.prefix { $0 != "\n" })")
    }
  }
}

/// The pages of the guide in one language, in the order in which their commands run.
struct Guide: Sendable, CustomTestStringConvertible {
  let language: String
  let pages: [String]

  static let danish = Guide(
    language: "da_DK.UTF-8",
    pages: ["Installation", "Opgaver", "Drift", "JournalPaaServer", "Fejl", "DataOgSikkerhed", "FoersteProeve"])
  static let english = Guide(
    language: "C.UTF-8",
    pages: ["Installing", "Tasks", "Operation", "JournalServer", "Runbook", "DataAndSecurity", "FirstTrial"])

  var testDescription: String { language }

  /// The shell that comes before the first command.
  var setUp: String { #"PATH="$(dirname "$0"):$PATH"; unset LC_ALL LC_MESSAGES; export LANG="# + language }

  /// A command that is run, with the answer that the guide shows.
  struct Step: Sendable {
    let number: Int
    let line: String
    let transcript: [String]
    let status: Int
    let isCompared: Bool
    /// The shell before it.
    let preparation: String
  }

  /// A block of commands with its marks.
  struct Block: Sendable {
    let marks: [String: String]
    var commands: [Command] = []
  }

  /// A command as the guide shows it, with its answer.
  struct Command: Sendable {
    let line: String
    var transcript: [String] = []
  }

  static func file(of page: String) -> FilePath {
    TestFiles.repository.appending("Guide").appending("Filsluse.docc").appending("\(page).md")
  }

  static func text(of page: String) throws -> String {
    try String(contentsOfFile: file(of: page).string, encoding: .utf8)
  }

  /// The blocks of a page. A comment counts for the block right after it.
  static func blocks(of page: String) throws -> [Block] {
    var blocks: [Block] = []
    var marks: [String: String] = [:]
    var lines = try text(of: page).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    while let line = lines.popFirst() {
      if line.hasPrefix("<!--") {
        var comment = [line]
        while comment.last?.contains("-->") == false, let next = lines.popFirst() { comment.append(next) }
        marks = Self.marks(in: comment.joined(separator: "\n"))
      } else if line == "```console" {
        var block = Block(marks: marks)
        while let next = lines.popFirst(), next != "```" {
          if next.hasPrefix("$ ") {
            block.commands.append(Command(line: String(next.dropFirst(2))))
          } else {
            try #require(!block.commands.isEmpty, "\(page): a block begins without a command: \(next)")
            block.commands[block.commands.count - 1].transcript.append(next)
          }
        }
        blocks.append(block)
        marks = [:]
      } else {
        marks = [:]
      }
    }
    return blocks
  }

  private static func marks(in comment: String) -> [String: String] {
    var marks: [String: String] = [:]
    for line in comment.replacing("<!--", with: "").replacing("-->", with: "").split(separator: "\n") {
      guard let colon = line.firstRange(of: ": ") else { continue }
      let key = line[..<colon.lowerBound].drop { $0 == " " }
      var value = line[colon.upperBound...]
      while value.last == " " { value.removeLast() }
      marks[String(key)] = String(value)
    }
    return marks
  }

  /// The commands of all pages that are run.
  func steps() throws -> [Step] {
    var steps: [Step] = []
    for page in pages {
      for block in try Self.blocks(of: page) where block.marks["not run"] == nil {
        let statuses = (block.marks["ends"] ?? "").split(separator: " ").compactMap { Int($0) }
        for (index, command) in block.commands.enumerated() {
          let settings = "platform/clients/\(block.marks["as"] ?? "fagsystem")/filsluse.yaml"
          let before = index == 0 ? block.marks["before"].map { "{ \($0)\n} >> before.log 2>&1\n" } ?? "" : ""
          steps.append(
            Step(
              number: steps.count, line: command.line, transcript: command.transcript,
              status: index < statuses.count ? statuses[index] : 0,
              isCompared: block.marks["transcript to check"] == nil,
              preparation: "export FILSLUSE_CONFIG=\"$PWD/\(settings)\"\n\(before)"))
        }
      }
    }
    return steps
  }

  /// The shell that runs the steps, each with its answer and its exit status in files of its own.
  static func script(_ steps: [Step]) -> String {
    steps.map { step in
      let answer = "answer.\(step.number)"
      return "\(step.preparation){ \(step.line)\n} > \(answer) 2>&1 < /dev/null; echo $? > \(answer).status"
    }.joined(separator: "\n")
  }
}

/// The comparison of a transcript with an answer. A line that is only "…" stands for any lines, and "…" at the end of a
/// line for its rest; numbers, times, ids and paths may differ.
private enum Transcript {
  /// The transcript's lines that the answer lacks, in their order, or the answer where it has others besides.
  static func differences(between transcript: [String], and answer: String) -> [String] {
    let given = answer.split(separator: "\n").map { shape(of: String($0)) }.filter { !$0.isEmpty }
    let shown = transcript.filter { !$0.isEmpty }
    var rest = given[...]
    var missing: [String] = []
    for line in shown where line != "…" {
      var expected = shape(of: line)
      let isCut = expected.hasSuffix("…")
      while let last = expected.last, last == "…" || (isCut && last == " ") { expected.removeLast() }
      guard let place = rest.firstIndex(where: { isCut ? $0.hasPrefix(expected) : $0 == expected }) else {
        missing.append(line)
        continue
      }
      rest = rest[(place + 1)...]
    }
    if missing.isEmpty, !shown.contains("…"), shown.count != given.count { return given }
    return missing
  }

  /// A line without what differs from run to run.
  private static func shape(of line: String) -> String {
    line.split(separator: " ").map { word -> String in
      let bare = word.filter { !".,;:()“”\"".contains($0) }
      if bare.hasPrefix("/") { return "/" }
      if word.contains("SHA256:") { return "SHA256:" }
      if bare.count >= 16, bare.allSatisfy({ $0.isHexDigit || $0 == "-" }) { return "id" }
      var shape = ""
      for character in word {
        if !character.isNumber {
          shape.append(character)
        } else if shape.last != "0" {
          shape.append("0")
        }
      }
      return shape
    }.joined(separator: " ")
  }
}
