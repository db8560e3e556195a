internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

/// The text of the record: a line for each entry, `MOMENT KIND KEY=VALUE …`.
///
/// A value with blanks, quotes or `=` is written in double quotes, with `\"`, `\\` and `\n` as escapes. Lines that
/// begin with `#` are comments. Lines are never changed, so the file merges well under version control. A line counts
/// only with its line end: an unfinished last line was cut off, before its writer reported it as recorded.
enum RecordText {
  /// The first lines of a new record.
  static let heading =
    "# What happened to the routes of the list beside this file. Lines are added at the end and never changed.\n"

  /// The beginning of a comment below a line that does not count.
  private static let mark = "#^"
  /// The comment that keeps a line without its end from counting when another one is added.
  static let uncounted =
    "\(mark) The line above had no end when the next one was added: it was never confirmed, and does not count.\n"

  // MARK: Writing

  /// An entry as a line with its end.
  static func line(_ entry: RecordedEntry) -> String {
    var text = "\(entry.recordedAt)"
    func add(_ key: String, _ value: String?) {
      if let value { text += " \(key)=\(quoted(value))" }
    }
    switch entry.event {
    case .infRef(let infRef, let state, let owner, let environment):
      text += " infref"
      add("name", infRef.name)
      add("state", state.rawValue)
      add("environment", environment?.rawValue)
      add("owner", owner?.rawValue)
    case .declaration(let edition):
      text += " declaration"
      add("infref", edition.infRef.name)
      add("number", edition.number)
      add("specification", edition.specification?.hex)
    case .agreement(let route, let authority, let state, let terms):
      text += " agreement"
      add("route", route)
      add("authority", authority.digits)
      if state != .approved { add("state", state.rawValue) }
      add("environment", terms.environment?.rawValue)
      add("infref", terms.infRef?.name)
      add("sender", terms.sender?.rawValue)
      add("recipient", terms.recipient?.rawValue)
    case .order(let order):
      text += " order"
      add("route", order.route)
      add("of", order.subject.rawValue)
      add("state", order.state.rawValue)
      add("environment", order.terms.environment?.rawValue)
      add("kind", order.terms.kind?.rawValue)
      add("infref", order.terms.infRef?.name)
      add("sender", order.terms.sender?.rawValue)
      add("sender-authority", order.terms.senderAuthority?.digits)
      add("recipient", order.terms.recipient?.rawValue)
      add("authority", order.terms.authority?.digits)
      add("recipients", order.terms.recipients?.joined(separator: "|"))
    case .task(let task):
      text += " task"
      add("id", task.task)
      add("route", task.route)
      add("municipality", task.municipality)
      add("state", task.state.rawValue)
    }
    add("on", entry.on?.description)
    add("by", entry.by)
    add("note", entry.note)
    return text + "\n"
  }

  private static func quoted(_ value: String) -> String {
    let isPlain =
      !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x3D && $0 != 0x5C }
    if isPlain, !value.unicodeScalars.contains("\u{A0}") { return value }
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r", "\t": text += " "
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  // MARK: Reading

  /// The entries of a record's text; lines that are none are reported, and so is one without its end.
  static func entries(of bytes: [UInt8], log: RegisterLog) -> [RecordedEntry] {
    var entries: [RecordedEntry] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() {
      var line = bytes
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      guard let first = line.first, first != UInt8(ascii: "#") else { continue }
      let next = index + 1
      guard next < lines.count else {
        reportUnended(line: next, log)
        continue
      }
      if lines[next].starts(with: mark.utf8) { continue }
      let text = String(decoding: line, as: UTF8.self)
      if let entry = entry(text, line: next, log: log) { entries.append(entry) }
    }
    return entries
  }

  private static func reportUnended(line: Int, _ log: RegisterLog) {
    log.report(
      .unendedRecord, at: SourcePosition(line: line, column: 1),
      LocalizedText(
        "the last line has no line end: its writing was cut off, and it does not count",
        "den sidste linje har intet linjeskift: skrivningen blev afbrudt, og den gælder ikke"),
      LocalizedText(
        "record it again; or end the line, where it is whole", "optegn det igen; eller afslut linjen, hvor den er hel"),
      severity: .warning)
  }

  private static func entry(_ text: String, line: Int, log: RegisterLog) -> RecordedEntry? {
    var fields = RecordFields(text, line: line, log: log)
    guard let moment = fields.moment, let kind = fields.kind else {
      fields.malformed(
        LocalizedText(
          "found \(Entry.shown(text)), expected MOMENT KIND KEY=VALUE …",
          "fandt \(Entry.shown(text)), forventede TIDSPUNKT ART NØGLE=VÆRDI …"))
      return nil
    }
    let event: RecordedEvent?
    switch kind {
    case "infref":
      let infRef = fields.required("name").map { InfRef(unchecked: $0) }
      let state = fields.word("state", InfRefState.self)
      let owner = fields.value("owner") { text in try? SystemID(text) }
      let environment = fields.value("environment") { ExchangeEnvironment(rawValue: $0) }
      event = infRef.flatMap { infRef in
        state.map { .infRef(infRef, $0, owner: owner, environment: environment) }
      }
    case "declaration":
      let infRef = fields.required("infref").map { InfRef(unchecked: $0) }
      let number = fields.required("number")
      let digest = fields.value("specification") { SHA256Digest(hex: $0) }
      event = infRef.flatMap { infRef in
        number.map { .declaration(DeclarationEdition(infRef: infRef, number: $0, specification: digest)) }
      }
    case "agreement":
      let route = fields.required("route")
      let authority = fields.required("authority").flatMap { text in
        fields.checked("authority", text) { text in try? CVRNumber(text) }
      }
      let state = fields.value("state") { AgreementState(rawValue: $0) } ?? .approved
      let terms = fields.agreementTerms()
      event = route.flatMap { route in
        authority.map { .agreement(route: route, authority: $0, state: state, terms: terms) }
      }
    case "order":
      let route = fields.required("route")
      let subject = fields.word("of", RouteOrder.Subject.self)
      let state = fields.word("state", RouteOrder.State.self)
      let terms = fields.orderTerms()
      if let route, let subject, let state {
        event = .order(RouteOrder(route: route, subject: subject, state: state, terms: terms))
      } else {
        event = nil
      }
    case "task":
      let route = fields.value("route") { $0 }
      let municipality = fields.value("municipality") { Municipality(code: $0)?.code }
      let state = fields.value("state") { TaskRecord.State(rawValue: $0) } ?? .done
      event = fields.required("id").map {
        .task(TaskRecord(task: $0, route: route, municipality: municipality, state: state))
      }
    default:
      fields.malformed(
        LocalizedText(
          "found \(Entry.shown(kind)), expected infref, declaration, agreement, order or task",
          "fandt \(Entry.shown(kind)), forventede infref, declaration, agreement, order eller task"))
      return nil
    }
    let on = fields.value("on") { CivilDay($0) }
    let by = fields.value("by") { $0 }
    let note = fields.value("note") { $0 }
    guard fields.isSound, fields.end(), let event else { return nil }
    return RecordedEntry(event, on: on, by: by, note: note, recordedAt: moment, line: line)
  }
}

/// The parts of one line of the record.
private struct RecordFields {
  let moment: Timestamp?
  private(set) var kind: String?
  private(set) var isSound = true
  private var values: [String: String] = [:]
  private let line: Int
  private let log: RegisterLog

  init(_ text: String, line: Int, log: RegisterLog) {
    self.line = line
    self.log = log
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    moment = words.first.flatMap { Timestamp(String($0)) }
    kind = words.count > 1 ? String(words[1]) : nil
    guard moment != nil, words.count > 2 else { return }
    guard let values = Self.pairs(String(words[2]).unicodeScalars) else {
      kind = nil
      return
    }
    for (key, value) in values {
      if self.values.updateValue(value, forKey: key) != nil {
        malformed(LocalizedText("\(key)= is there twice", "\(key)= står der to gange"))
      }
    }
  }

  private static func pairs(_ scalars: String.UnicodeScalarView) -> [(String, String)]? {
    var pairs: [(String, String)] = []
    var rest = scalars[...]
    while true {
      rest = rest.drop { $0 == " " }
      guard !rest.isEmpty else { return pairs }
      let key = rest.prefix { $0 != "=" && $0 != " " && $0 != "\"" }
      rest = rest.dropFirst(key.count)
      guard !key.isEmpty, rest.first == "=" else { return nil }
      rest = rest.dropFirst()
      var value = String.UnicodeScalarView()
      if rest.first == "\"" {
        rest = rest.dropFirst()
        var isEnded = false
        while let scalar = rest.popFirst() {
          if scalar == "\"" {
            isEnded = true
            break
          }
          guard scalar == "\\" else {
            value.append(scalar)
            continue
          }
          switch rest.popFirst() {
          case "n": value.append("\n")
          case "\"": value.append("\"")
          case "\\": value.append("\\")
          default: return nil
          }
        }
        guard isEnded, rest.first.map({ $0 == " " }) ?? true else { return nil }
      } else {
        let plain = rest.prefix { $0 != " " }
        guard !plain.contains("\""), !plain.contains("=") else { return nil }
        value.append(contentsOf: plain)
        rest = rest.dropFirst(plain.count)
      }
      pairs.append((String(key), String(value)))
    }
  }

  mutating func malformed(_ message: LocalizedText) {
    isSound = false
    log.report(
      .malformedRecord, at: SourcePosition(line: line, column: 1), message,
      LocalizedText(
        "correct the line, or take it out as a comment with # before it",
        "ret linjen, eller gør den til en kommentar med # foran"))
  }

  /// Reads and removes the value of an optional key.
  mutating func value<Value>(_ key: String, _ read: (String) -> Value?) -> Value? {
    guard let text = values.removeValue(forKey: key) else { return nil }
    return checked(key, text, read)
  }

  /// Reads a value; reports a text that `read` returns `nil` for.
  mutating func checked<Value>(_ key: String, _ text: String, _ read: (String) -> Value?) -> Value? {
    guard let value = read(text) else {
      malformed(
        LocalizedText("\(key)= cannot be \(Entry.shown(text))", "\(key)= kan ikke være \(Entry.shown(text))"))
      return nil
    }
    return value
  }

  /// Reads and removes the value of a required key.
  mutating func required(_ key: String) -> String? {
    guard let text = values.removeValue(forKey: key), !text.isEmpty else {
      malformed(LocalizedText("\(key)= is missing", "\(key)= mangler"))
      return nil
    }
    return text
  }

  /// Reads and removes the values of an order's terms.
  mutating func orderTerms() -> OrderTerms {
    var terms = agreementTerms()
    terms.kind = value("kind") { RouteKind.Name(rawValue: $0) }
    terms.senderAuthority = value("sender-authority") { text in try? CVRNumber(text) }
    terms.authority = value("authority") { text in try? CVRNumber(text) }
    terms.recipients = value("recipients") { text in text.split(separator: "|").map(String.init).sorted() }
    return terms
  }

  /// Reads and removes the values of a service agreement's terms; `authority=` is the one that approved.
  mutating func agreementTerms() -> OrderTerms {
    var terms = OrderTerms()
    terms.environment = value("environment") { ExchangeEnvironment(rawValue: $0) }
    terms.infRef = value("infref") { InfRef(unchecked: $0) }
    terms.sender = value("sender") { text in try? SystemID(text) }
    terms.recipient = value("recipient") { text in try? SystemID(text) }
    return terms
  }

  mutating func word<Word: RawRepresentable>(_ key: String, _: Word.Type) -> Word? where Word.RawValue == String {
    guard let text = required(key) else { return nil }
    return checked(key, text) { Word(rawValue: $0) }
  }

  /// Reports unknown keys; returns false where there are any.
  mutating func end() -> Bool {
    for key in values.keys.sorted() {
      malformed(LocalizedText("\(key)= is no key of this kind", "\(key)= er ingen nøgle af denne art"))
    }
    return values.isEmpty
  }
}
