internal import FilsluseBase
internal import TriggerFiles

extension RegisterLines {
  /// Reads `routes.csv`: the header names the columns. `@NAME` in the column `name` defines a template, and
  /// `@NAME/RECEIVER` a receiver of it. Lines that begin with `#` are comments.
  init?(csv bytes: [UInt8], log: RegisterLog) {
    guard let table = Self.table(bytes, log: log) else { return nil }
    let columns = Self.columns(of: table.header, log: log)
    for row in table.rows {
      let position = SourcePosition(line: row.line, column: 1)
      guard !row.isBlank, Self.hasCell(row, forEach: columns, log: log) else { continue }
      var line = RegisterLine(position: position)
      for (index, column) in columns.enumerated() {
        guard let column else { continue }
        let text = row.cells[index].trimmingBlanks
        guard !text.isEmpty else { continue }
        line.cells[column] = RegisterCell(
          text: text, position: SourcePosition(line: row.line, column: row.columns[index]))
      }
      if !line.cells.isEmpty { add(line, log: log) }
    }
    commentedTemplates = Self.commentedTemplates(in: bytes)
    for (name, template) in templates where template.line.cells[.name] == nil {
      log.report(
        .unknownTemplate, at: template.receivers.first?.line.position,
        LocalizedText(
          "the receiver is one of the template \(Entry.shown(name)), which the list does not have",
          "modtageren hører til skabelonen \(Entry.shown(name)), som listen ikke har"),
        LocalizedText("add a line @\(name)", "tilføj en linje @\(name)"))
    }
  }

  /// The lines that would be templates without their `#`: `# @flis;;…`.
  private static func commentedTemplates(in bytes: [UInt8]) -> [String: Int] {
    var lines: [String: Int] = [:]
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.first == UInt8(ascii: "#") else { continue }
      let text = String(decoding: line.dropFirst(), as: UTF8.self).trimmingBlanks
      guard text.hasPrefix("@"), let end = text.firstIndex(where: { ";,\t".contains($0) }) else { continue }
      let name = text[text.index(after: text.startIndex)..<end]
      lines[String(name.prefix { $0 != "/" })] = index + 1
    }
    return lines
  }

  /// Reads a table with comments; `nil` where it is none, which is reported.
  static func table(_ bytes: [UInt8], log: RegisterLog) -> DelimitedTable? {
    do {
      return try DelimitedTable(reading: bytes, comments: true)
    } catch {
      log.report(
        .malformed, at: SourcePosition(line: error.line, column: 1),
        LocalizedText(
          "not CSV with a header: \(error.description)", "ikke CSV med en overskrift: \(error.description)"),
        LocalizedText(
          "write a first line such as name;template;municipality;authority",
          "skriv en første linje som name;template;municipality;authority"))
      return nil
    }
  }

  /// Returns true if a row has one cell for each column; another number is reported.
  static func hasCell(_ row: DelimitedTable.Row, forEach columns: [RegisterColumn?], log: RegisterLog) -> Bool {
    guard row.cells.count != columns.count else { return true }
    log.report(
      .cellCount, at: SourcePosition(line: row.line, column: 1),
      LocalizedText(
        "the line has \(row.cells.count) cells, the header \(columns.count)",
        "linjen har \(row.cells.count) celler, overskriften \(columns.count)"),
      LocalizedText(
        "write one cell for each column, and a cell with a separator in it in quotes",
        "skriv én celle for hver kolonne, og sæt en celle med skilletegn i anførselstegn"))
    return false
  }

  /// Returns the columns of a header; unknown ones are reported.
  ///
  /// - Parameter alsoDanish: true for a table that is imported, whose columns may have Danish names.
  static func columns(
    of header: DelimitedTable.Row, alsoDanish: Bool = false, log: RegisterLog
  ) -> [RegisterColumn?] {
    var seen: [RegisterColumn: String] = [:]
    return zip(header.cells, header.columns).map { name, number in
      let position = SourcePosition(line: header.line, column: number)
      let danish = alsoDanish ? RegisterColumn(danishName: name) : nil
      guard let column = RegisterColumn(rawValue: name.trimmingBlanks.lowercased()) ?? danish else {
        log.reportUnknownColumn(name, at: position)
        return nil
      }
      if let earlier = seen[column] {
        let (one, two, own) = (Entry.shown(earlier), Entry.shown(name), column.rawValue)
        log.report(
          .doubledColumn, at: position,
          earlier.lowercased() == name.lowercased()
            ? LocalizedText("the column \(own) is there twice", "kolonnen \(own) står der to gange")
            : LocalizedText(
              "\(one) and \(two) are both the column \(own)", "\(one) og \(two) er begge kolonnen \(own)"),
          LocalizedText("keep one of the two", "behold én af de to"))
      }
      seen[column] = seen[column] ?? name
      return column
    }
  }

  private mutating func add(_ line: RegisterLine, log: RegisterLog) {
    guard let name = line.cells[.name], name.text.hasPrefix("@") else { return lines.append(line) }
    let parts = name.text.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let template = String(parts[0])
    if parts.count == 2 {
      addReceiver(String(parts[1]), line, of: template, at: name.position, log: log)
    } else if templates[template]?.line.cells[.name] != nil {
      log.reportDoubledTemplate(template, at: name.position)
    } else {
      templates[template, default: RegisterTemplate(line: line)].line = line
    }
  }

  private mutating func addReceiver(
    _ receiver: String, _ line: RegisterLine, of template: String, at position: SourcePosition, log: RegisterLog
  ) {
    var line = line
    line.cells[.name] = nil
    var known = templates[template] ?? RegisterTemplate(line: RegisterLine(position: position))
    guard !known.receivers.contains(where: { $0.name == receiver }) else {
      return log.reportDoubledTemplate("\(template)/\(receiver)", at: position)
    }
    known.receivers.append((receiver, line))
    templates[template] = known
  }
}

extension DelimitedTable.Row {
  /// True if all cells are empty: the row that a spreadsheet leaves behind.
  var isBlank: Bool { cells.allSatisfy(\.trimmingBlanks.isEmpty) }
}

extension RegisterLog {
  /// Reports a column or key that is none. The first report names those that there are.
  func reportUnknownColumn(_ name: String, at position: SourcePosition) {
    let names = RegisterColumn.names.joined(separator: ", ")
    let isFirst = !findings.contains { $0.code == .unknownColumn }
    let known = isFirst ? LocalizedText("; the columns are \(names)", "; kolonnerne er \(names)") : LocalizedText("")
    report(
      .unknownColumn, at: position,
      LocalizedText("there is no column \(Entry.shown(name))", "der er ingen kolonne \(Entry.shown(name))") + known,
      RegisterColumn(meantBy: name).map { NearestName.question($0.rawValue) }
        ?? LocalizedText(
          "remove it, or give it one of the columns' names", "fjern den, eller giv den et af kolonnernes navne"))
  }

  func reportDoubledTemplate(_ name: String, at position: SourcePosition) {
    report(
      .doubledName, at: position,
      LocalizedText(
        "the template \(Entry.shown(name)) is there twice", "skabelonen \(Entry.shown(name)) står der to gange"),
      LocalizedText("keep one of the two", "behold én af de to"))
  }
}

extension String {
  /// The text without blanks and tabs around it.
  var trimmingBlanks: String {
    let scalars = unicodeScalars
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\u{A0}" }
    guard scalars.first.map(isBlank) ?? false || scalars.last.map(isBlank) ?? false else { return self }
    let start = scalars.drop(while: isBlank)
    let end = start.lastIndex { !isBlank($0) }
    return end.map { String(String.UnicodeScalarView(start[...$0])) } ?? ""
  }
}
