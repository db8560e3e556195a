internal import TriggerFiles

/// One section of the file while it is read: its entries, and the form that their values fill.
struct SectionFields<Form: Sendable> {
  /// The section itself.
  var entry: Entry { section.entry }
  let reader: SettingsReader
  /// The values read so far; the defaults of all others.
  var form: Form
  /// True as long as no value was wrong, missing or refused.
  private(set) var isSound = true
  private let table: KeyTable<Form>
  private let section: Section
  /// True at the position, in the table, of each key that was read or refused.
  private var done: [Bool]

  /// Opens the section that `entry` holds; anything but a mapping, and unknown keys, are reported.
  init?(_ entry: Entry, _ table: KeyTable<Form>, _ reader: SettingsReader, form: Form? = nil) {
    guard let section = Section(entry, keys: table.names) else { return nil }
    self.section = section
    self.table = table
    self.reader = reader
    self.form = form ?? table.blank
    done = Array(repeating: false, count: table.keys.count)
  }

  /// The entry of the key that fills a field; `nil` where the key is left out.
  subscript(field: PartialKeyPath<Form>) -> Entry? { section[name(field)] }

  /// The name of the key that fills a field.
  func name(_ field: PartialKeyPath<Form>) -> String { table.name(of: field) }

  /// The names of the keys among those of some fields that are there.
  func present(_ fields: [PartialKeyPath<Form>]) -> [String] { fields.filter { self[$0] != nil }.map(name) }

  /// Reads the key of a field now, before the others; returns false when it is missing or its value is wrong.
  @discardableResult
  mutating func read(_ field: PartialKeyPath<Form>) -> Bool { read(at: table.index(of: field)) }

  /// Reads all keys that were neither read nor refused.
  mutating func readRest() {
    for index in table.keys.indices where !done[index] { read(at: index) }
  }

  /// Leaves keys unread and unreported, where their meaning depends on a key that is wrong.
  mutating func skip(_ fields: [PartialKeyPath<Form>]) {
    for field in fields { done[table.index(of: field)] = true }
  }

  @discardableResult
  private mutating func read(at index: Int) -> Bool {
    done[index] = true
    let key = table.keys[index]
    var isRight = true
    if let entry = section[key.name] {
      isRight = key.read(entry, reader, &form)
    } else if case .required(let missing) = key.presence {
      isRight = section.required(key.name, missing) != nil
    }
    if !isRight { isSound = false }
    return isRight
  }

  /// Reports the absence of a key that must be there depending on others.
  mutating func require(_ field: PartialKeyPath<Form>) {
    let key = table.keys[table.index(of: field)]
    if case .conditional(missing: let missing, when: _) = key.presence, section.required(key.name, missing) == nil {
      isSound = false
    }
  }

  /// Reports the absence of a key with a text of its own.
  mutating func reportMissing(_ field: PartialKeyPath<Form>, _ message: LocalizedText, remedy: LocalizedText) {
    reader.log.report(.missingKey, at: entry.place, keyPath: entry.child(name(field)), message, remedy: remedy)
    isSound = false
  }

  /// Reports keys that are not allowed here, and leaves them unread.
  mutating func refuse(
    _ fields: [PartialKeyPath<Form>], _ message: (String) -> LocalizedText,
    remedy: LocalizedText = LocalizedText("remove it", "fjern den"),
    code: SettingsProblem.Code = .conflict
  ) {
    for field in fields {
      done[table.index(of: field)] = true
      guard let entry = self[field] else { continue }
      entry.report(code, message(name(field)), remedy: remedy)
      isSound = false
    }
  }

  /// Reports a problem with the key of a field; with the section where the key is left out.
  mutating func report(
    _ code: SettingsProblem.Code, at field: PartialKeyPath<Form>? = nil, _ message: LocalizedText,
    remedy: LocalizedText? = nil
  ) {
    (field.flatMap { self[$0] } ?? entry).report(code, message, remedy: remedy)
    isSound = false
  }

  /// Reports something about the key of a field that does not keep the settings from being used.
  func warn(
    _ code: SettingsProblem.Code, at field: PartialKeyPath<Form>? = nil, _ message: LocalizedText, remedy: LocalizedText
  ) {
    let entry = field.flatMap { self[$0] } ?? entry
    reader.log.report(code, at: entry.place, keyPath: entry.keyPath, message, remedy: remedy, severity: .warning)
  }
}
