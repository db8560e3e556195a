import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// Findings as SARIF 2.1.0, which code hosts show at the line.
struct SARIFLog: Encodable {
  struct Run: Encodable {
    let tool: Tool
    let columnKind = "unicodeCodePoints"
    let invocations: [Invocation]
    let results: [Result]
  }

  struct Tool: Encodable {
    struct Driver: Encodable {
      let name = "filsluse"
      let version = ProgramVersion.current
      let rules: [Rule]
    }
    let driver: Driver
  }

  struct Rule: Encodable { let id: String }

  struct Invocation: Encodable {
    let executionSuccessful: Bool
    let toolExecutionNotifications: [Notification]
  }

  /// A file that was not looked at.
  struct Notification: Encodable {
    let level: String
    let message: Message
    let locations: [Location]
  }

  struct Result: Encodable {
    let ruleId: String
    let level: String
    let kind: String
    let message: Message
    let locations: [Location]
  }

  struct Message: Encodable { let text: String }

  struct Location: Encodable {
    struct Physical: Encodable {
      let artifactLocation: Artifact
      let region: Region?
    }
    let physicalLocation: Physical
  }

  struct Artifact: Encodable { let uri: String }

  struct Region: Encodable {
    let startLine: Int
    let startColumn: Int
  }

  let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
  let version = "2.1.0"
  let runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  init(_ audit: Audit) {
    let results = audit.entries.map { entry in
      Result(
        ruleId: entry.code ?? "good-name", level: entry.verdict == .good ? "none" : entry.verdict.rawValue,
        kind: entry.verdict == .good ? "pass" : "fail", message: Message(text: entry.sentence),
        locations: [Self.location(entry.file, Region(startLine: entry.line, startColumn: entry.column))])
    }
    let notifications = audit.skipped.map { skipped in
      Notification(
        level: skipped.kind == .link ? "note" : "error", message: Message(text: "not judged: \(skipped.reason)"),
        locations: [Self.location(skipped.path, nil)])
    }
    self.init(results, notifications, isComplete: !audit.skipped.contains { $0.kind != .link })
  }

  /// The findings of a register, in a language.
  init(_ findings: [RegisterFinding], in language: ReportLanguage) {
    let results = findings.map { finding in
      Result(
        ruleId: finding.code.rawValue, level: finding.severity.rawValue, kind: "fail",
        message: Message(text: finding.sentence(in: language)),
        locations: [
          Self.location(
            Printable.text(finding.file.string),
            finding.position.map { Region(startLine: $0.line, startColumn: $0.column) })
        ])
    }
    self.init(results, [], isComplete: true)
  }

  private init(_ results: [Result], _ notifications: [Notification], isComplete: Bool) {
    runs = [
      Run(
        tool: Tool(driver: Tool.Driver(rules: Set(results.map(\.ruleId)).sorted().map(Rule.init))),
        invocations: [Invocation(executionSuccessful: isComplete, toolExecutionNotifications: notifications)],
        results: results)
    ]
  }

  private static func location(_ file: String, _ region: Region?) -> Location {
    Location(physicalLocation: .init(artifactLocation: Artifact(uri: uri(file)), region: region))
  }

  /// A path as a URI reference: its bytes, those escaped that a URI does not carry.
  private static func uri(_ path: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    return path.utf8.reduce(into: "") { uri, byte in
      if plain.contains(byte) {
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        uri += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}
