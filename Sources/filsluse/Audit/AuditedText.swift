import FileExchange
import SystemPackage
import TriggerFiles

/// A file's text and what its name and first bytes say about it.
struct AuditedText {
  private let bytes: UnsafeRawBufferPointer
  private let ending: String

  init(_ bytes: UnsafeRawBufferPointer, path: FilePath) {
    self.bytes = bytes
    ending = path.extension?.lowercased() ?? ""
  }

  private static let structured: Set<String> = [
    "trigger", "metadata", "sftpreceipt", "xml", "json", "yaml", "yml", "csv", "tsv", "properties", "conf", "cfg",
    "ini", "toml", "env",
  ]

  var surroundings: InfRefScanner.Surroundings {
    isMarkup ? .markup : Self.structured.contains(ending) ? .structured : .prose
  }

  private var isMarkup: Bool {
    bytes.prefix(64).first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "<")
  }

  // MARK: A column of CSV

  private static let longestHeader = 4096

  /// The names in the column InfRef, where the text is a table that has one.
  func column(register: Set<String>) -> [InfRefOccurrence] {
    let first = Array(bytes.prefix(Self.longestHeader).prefix { $0 != UInt8(ascii: "\n") })
    guard !isMarkup, let header = try? DelimitedTable(reading: first).header, header.cells.count > 1,
      let index = header.cells.firstIndex(where: { $0.lowercased() == "infref" }),
      let table = try? DelimitedTable(reading: Array(bytes))
    else { return [] }
    return table.rows.compactMap { row in
      guard index < row.cells.count, !row.cells[index].isEmpty else { return nil }
      let name = row.cells[index]
      let column = row.cells[..<index].reduce(1) { $0 + $1.unicodeScalars.count + 1 }
      return InfRefOccurrence(
        name: name, position: SourcePosition(line: row.line, column: column), isLabelled: true,
        findings: InfRef.check(name, register: register))
    }
  }

  // MARK: A trigger

  /// What keeps a trigger from being sent, beyond its InfRef's spelling, which the scanner tells.
  func triggerFindings(register: Set<String>) -> [Diagnostic] {
    guard isMarkup, bytes.count <= ReadingLimits().maximumBytes, ending == "trigger" || hasTriggerRoot else {
      return []
    }
    let inspection = Document.inspect(Array(bytes), sending: SendRules(register: register))
    if case .metadata = inspection.document { return [] }
    return inspection.diagnostics.filter { $0.code != .unfitInfRef && $0.severity == .error }
  }

  /// Whether `Trigger` stands in the contract's namespace near the start.
  private var hasTriggerRoot: Bool {
    let start = String(decoding: bytes.prefix(1024), as: UTF8.self)
    return start.contains("/soap11/SFTP/1/types") && (start.contains(":Trigger") || start.contains("<Trigger"))
  }
}
