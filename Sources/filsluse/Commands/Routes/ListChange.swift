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
  /// The answer about a single line that the command line gives; `nil` for a table.
  private let answer: LocalizedText?

  /// Changes the list that settings name.
  ///
  /// - Parameters:
  ///   - words: the words of the command line that the table was made of, which findings then name in place of its
  ///     lines.
  ///   - isReplacing: false to refuse a change of lines that the list has already.
  init(
    settings options: SettingsOptions, table: [UInt8], name: String, words: [String] = [],
    replacing isReplacing: Bool = true, isTrial: Bool
  ) throws {
    let file = try options.file
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
        list, by: table, from: FilePath(name), settings: surroundings, replacing: isReplacing, isTrial: isTrial)
    } catch {
      throw RegisterError(error.findings.map(naming.named))
    }
    edit = change.edit
    warnings = edit.warnings.map(naming.named)
    let differences = RouteChange.between(old, change.register)
    routes = settings.isTrial ? differences.map(\.inTrial) : differences
    answer =
      words.isEmpty
      ? nil : Self.answer(change.edit, change.register, in: list, isTrial: isTrial, config: options.config)
    (self.list, self.isTrial) = (list, isTrial)
  }

  /// Says which line of the list was added, changed or found, and how a file is sent by its route.
  private static func answer(
    _ edit: ListEdit, _ register: RouteRegister, in list: FilePath, isTrial: Bool, config: String?
  ) -> LocalizedText {
    let lines = edit.lines(in: list)
    let routes = register.routes.filter { lines.contains($0.position.line) }
    let names = routes.isEmpty ? edit.added + edit.changed : routes.map(\.name)
    let place = lines.map(String.init).joined(separator: ", ")
    let result: LocalizedText =
      if edit.isEmpty {
        LocalizedText(
          "line \(place) has it already, and nothing is changed", "linje \(place) har det allerede, og intet er ændret")
      } else if edit.added.isEmpty {
        LocalizedText(
          "1 line \(isTrial ? "would be " : "")changed, line \(place)",
          "1 linje \(isTrial ? "ville blive " : "")ændret, linje \(place)")
      } else {
        LocalizedText(
          "1 line \(isTrial ? "would be " : "")added, line \(place)",
          "1 linje \(isTrial ? "ville blive " : "")tilføjet, linje \(place)")
      }
    var answer = LocalizedText("\(list): ") + result + LocalizedText(": \(names.joined(separator: ", "))")
    if !isTrial, let route = routes.first(where: { $0.direction == .out }) {
      let rest =
        " --route \(ShellWord.quoted(route.name))" + (config.map { " --config \(ShellWord.quoted($0))" } ?? "")
      answer =
        answer
        + LocalizedText(
          "; send a file by it: filsluse send FILE\(rest)", "; send en fil ad den: filsluse send FIL\(rest)")
    }
    return answer
  }

  func show(json: Bool, in language: ReportLanguage) throws {
    for warning in warnings { Output.note("filsluse: \(Printable.text(warning.line(in: language)))") }
    if json { return try Output.print(json: ChangeJSON(self, language)) }
    for change in routes { Output.print(change.sentence(in: language)) }
    for change in edit.changes { Output.note("filsluse: \(Printable.text(line(change, in: language)))") }
    if let answer {
      Output.note("filsluse: \(Printable.text(answer[language]))")
    } else {
      Output.note("filsluse: \(Printable.text(summary(in: language)))")
    }
    if !isTrial, warnings.contains(where: { $0.severity == .error }) {
      let rest = LocalizedText(
        "the list is written with the errors above; filsluse routes check names them until they are mended",
        "listen er skrevet med fejlene ovenfor; filsluse routes check nævner dem, indtil de er rettet")
      Output.note("filsluse: \(rest[language])")
    }
  }

  /// The number of lines of each kind.
  private func summary(in language: ReportLanguage) -> String {
    let counts = "\(edit.added.count) + \(edit.changed.count) ~ \(edit.unchanged) ="
    return language == .danish
      ? "\(list): \(edit.added.count.counted("linje", "linjer")) \(isTrial ? "ville blive " : "")tilføjet, \(edit.changed.count) ændret, \(edit.unchanged) som før (\(counts))"
      : "\(list): \(edit.added.count.counted("line")) \(isTrial ? "would be " : "")added, \(edit.changed.count) changed, \(edit.unchanged) as before (\(counts))"
  }

  /// A changed line with its cells: `routes.csv:5: municipality Odense → 0461`.
  private func line(_ change: ListEdit.LineChange, in language: ReportLanguage) -> String {
    "\(list):\(change.line): \(change.description[language])"
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
      cells = change.cells.map { cell in
        let column = cell.column
        return Cell(column: column.rawValue, before: column.shown(cell.before), after: column.shown(cell.after))
      }
    }
  }
}

/// Names the words of the command line in findings about the table that was made of them: `routes new
/// municipality=Aalbrog` in place of `routes new:2:13`.
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
