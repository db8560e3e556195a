import Foundation
import SystemPackage
import Testing

/// The short form of the conformance cases, on the servers that are at hand; `Scripts/check` runs all of them.
@Suite(.timeLimit(.minutes(25))) struct ConformanceTests {
  @Test("sends, collects, resumes, lists and watches on other servers than OpenSSH as expected")
  func shortForm() async throws {
    let outcome = try await conformance(["--short"])
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    let counts = outcome.output.split(separator: "\n").last ?? ""
    let passed = counts.split(separator: " ").first.flatMap { Int($0) } ?? 0
    // OpenSSH twice and asyncssh are always there, with ten cases each.
    #expect(passed >= 30 && counts.contains(" passed, 0 failed, "), "\(outcome.output)")
  }

  @Test("the table in the documentation agrees with the conformance suite")
  func documentedTable() async throws {
    let table = try await conformance(["--table"]).output
    let article = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/FilsluseSFTP/FilsluseSFTP.docc/Servers.md")
    let text = try String(contentsOf: article, encoding: .utf8)
    #expect(table.contains("| OpenSSH internal-sftp | ok |"))
    #expect(text.contains(table), "put this into \(article.standardized.path):\n\(table)")
  }

  private func conformance(_ arguments: [String]) async throws -> BuiltCommand.Outcome {
    try await BuiltCommand.run(["conformance"] + arguments, program: "filsluse-torture")
  }
}
