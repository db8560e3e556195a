import ArgumentParser
import ExchangeSettings
import FilsluseBase
import LocalPlatform
import SystemPackage
import TriggerFiles

/// A change of the list by a table, carried out or tried, and its effect on the routes.
struct ListChange {
  private let list: FilePath
  private let edit: ListEdit
  private let routes: [RouteChange]
  private let isTrial: Bool
  private let warnings: [RegisterFinding]

  /// Changes the list that settings name.
  ///
  /// - Parameter words: the words of the command line that the table was made of, which findings then name in place of its
  ///   lines.
  init(settings file: FilePath, table: [UInt8], name: String, words: [String] = [], isTrial: Bool) throws {
    let reading = SettingsReading(file)
    OutputLanguage.take(reading.settings)
    guard let list = reading.list else {
      guard reading.problems.isEmpty else { throw SettingsError(problems: reading.problems) }
      throw SettingsOptions.noRegister(file)
    }
    guard let settings = reading.settings else { throw SettingsError(problems: reading.problems) }
    var surroundings = RegisterSurroundings(settings)
    surroundings.trialAccounts = settings.trialAccounts
    let old = reading.register?.register ?? RouteRegister(source: list, routes: [])
    let naming = WordNaming(table: table, name: FilePath(name), words: words)
    let change: (edit: ListEdit, register: RouteRegister)
    do throws(RegisterError) {
      change = try RouteRegister.change(
        list, by: table, from: FilePath(name), settings: surroundings, isTrial: isTrial)
    } catch {
      throw RegisterError(error.findings.map(naming.named))
    }
    edit = change.edit
    warnings = edit.warnings.map(naming.named)
    let differences = RouteChange.between(old, change.register)
    routes = settings.isTrial ? differences.map(\.inTrial) : differences
    (self.list, self.isTrial) = (list, isTrial)
  }

  func show(json: Bool, in language: ReportLanguage) throws {
    for warning in warnings { Output.note("filsluse: \(Printable.text(warning.line(in: language)))") }
    if json { return try Output.print(json: ChangeJSON(self, language)) }
    for change in routes { Output.print(change.sentence(in: language)) }
    for change in edit.changes { Output.note("filsluse: \(Printable.text(line(change, in: language)))") }
    let counts = "\(edit.added.count) + \(edit.changed.count) ~ \(edit.unchanged) ="
    let summary =
      language == .danish
      ? "\(list): \(edit.added.count.counted("linje", "linjer")) \(isTrial ? "ville blive " : "")tilføjet, \(edit.changed.count) ændret, \(edit.unchanged) som før (\(counts))"
      : "\(list): \(edit.added.count.counted("line")) \(isTrial ? "would be " : "")added, \(edit.changed.count) changed, \(edit.unchanged) as before (\(counts))"
    Output.note("filsluse: \(Printable.text(summary))")
    if !isTrial, warnings.contains(where: { $0.severity == .error }) {
      let rest = LocalizedText(
        "the list is written with the errors above; filsluse routes check names them until they are mended",
        "listen er skrevet med fejlene ovenfor; filsluse routes check nævner dem, indtil de er rettet")
      Output.note("filsluse: \(rest[language])")
    }
  }

  /// A changed line with its cells: `routes.csv:5: municipality Odense → 0461`.
  private func line(_ change: ListEdit.LineChange, in language: ReportLanguage) -> String {
    let none = language == .danish ? "intet" : "nothing"
    let cells = change.cells.map { cell in
      "\(cell.column.rawValue) \(cell.before.isEmpty ? none : cell.before) → \(cell.after.isEmpty ? none : cell.after)"
    }
    return "\(list):\(change.line): \(cells.joined(separator: ", "))"
  }

  private struct ChangeJSON: Encodable {
    let list: String
    let isDryRun: Bool
    let added: [String]
    let changed: [String]
    let unchanged: Int
    let lines: [ChangedLine]
    let routes: [RouteChangeJSON]
    let findings: [FindingJSON]

    init(_ change: ListChange, _ language: ReportLanguage) {
      (list, isDryRun) = (change.list.string, change.isTrial)
      (added, changed, unchanged) = (change.edit.added, change.edit.changed, change.edit.unchanged)
      lines = change.edit.changes.map(ChangedLine.init)
      routes = change.routes.map { RouteChangeJSON($0, language) }
      findings = change.warnings.map { FindingJSON($0, language) }
    }
  }

  /// A changed line as JSON shows it.
  private struct ChangedLine: Encodable {
    struct Cell: Encodable {
      let column: String
      let before: String
      let after: String
    }

    let name: String
    let line: Int
    let cells: [Cell]

    init(_ change: ListEdit.LineChange) {
      (name, line) = (change.name, change.line)
      cells = change.cells.map { Cell(column: $0.column.rawValue, before: $0.before, after: $0.after) }
    }
  }
}

/// Names the words of the command line in findings about the table that was made of them: `routes new municipality=Aalbrog`
/// in place of `routes new:2:13`.
private struct WordNaming {
  private let file: FilePath
  private let words: [String]
  /// The column of the text at which each cell begins, by the line of the table.
  private let places: [Int: [Int]]

  init(table: [UInt8], name: FilePath, words: [String]) {
    (file, self.words) = (name, words)
    guard let read = try? DelimitedTable(reading: table, comments: true) else {
      places = [:]
      return
    }
    places = [1: read.header.columns, 2: read.rows.first?.columns ?? []]
  }

  func named(_ finding: RegisterFinding) -> RegisterFinding {
    guard finding.file == file, !words.isEmpty, let position = finding.position else { return finding }
    var finding = finding
    finding.position = nil
    guard let index = places[position.line]?.firstIndex(of: position.column), words.indices.contains(index) else {
      return finding
    }
    // A finding about the line as a whole begins where its first word does.
    let column = words[index].prefix { $0 != "=" }
    let named = RegisterColumn(rawValue: column.lowercased()) ?? RegisterColumn(danishName: String(column))
    let isOfWord = position.line == 1 || index > 0 || finding.column.map { $0 == named } ?? false
    if isOfWord { finding.file = FilePath("\(file) \(Masked.name(words[index]))") }
    return finding
  }
}

extension ExchangeSettings {
  /// True for the settings of a trial on the local platform beside them.
  var isTrial: Bool { !trialAccounts.isEmpty }

  /// The names of the accounts of a trial on the local platform beside the settings.
  var trialAccounts: Set<String> {
    let folder = TrialValues.folder(beside: source)
    return Set(accounts.filter { $0.isOfPlatform(in: folder) }.map(\.name))
  }
}
