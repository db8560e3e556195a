import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// A name to check, and its place.
struct ListedName {
  let name: String
  let file: String?
  let line: Int?
  /// The kind of the order form around it.
  var form = OrderForm.unknown
}

/// A list of names: one per line, a column of CSV, or the values of a form's labels.
struct InfRefSource {
  /// No list of names comes near this many bytes.
  private static let limit = 64 << 20

  private let input: NamedInput

  /// - Throws: `CommandFailure` when it cannot be read, or is too large to be a list.
  init(_ name: String) throws(CommandFailure) {
    input = try NamedInput(name, upTo: Self.limit + 1)
    guard input.bytes.count <= Self.limit else {
      throw failure(
        "is larger than \(Self.limit >> 20) MiB", "er større end \(Self.limit >> 20) MiB",
        remedy: LocalizedText("look through it with infref audit", "se den igennem med infref audit"))
    }
    let start = Array(input.bytes.prefix(AuditReader.sample))
    if case .unfit(let reason) = AuditedKind(start: start, path: FilePath(name)) {
      throw failure("it is no list of names: \(reason.en)", "det er ikke en liste af navne: \(reason.da)")
    }
  }

  /// Reads the names of a list.
  ///
  /// - Throws: `CommandFailure` with `badData` when it is not the kind of list that the options say.
  func names(column: String?, isForm: Bool) throws(CommandFailure) -> [ListedName] {
    if let column { return try cells(of: column) }
    guard isForm else { return lines().filter { !$0.text.isEmpty }.map { listed($0.text, $0.number) } }
    let found = labelled()
    guard !found.isEmpty else {
      throw failure(
        "no line of it has InfRef= or InfRef: with a name behind it",
        "ingen linje har InfRef= eller InfRef: med et navn efter",
        remedy: LocalizedText(
          "leave --form out if it has one name a line", "udelad --form, hvis der er ét navn pr. linje"))
    }
    return found
  }

  private func cells(of column: String) throws(CommandFailure) -> [ListedName] {
    let table: DelimitedTable
    do throws(DelimitedTable.Malformed) {
      table = try DelimitedTable(reading: input.bytes)
    } catch {
      let place = "\(Printable.text(input.name)):\(error.line)"
      throw CommandFailure(
        .badData, "\(place): error: \(error.description)",
        "\(place): fejl: listen kan ikke læses; gem den som CSV i UTF-8, og luk alle anførselstegn")
    }
    guard let index = table.header.cells.firstIndex(where: { $0.utf8.elementsEqual(column.utf8) }) else {
      let columns = table.header.cells.joined(separator: ", ")
      throw failure(
        "has no column “\(column)”", "har ingen kolonne „\(column)“",
        remedy: LocalizedText("its columns are \(columns)", "kolonnerne er \(columns)"))
    }
    // A row that is too short holds no name, which the check then says.
    return table.rows.map { listed(index < $0.cells.count ? $0.cells[index] : "", $0.line) }
  }

  /// The lines without their ends.
  private func lines() -> [(text: String, number: Int)] {
    text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().map {
      let line = $1.last == UInt8(ascii: "\r") ? $1.dropLast() : $1
      return (String(decoding: line, as: UTF8.self), $0 + 1)
    }
  }

  /// Returns the labelled names, including a name that is broken over two lines.
  private func labelled() -> [ListedName] {
    LabelledNames.inForm(text).map { found in
      ListedName(name: found.name, file: input.name, line: found.line, form: found.form)
    }
  }

  /// The text as UTF-8, with each line decoded by its own encoding.
  private var text: [UInt8] {
    var encodings = LineDecoding.Encodings()
    return LineDecoding.text(of: input.bytes, &encodings)
  }

  private func listed(_ name: String, _ line: Int) -> ListedName {
    ListedName(name: name, file: input.name, line: line)
  }

  private func failure(_ english: String, _ danish: String, remedy: LocalizedText? = nil) -> CommandFailure {
    CommandFailure(.badData, LocalizedText(english, danish).map { "\(input.name): \($0)" }, remedy: remedy)
  }
}
