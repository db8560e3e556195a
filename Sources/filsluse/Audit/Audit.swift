import FileExchange
import SystemPackage
import TriggerFiles

/// Looks through files for InfRefs, and for triggers that could not be sent.
struct Audit {
  /// One thing found: a name, or a trigger that does not keep the rules.
  struct Entry: Encodable {
    let file: String
    let line: Int
    let column: Int
    /// The name, or the value that a trigger's finding is about.
    let name: String
    let verdict: Verdict
    /// The kind of the first mistake.
    let code: String?
    let message: String?
    let suggestion: String?
    /// Whether it is about a name, rather than about a trigger.
    let isName: Bool
  }

  enum Verdict: String, Encodable { case good, warning, error }

  private(set) var entries: [Entry] = []
  private(set) var skipped: [AuditWalk.Skipped] = []
  private(set) var files = 0
  private(set) var bytes = 0
  private(set) var good = 0

  private let register: Set<String>
  private let keepsGood: Bool

  /// Looks through everything below the paths.
  init(_ paths: [FilePath], register: Set<String>, largest: Int, keepsGood: Bool) {
    self.register = register
    self.keepsGood = keepsGood
    let reader = AuditReader(limit: largest)
    var walk = AuditWalk()
    walk.walk(paths) { walk, path in
      switch reader.read(path) {
      case .text(let bytes): look(through: bytes, of: path)
      case .skipped(let reason): walk.skip(path, reason)
      case .failed(let code): walk.fail(path, code)
      }
    }
    skipped = walk.skipped
  }

  private mutating func look(through bytes: UnsafeRawBufferPointer, of path: FilePath) {
    files += 1
    self.bytes += bytes.count
    let text = AuditedText(bytes, path: path)
    var found = text.column(register: register)
    let lines = Set(found.map(\.position.line))
    let scanner = InfRefScanner(register: register, surroundings: text.surroundings)
    // A line whose cell has been judged is done with.
    found += scanner.occurrences(in: bytes).filter { !lines.contains($0.position.line) }
    let name = Printable.text(path.string)
    var entries = found.compactMap { entry($0, in: name) }
    entries += text.triggerFindings(register: register).map { Self.entry($0, in: name) }
    self.entries += entries.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  private mutating func entry(_ found: InfRefOccurrence, in file: String) -> Entry? {
    // Where no register is known a name that is merely unknown may stand in it.
    let isWrong = found.findings.contains { $0.severity == .error && !(register.isEmpty && $0.code == .unknown) }
    let verdict: Verdict = isWrong ? .error : found.findings.isEmpty ? .good : .warning
    if verdict == .good {
      good += 1
      guard keepsGood else { return nil }
    }
    return Entry(
      file: file, line: found.position.line, column: found.position.column, name: Printable.text(found.name),
      verdict: verdict, code: found.findings.first?.code.rawValue,
      message: found.findings.isEmpty ? nil : found.findings.map(\.message).joined(separator: "; "),
      suggestion: found.findings.lazy.compactMap(\.suggestion).first, isName: true)
  }

  private static func entry(_ finding: Diagnostic, in file: String) -> Entry {
    Entry(
      file: file, line: finding.line ?? 1, column: finding.column ?? 1, name: finding.found,
      verdict: finding.severity == .error ? .error : .warning, code: finding.code.rawValue,
      message: (finding.path.isEmpty ? "" : "\(finding.path): ") + "\(finding.found); \(finding.expected)",
      suggestion: finding.remedy, isName: false)
  }
}
