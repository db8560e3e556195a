import Foundation
import SystemPackage
import Testing
import TriggerFiles

@testable import filsluse

/// The tables of the guide's runbook are made from the explanations of the codes, which `filsluse explain` shows.
@Suite struct RunbookTests {
  @Test("the tables of the runbook hold the explanation of every code", arguments: ["Fejl", "Runbook"])
  func theTablesHoldTheExplanationOfEveryCode(page: String) throws {
    let text = try Guide.text(of: page)
    for kind in ExplainedCode.Kind.allCases {
      #expect(text.contains("\n\(Self.mark(of: kind))\n"), "\(page) has no table of \(kind)")
    }
    let made = Self.withTables(text, isDanish: page == "Fejl")
    if ProcessInfo.processInfo.environment["FILSLUSE_WRITE_REFERENCE"] != nil {
      try made.write(toFile: Guide.file(of: page).string, atomically: true, encoding: .utf8)
    }
    let found = try Guide.text(of: page).split(separator: "\n", omittingEmptySubsequences: false)
    let expected = made.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, expected.count)
    #expect(
      found == expected,
      "\(page) differs from the explanations on line \(line + 1); run this suite with FILSLUSE_WRITE_REFERENCE=1 to write it"
    )
  }

  /// The comment before the table of a kind.
  private static func mark(of kind: ExplainedCode.Kind) -> String { "<!-- codes: \(kind.rawValue) -->" }

  /// A page with its tables made anew. A table begins after its mark, and ends with the first line that is none of it.
  private static func withTables(_ text: String, isDanish: Bool) -> String {
    var lines: [String] = []
    var isInTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if isInTable, line.hasPrefix("|") { continue }
      lines.append(line)
      isInTable = false
      for kind in ExplainedCode.Kind.allCases where line == mark(of: kind) {
        lines += table(of: kind, isDanish: isDanish)
        isInTable = true
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func table(of kind: ExplainedCode.Kind, isDanish: Bool) -> [String] {
    let header =
      isDanish
      ? "| Kode | Betydning og hyppig årsag | Gør dette | Spørg |"
      : "| Code | Meaning and usual cause | Do this | Ask |"
    let codes = ExplainedCode.all.filter { $0.kind == kind }.map { $0.shown(in: isDanish ? .danish : .english) }
    return [header, "|---|---|---|---|"]
      + codes.map { code in
        let cells = ["\(code.meaning) \(code.cause)", code.remedy, code.ask].map { $0.replacing("|", with: "\\|") }
        return "| `\(code.code)` | \(cells.joined(separator: " | ")) |"
      }
  }
}
