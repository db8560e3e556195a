import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// Looks through files for InfRefs, and for documents that are not right or could not be sent.
struct Audit {
  /// One thing found: a name, or something about a document.
  struct Entry: Encodable {
    let file: String
    let line: Int
    let column: Int
    /// The name, or the value that a document's finding is about.
    let name: String
    let verdict: Verdict
    /// The assumed kind of place of the name.
    let place: String?
    /// The kind of the first mistake.
    let code: String?
    let message: String?
    let suggestion: String?
    let remedy: String?
    /// The section of the contract.
    let section: String?
    /// True if it is about a name, false for a document.
    let isName: Bool
    /// The number of further equal findings in the file, which are counted and not listed.
    var more: Int?
  }

  enum Verdict: String, Encodable { case good, warning, error }

  /// Something worth knowing about how a file was read.
  struct Note: Encodable {
    let path: String
    let text: String
  }

  /// The options of an audit.
  struct Request {
    var register: Set<String>
    /// The greatest size of a file that is checked.
    var largest: Int
    var keepsGood: Bool
    var language: ReportLanguage
  }

  /// More of one name in one file are counted and not listed.
  private static let mostAlike = 100
  /// More findings are counted and not listed: a log full of mistakes must not fill the memory.
  private static let most = 20_000

  /// The language of everything that is said about the files.
  let language: ReportLanguage
  private(set) var entries: [Entry] = []
  private(set) var skipped: [AuditWalk.Skipped] = []
  private(set) var notes: [Note] = []
  private(set) var files = 0
  private(set) var bytes = 0
  private(set) var good = 0
  private(set) var errors = 0
  private(set) var warnings = 0
  private(set) var unlisted = 0

  /// Looks through everything below the paths.
  init(_ paths: [FilePath], _ request: Request) {
    let declared = DeclaredNames.below(paths)
    language = request.language
    var walk = AuditWalk(language: language)
    walk.walk(paths) { walk, path in
      var file = AuditedFile(path, request, declared)
      do throws(AuditReader.Refusal) {
        try file.look()
      } catch {
        switch error {
        case .unfit(let reason): walk.skip(path, reason)
        case .failed(let code): walk.fail(path, code)
        }
      }
      for reason in file.unjudgedParts { walk.skip(path, reason) }
      take(file, named: Printable.text(path.string))
    }
    skipped = walk.skipped
  }

  /// Adds the findings of a file.
  private mutating func take(_ file: AuditedFile, named name: String) {
    guard file.wasRead else { return }
    files += 1
    bytes += file.bytes
    good += file.good
    notes += file.notes.map { Note(path: name, text: $0[language]) }
    errors += file.found.errors
    warnings += file.found.warnings
    let room = max(0, Self.most - entries.count)
    entries += file.found.sorted.prefix(room)
    unlisted += max(0, file.found.sorted.count - room) + file.found.unlisted
  }

  /// The listed findings in one file.
  struct Found {
    private var entries: [Entry] = []
    private var alike: [String: (last: Int, count: Int)] = [:]
    private(set) var errors = 0
    private(set) var warnings = 0
    private(set) var unlisted = 0

    /// True once the list is full.
    var isFull: Bool { entries.count >= Audit.most }

    /// Counts a finding that is not listed.
    mutating func count(_ verdict: Verdict) {
      tally(verdict)
      unlisted += 1
    }

    private mutating func tally(_ verdict: Verdict) {
      switch verdict {
      case .error: errors += 1
      case .warning: warnings += 1
      case .good: break
      }
    }

    /// Counts a finding, and lists it where there is room.
    ///
    /// - Parameters:
    ///   - kind: the kind of the finding; only the first of each kind are listed.
    ///   - entry: makes the listed entry.
    mutating func add(_ verdict: Verdict, kind: String, _ entry: () -> Entry) {
      guard !isFull else { return count(verdict) }
      tally(verdict)
      let known = alike[kind]
      if let known, known.count >= Audit.mostAlike {
        entries[known.last].more = (entries[known.last].more ?? 0) + 1
      } else {
        alike[kind] = (entries.count, (known?.count ?? 0) + 1)
        entries.append(entry())
      }
    }

    /// The listed findings in the order of the file.
    var sorted: [Entry] { entries.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }
  }
}

/// The names declared by settings among the audited files: they are known in all files.
enum DeclaredNames {
  static func below(_ paths: [FilePath]) -> Set<String> {
    var declared: Set<String> = []
    var walk = AuditWalk()
    walk.walk(paths) { _, path in
      guard ["yaml", "yml"].contains(path.extension?.lowercased() ?? ""),
        let names = try? names(in: path)
      else { return }
      declared.formUnion(names.register)
    }
    return declared
  }

  /// The names in a file of YAML or JSON.
  private static func names(in path: FilePath) throws -> StructuredNames {
    var encodings = LineDecoding.Encodings()
    let bytes = try AuditReader(path, limit: AuditedFile.Largest.document).readAll()
    return try StructuredNames(
      reading: String(decoding: LineDecoding.text(of: bytes, &encodings), as: UTF8.self))
  }
}

extension Audit.Entry {
  /// Lists a name.
  init(
    _ occurrence: InfRefOccurrence, _ verdict: Audit.Verdict, file: String, line: Int, in language: ReportLanguage
  ) {
    let first = occurrence.findings.first
    self.init(
      file: file, line: occurrence.position.line + line - 1, column: occurrence.position.column,
      name: Printable.text(occurrence.name), verdict: verdict, place: occurrence.place.rawValue,
      code: first?.code.rawValue,
      message: first == nil ? nil : occurrence.findings.map { $0.message(in: language) }.joined(separator: "; "),
      suggestion: occurrence.findings.lazy.compactMap(\.suggestion).first, remedy: first?.remedy(in: language),
      section: first?.section, isName: true)
  }
}
