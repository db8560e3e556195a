import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// One file of an audit: its kind, its reading, and its findings.
struct AuditedFile {
  /// Limits of files that must be read whole: documents, settings, tables, mails.
  enum Largest {
    static let document = 1 << 20
    static let table = 8 << 20
    static let mail = 64 << 20
  }

  let path: FilePath
  let request: Audit.Request
  /// The names that are accepted unchecked: the user's register, and the declarations in settings among the files.
  private(set) var register: Set<String>
  /// True if the user's register is known, so that an unlisted name is an error.
  private(set) var knowsRegister: Bool

  private(set) var found = Audit.Found()
  private(set) var notes: [LocalizedText] = []
  /// The reasons why parts of it are not checked.
  private(set) var unjudgedParts: [LocalizedText] = []
  private(set) var wasRead = false
  private(set) var bytes = 0
  private(set) var good = 0

  private let name: String

  init(_ path: FilePath, _ request: Audit.Request, _ declared: Set<String>) {
    self.path = path
    self.request = request
    register = request.register.union(declared)
    knowsRegister = !request.register.isEmpty
    name = Printable.text(path.string)
  }

  /// Reads the file and checks it.
  ///
  /// - Throws: `Refusal` if it cannot be checked, or not to its end.
  mutating func look() throws(AuditReader.Refusal) {
    let reader = try AuditReader(path, limit: request.largest)
    let kind = AuditedKind(start: reader.start, path: path)
    if case .unfit(let reason) = kind { throw .unfit(reason) }
    if kind == .mail, reader.size > Largest.mail {
      let size = UInt64(reader.size)
      throw .unfit(
        LocalizedText(
          "a mail of \(Readable.size(size)), larger than \(Largest.mail >> 20) MiB",
          "en mail på \(Readable.size(size, in: .danish)), større end \(Largest.mail >> 20) MiB"))
    }
    wasRead = true
    bytes = reader.size
    switch kind {
    case .markup where reader.size <= Largest.document: try lookAtMarkup(try reader.readAll())
    case .structured where reader.size <= Largest.document: try lookAtStructure(try reader.readAll())
    case .table where reader.size <= Largest.table: lookAtTable(try reader.readAll())
    case .mail: lookAtMail(try reader.readAll())
    default:
      if kind == .markup || kind == .structured || kind == .table {
        let size = UInt64(reader.size)
        notes.append(
          LocalizedText(
            "\(Readable.size(size)): too large to be read whole, looked through as text",
            "\(Readable.size(size, in: .danish)): for stor til at blive læst som et hele, læst som tekst"))
      }
      try lookAtPieces(of: reader, kind)
    }
  }

  // MARK: Text

  private mutating func lookAtPieces(of reader: AuditReader, _ kind: AuditedKind) throws(AuditReader.Refusal) {
    let scanner = InfRefScanner(
      register: register, surroundings: kind.surroundings, reportsGood: request.keepsGood)
    var progress = ScanProgress()
    var pieces = TextPieces(reader)
    defer {
      good += progress.good
      note(pieces.encodings)
    }
    try pieces.forEach { bytes, cut in
      scanner.scan(bytes, before: cut, &progress) { add($0, $1) }
    }
    try reader.expectUnchanged()
  }

  /// Scans a text in memory; occurrences accepted by `isJudged` are left out.
  private mutating func scan(
    _ text: [UInt8], _ surroundings: InfRefScanner.Surroundings, _ place: InfRefPlace = .freeText, line: Int = 1,
    except isJudged: (InfRefOccurrence) -> Bool = { _ in false }
  ) {
    let scanner = InfRefScanner(register: register, surroundings: surroundings, labelledPlace: place)
    for occurrence in scanner.occurrences(in: text) where !isJudged(occurrence) {
      if occurrence.findings.isEmpty { good += 1 }
      add(occurrence, line: line)
    }
  }

  private mutating func note(_ encodings: LineDecoding.Encodings) {
    if encodings.isUTF16 { notes.append(LocalizedText("read as UTF-16", "læst som UTF-16")) }
    let lines = encodings.windowsLines
    if lines > 0 {
      notes.append(
        LocalizedText(
          "\(lines.counted("line")) not in UTF-8, read as windows-1252",
          "\(lines.counted("linje", "linjer")) ikke i UTF-8, læst som windows-1252"))
    }
  }

  /// Returns a text as UTF-8, decoding each line by its own encoding.
  private mutating func decoded(_ bytes: [UInt8]) -> [UInt8] {
    var encodings = LineDecoding.Encodings()
    let text = LineDecoding.text(of: bytes, &encodings)
    note(encodings)
    return text
  }

  // MARK: Documents

  private mutating func lookAtMarkup(_ bytes: [UInt8]) throws(AuditReader.Refusal) {
    let text = Document.text(of: bytes) ?? decoded(bytes)
    guard let judged = judgeDocument(bytes, text, line: 1) else { return scan(text, .markup) }
    scan(text, .markup, judged.place, except: judged.covers)
  }

  /// The verdict on a document of the contract.
  private struct JudgedDocument {
    /// The place of its InfRef.
    let place: InfRefPlace
    /// True if the document is right by the schema.
    let isValid: Bool

    /// Returns true if a name in its text was checked with the document: names in metadata give only warnings.
    func covers(_ occurrence: InfRefOccurrence) -> Bool {
      isValid && place == .arrival && occurrence.place == .arrival && !occurrence.findings.isEmpty
    }
  }

  /// Checks a document of the contract as `inspect` does.
  ///
  /// - Returns: the checked document; `nil` for any other text.
  private mutating func judgeDocument(_ bytes: [UInt8], _ text: [UInt8], line: Int) -> JudgedDocument? {
    let endings = ["trigger", "metadata", "sftpreceipt"]
    let isNamed = endings.contains(path.extension?.lowercased() ?? "")
    guard isNamed || String(decoding: text.prefix(4096), as: UTF8.self).contains("/soap11/SFTP/1/types") else {
      return nil
    }
    let rules = SendRules(register: knowsRegister ? register : [])
    let report = Document.inspect(bytes, sending: rules)
    let isOther = report.inspection.diagnostics.contains { $0.code == .unknownRoot || $0.code == .wrongNamespace }
    if isOther, !isNamed { return nil }
    let place: InfRefPlace = report.document?.kind == .metadata || path.extension == "metadata" ? .arrival : .trigger
    let isDeclared = report.document.flatMap(Self.infRef).map { InfRef.isDeclared($0, in: register) } ?? false
    for finding in report.inspection.diagnostics where finding.severity == .error {
      add(finding, nil, line: line)
    }
    // The scanner reports more about a trigger's InfRef; names that it cannot see, as in CDATA, are reported here.
    let names = text.withUnsafeBytes { bytes in
      InfRefScanner(register: register, surroundings: .markup, labelledPlace: place).occurrences(in: bytes)
    }.filter { $0.place == place && !$0.findings.isEmpty }
    for finding in report.sending {
      let isInfRef = finding.code == .unfitInfRef
      if isInfRef, isDeclared || (place == .trigger && !names.isEmpty) { continue }
      add(finding, isInfRef ? place : nil, line: line)
    }
    return JudgedDocument(place: place, isValid: report.isValid)
  }

  private static func infRef(of document: Document) -> String? {
    switch document {
    case .trigger(let trigger): trigger.fileContentDescriptor.routingInfo?.infRef.name
    case .metadata(let metadata): metadata.fileContentDescriptor.routingInfo?.infRef.name
    default: nil
    }
  }

  // MARK: Settings

  private mutating func lookAtStructure(_ bytes: [UInt8]) throws(AuditReader.Refusal) {
    let text = decoded(bytes)
    let names: StructuredNames
    do throws(StructuredNames.Malformed) {
      names = try StructuredNames(reading: String(decoding: text, as: UTF8.self))
    } catch {
      if isSettings(text) {
        throw .unfit(
          LocalizedText(
            "settings that cannot be read\(error.line.map { ", line \($0)" } ?? ""): \(error.description)",
            "indstillinger, der ikke kan læses\(error.line.map { ", fejl i linje \($0)" } ?? "")"))
      }
      notes.append(
        LocalizedText(
          "not read as YAML (\(error.description)): looked through as text",
          "ikke læst som YAML\(error.line.map { " (fejl i linje \($0))" } ?? ""): læst som tekst"))
      return scan(text, .structured)
    }
    register.formUnion(names.register)
    if !names.register.isEmpty { knowsRegister = true }
    for name in names.names {
      add(
        InfRefOccurrence(
          name: name.text, position: name.position, isLabelled: true, place: name.place,
          findings: InfRef.check(name.text, register: register, place: name.place)), isCounted: false)
    }
    let judged = Set(names.names.map(\.position))
    scan(text, .structured) { occurrence in
      judged.contains(occurrence.position) || (occurrence.isLabelled && occurrence.place != .comment)
    }
  }

  private func isSettings(_ text: [UInt8]) -> Bool {
    let stem = path.lastComponent?.stem.lowercased() ?? ""
    if stem.hasPrefix("filsluse") { return true }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    let keys = ["accounts:", "routes:", "arrivals:", "infrefs:", "watch:", "journal:"]
    return lines.count { line in keys.contains { line.hasPrefix($0) } } >= 2
  }

  // MARK: Tables

  private mutating func lookAtTable(_ bytes: [UInt8]) {
    let text = decoded(bytes)
    guard let table = try? DelimitedTable(reading: text), table.header.cells.count > 1,
      let index = table.header.cells.firstIndex(where: { $0.lowercased() == "infref" })
    else { return scan(text, .structured) }
    var lines: Set<Int> = []
    for row in table.rows where index < row.cells.count && !row.cells[index].isEmpty {
      let cell = row.cells[index]
      let column = row.cells[..<index].reduce(1) { $0 + $1.unicodeScalars.count + 1 }
      lines.insert(row.line)
      add(
        InfRefOccurrence(
          name: cell, position: SourcePosition(line: row.line, column: column), isLabelled: true, place: .freeText,
          findings: InfRef.check(cell, register: register, place: .freeText)), isCounted: false)
    }
    // A line with a checked cell is not scanned again.
    scan(text, .structured) { lines.contains($0.position.line) }
  }

  // MARK: Mails

  private mutating func lookAtMail(_ bytes: [UInt8]) {
    guard let mail = MailMessage(reading: bytes) else { return scan(decoded(bytes), .prose) }
    for part in mail.parts {
      let start = Array(part.content.prefix(AuditReader.sample))
      let kind = AuditedKind(start: start, path: FilePath(part.fileName ?? "text"))
      let called = part.fileName ?? part.type
      if case .unfit(let reason) = kind {
        unjudgedParts.append(
          LocalizedText("its attachment \(called): \(reason.en)", "vedhæftningen \(called): \(reason.da)"))
        continue
      }
      guard part.isText else {
        unjudgedParts.append(
          LocalizedText(
            "its attachment \(called): of the type \(part.type)", "vedhæftningen \(called): af typen \(part.type)"))
        continue
      }
      lookAtPart(part, kind)
    }
  }

  private mutating func lookAtPart(_ part: MailMessage.Part, _ kind: AuditedKind) {
    let isMarkup = kind == .markup
    let embedded = isMarkup ? nil : EmbeddedDocument(in: part.content)
    let text = isMarkup ? Document.text(of: part.content) ?? decoded(part.content) : decoded(part.content)
    if let embedded {
      let line = part.line + embedded.line - 1
      let judged = judgeDocument(embedded.bytes, embedded.bytes, line: line)
      let steps = embedded.steps.map(\.rawValue).joined(separator: ", ")
      notes.append(
        LocalizedText(
          "holds a document, read out of the mail (\(steps))",
          "indeholder et dokument, som er læst ud af mailen (\(steps))"))
      scan(embedded.bytes, .markup, judged?.place ?? .trigger, line: line) { judged?.covers($0) ?? false }
      return scan(text, .prose, line: part.line) { $0.isLabelled }
    }
    if isMarkup, let judged = judgeDocument(part.content, text, line: part.line) {
      return scan(text, .markup, judged.place, line: part.line, except: judged.covers)
    }
    scan(text, isMarkup ? .markup : .prose, line: part.line)
  }
}

extension AuditedFile {
  /// - Parameter isCounted: whether it is counted already, should it be good.
  private mutating func add(_ occurrence: InfRefOccurrence, line: Int = 1, isCounted: Bool = true) {
    if occurrence.findings.isEmpty, !isCounted { good += 1 }
    add(occurrence.findings, line: line) { occurrence }
  }

  /// - Parameters:
  ///   - findings: the findings, by code and severity.
  ///   - occurrence: returns the entry for the list.
  private mutating func add(_ findings: [InfRefFinding], line: Int = 1, _ occurrence: () -> InfRefOccurrence) {
    // Without a register, an unknown name may still be declared by the user elsewhere.
    let isWrong = findings.contains { finding in
      finding.severity == .error && (knowsRegister || finding.code != .unknown)
    }
    if findings.isEmpty, !request.keepsGood { return }
    let verdict: Audit.Verdict = isWrong ? .error : findings.isEmpty ? .good : .warning
    guard !found.isFull else { return found.count(verdict) }
    let occurrence = occurrence()
    let kind = "\(occurrence.findings.first?.code.rawValue ?? "") \(occurrence.place.rawValue) \(occurrence.name)"
    found.add(verdict, kind: kind) {
      Audit.Entry(occurrence, verdict, file: name, line: line, in: request.language)
    }
  }

  private mutating func add(_ finding: Diagnostic, _ place: InfRefPlace?, line: Int) {
    let verdict: Audit.Verdict = finding.severity == .error ? .error : .warning
    let language = request.language
    found.add(verdict, kind: "\(finding.code.rawValue) \(place?.rawValue ?? "") \(finding.found)") {
      Audit.Entry(
        file: name, line: (finding.line ?? 1) + line - 1, column: finding.column ?? 1,
        name: Printable.text(finding.found[language]), verdict: verdict, place: place?.rawValue,
        code: finding.code.rawValue,
        message: (finding.path.isEmpty ? "" : "\(finding.path): ")
          + "\(finding.found[language]); \(finding.expected[language])",
        suggestion: nil, remedy: finding.remedy[language], section: nil, isName: false)
    }
  }
}
