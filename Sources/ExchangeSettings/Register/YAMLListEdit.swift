internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The text of `routes.yaml` while it is changed: values are replaced in their places, and routes are added behind the
/// last one. Comments, order, line ends and all other text stay byte for byte.
struct YAMLListEdit {
  /// The values of a route by column, as text.
  typealias Values = [RegisterColumn: String]

  private let file: FilePath
  private let old: RegisterLines
  /// The list's routes by the names of their lines.
  private var placed: [String: RegisterLine] = [:]
  private var lines: [ListLine]
  /// The values that the routes are to have, by the names of their lines.
  private var wanted: [String: Values] = [:]
  private var added: [Values] = []
  /// The replacements in the text, each at its line and column from 0.
  private var replacements: [Replacement] = []

  private struct Replacement {
    let line: Int
    let columns: Range<Int>
    let text: String
  }

  /// Reads a list.
  ///
  /// - Throws: ``RegisterError`` where it cannot be read.
  init(_ bytes: [UInt8], file: FilePath) throws(RegisterError) {
    let log = RegisterLog(file: file)
    guard let old = RegisterReading.lines(bytes, list: file, log: log), !log.hasErrors else {
      throw RegisterError(log.sorted)
    }
    self.file = file
    self.old = old
    lines = ListLine.lines(of: bytes)
    for line in old.lines {
      let key = Self.key(line.values)
      (wanted[key], placed[key]) = (line.values, line)
    }
  }

  /// Returns the key of a line: its own name, or template and municipality. An empty cell of a table is no value.
  static func key(_ values: Values) -> String {
    let values = values.filter { !$0.value.isEmpty }
    if let name = values[.name] { return name }
    let municipality = values[.municipality].map { text in
      (Municipality(code: text) ?? MunicipalityName.municipality(named: text))?.code ?? text
    }
    return [values[.template], municipality].compactMap(\.self).joined(separator: "-")
  }

  /// Writes a row of a table into the list; an empty value removes the list's.
  mutating func put(_ row: Values) -> ListEdit.Outcome {
    let key = Self.key(row)
    guard let before = wanted[key], let line = placed[key] else {
      if wanted[key] != nil { return .unchanged }
      wanted[key] = row.filter { !$0.value.isEmpty }
      added.append(row.filter { !$0.value.isEmpty })
      return .added
    }
    let after = before.merging(row) { $1 }.filter { !$0.value.isEmpty }
    guard after != before else { return .unchanged }
    wanted[key] = after
    var changes: [ListEdit.CellChange] = []
    for (column, value) in row.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where value != before[column, default: ""] {
      changes.append(ListEdit.CellChange(column: column, before: before[column, default: ""], after: value))
      if let cell = line.cells[column] {
        replace(at: cell.position, isFlow: isFlow(line), by: value)
      } else {
        insert("\(column.rawValue): \(YAMLText.scalar(value))", into: line)
      }
    }
    return .changed(line: line.position.line, changes)
  }

  /// Returns the text after the change.
  ///
  /// - Throws: ``RegisterError`` if the form of the list can only be changed by hand.
  func bytes() throws(RegisterError) -> [UInt8] {
    var lines = lines
    let end = ListLine.end(among: lines)
    // From behind, so that no place moves before its turn. New lines are put in together at the end.
    var inserted: [Int: [ListLine]] = [:]
    for change in replacements.sorted(by: { ($0.line, $0.columns.lowerBound) > ($1.line, $1.columns.lowerBound) }) {
      if change.columns.isEmpty, change.columns.lowerBound == 0 {
        inserted[change.line, default: []].append(ListLine(change.text.unicodeScalars, end: end))
      } else {
        lines[change.line].scalars.replaceSubrange(change.columns, with: change.text.unicodeScalars)
      }
    }
    if !inserted.isEmpty {
      var all: [ListLine] = []
      for index in 0...lines.count {
        all += (inserted[index] ?? []).reversed()
        if index < lines.count { all.append(lines[index]) }
      }
      lines = all
    }
    append(to: &lines, end: end)
    let bytes = ListLine.text(of: lines)
    let log = RegisterLog(file: file)
    let new = RegisterReading.lines(bytes, list: file, log: log)
    let routes = new.map { Dictionary($0.lines.map { (Self.key($0.values), $0.values) }) { first, _ in first } }
    guard let new, routes == wanted, new.templates.mapValues(\.line.values) == old.templates.mapValues(\.line.values)
    else { throw Self.byHand(file) }
    return bytes
  }

  private static func byHand(_ file: FilePath) -> RegisterError {
    RegisterError([
      RegisterFinding(
        code: .malformed, file: file,
        message: LocalizedText(
          "the list is written in a way that only a hand can change",
          "listen er skrevet på en måde, som kun kan ændres i hånden"),
        remedy: LocalizedText(
          "write each route on a line of its own, - {template: …}, or edit it yourself",
          "skriv hver rute på sin egen linje, - {template: …}, eller ret den selv"))
    ])
  }

  // MARK: Places

  /// Returns true for a route that is written `{…}`.
  private func isFlow(_ line: RegisterLine) -> Bool {
    let (row, column) = (line.position.line - 1, line.position.column - 1)
    return lines.indices.contains(row) && lines[row].scalars.indices.contains(column)
      && lines[row].scalars[column] == "{"
  }

  private mutating func replace(at position: SourcePosition, isFlow: Bool, by value: String) {
    let (row, start) = (position.line - 1, position.column - 1)
    guard lines.indices.contains(row), lines[row].scalars.indices.contains(start) else { return }
    let line = lines[row].scalars
    var end = start
    switch line[start] {
    case "\"":
      end += 1
      while end < line.count, line[end] != "\"" { end += line[end] == "\\" ? 2 : 1 }
      end += 1
    case "'": end = (line[(start + 1)...].firstIndex(of: "'") ?? line.count) + 1
    case "[": end = (line[start...].firstIndex(of: "]") ?? line.count) + 1
    default:
      while end < line.count, !(isFlow && [",", "}"].contains(line[end])),
        !(line[end] == "#" && Self.isBlank(line[end - 1]))
      { end += 1 }
      while end > start, Self.isBlank(line[end - 1]) { end -= 1 }
    }
    replacements.append(
      Replacement(line: row, columns: start..<min(end, line.count), text: YAMLText.scalar(value)))
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  /// The line `routes:` without the empty value behind it; a comment and the blanks before it stay.
  private static func heading(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let key = Array("routes:".unicodeScalars)
    let rest = line.dropFirst(key.count)
    guard let mark = rest.indices.first(where: { rest[$0] == "#" && isBlank(line[$0 - 1]) }) else { return key }
    var start = mark
    while start > key.count, isBlank(line[start - 1]) { start -= 1 }
    return key + line[start...]
  }

  private mutating func insert(_ pair: String, into line: RegisterLine) {
    let (row, column) = (line.position.line - 1, line.position.column - 1)
    if isFlow(line) {
      replacements.append(Replacement(line: row, columns: (column + 1)..<(column + 1), text: "\(pair), "))
    } else {
      replacements.append(
        Replacement(line: row + 1, columns: 0..<0, text: String(repeating: " ", count: column) + pair))
    }
  }

  /// Adds the new routes behind the last one, or under a key `routes:` of their own.
  private func append(to lines: inout [ListLine], end: String) {
    guard !added.isEmpty else { return }
    var (place, indentation) = (lines.count, 2)
    let isHeading = { (line: ListLine) in line.scalars.starts(with: "routes:".unicodeScalars) }
    if let last = lines.lastIndex(where: { $0.scalars.first { $0 != " " } == "-" }),
      let heading = lines.firstIndex(where: isHeading),
      heading < last
    {
      indentation = Self.indentation(lines[last])
      place = last + 1
      while place < lines.count, Self.indentation(lines[place]) > indentation { place += 1 }
    } else if let heading = lines.firstIndex(where: isHeading) {
      lines[heading].scalars = Self.heading(lines[heading].scalars)
      place = heading + 1
    } else {
      lines.append(ListLine("routes:".unicodeScalars, end: end))
      place = lines.count
    }
    let margin = String(repeating: " ", count: indentation)
    let new = added.map { values in
      let pairs = RegisterColumn.allCases.compactMap { column in
        values[column].map { "\(column.rawValue): \(YAMLText.scalar($0))" }
      }
      return ListLine("\(margin)- {\(pairs.joined(separator: ", "))}".unicodeScalars, end: end)
    }
    lines.insert(contentsOf: new, at: place)
  }

  private static func indentation(_ line: ListLine) -> Int { line.scalars.prefix { $0 == " " }.count }
}

extension RegisterLine {
  /// The values as text.
  var values: YAMLListEdit.Values { cells.mapValues(\.text) }
}
