internal import SystemPackage
internal import TriggerFiles

/// The keys of one section of the file, each declared once.
///
/// The reader, the writer, the list of known keys, the reference and the comments of the sample derive from it. `Form`
/// is the section as the file writes it: the settings' own type, or a plain structure where that type is built
/// differently.
struct KeyTable<Form: Sendable>: Sendable {
  /// The section's name in the reference.
  let title: String
  /// A form with the default of every key.
  let blank: Form
  /// The keys, in the order of writing.
  private(set) var keys: [SettingsKey<Form>] = []
  /// The names of the keys.
  private(set) var names: [String] = []

  init(_ title: String, blank: Form, _ declare: (inout Self) -> Void) {
    self.title = title
    self.blank = blank
    declare(&self)
    names = keys.map(\.name)
  }

  /// The position of the key that fills a field.
  func index(of field: PartialKeyPath<Form>) -> Int {
    guard let index = keys.firstIndex(where: { $0.field == field }) else {
      preconditionFailure("no key of \(title) fills \(field)")
    }
    return index
  }

  /// The name of the key that fills a field.
  func name(of field: PartialKeyPath<Form>) -> String { keys[index(of: field)].name }

  // MARK: Declaring keys

  /// Declares a key that must be there. `missing` completes "the key is missing, expected".
  mutating func required<Value>(
    _ name: String, _ field: any WritableKeyPath<Form, Value> & Sendable, _ type: ValueType<Value>,
    missing: LocalizedText, _ text: String
  ) {
    keys.append(
      SettingsKey(
        name: name, field: field, expected: type.expected, presence: .required(missing), text: text,
        nested: type.nested,
        read: { entry, reader, form in
          guard let value = type.read(entry, reader) else { return false }
          form[keyPath: field] = value
          return true
        }, write: { form, writer in type.write(form[keyPath: field], writer) }))
  }

  /// Declares a key with a default: the value that the settings' type gives the field. `otherwise` describes the
  /// default where its value cannot; `example` is the sample's value if none is set.
  mutating func key<Value>(
    _ name: String, _ field: any WritableKeyPath<Form, Value> & Sendable, _ type: ValueType<Value>,
    otherwise: String? = nil, example: String? = nil, _ text: String
  ) {
    keys.append(
      SettingsKey(
        name: name, field: field, expected: type.expected, presence: .optional(otherwise), text: text,
        example: example, nested: type.nested,
        read: { entry, reader, form in
          guard let value = type.read(entry, reader) else { return false }
          form[keyPath: field] = value
          return true
        }, write: { form, writer in type.write(form[keyPath: field], writer) }))
  }

  /// Declares a key with a field that is `nil` if the key is left out. Then `standard` is used in its place, or
  /// `otherwise` says what the absence means. For a key that is required depending on others, `otherwise` says when,
  /// and `needed` completes "the key is missing, expected"; `unless` names an alternative key.
  mutating func optional<Value>(
    _ name: String, _ field: any WritableKeyPath<Form, Value?> & Sendable, _ type: ValueType<Value>,
    needed: LocalizedText? = nil, unless alternative: String? = nil, standard: Value? = nil, otherwise: String? = nil,
    example: String? = nil, _ text: String
  ) {
    let standard = standard.flatMap { type.write($0, SettingsWriter(folder: "")) }
    let when = alternative.map { "required unless \($0) is there" } ?? otherwise
    let isConditional = needed != nil || alternative != nil
    keys.append(
      SettingsKey(
        name: name, field: field, expected: type.expected,
        presence: isConditional
          ? .conditional(missing: needed ?? LocalizedText(""), when: when ?? "none") : .optional(otherwise),
        text: text,
        example: example, nested: type.nested, standard: standard,
        read: { entry, reader, form in
          guard let value = type.read(entry, reader) else { return false }
          form[keyPath: field] = value
          return true
        }, write: { form, writer in form[keyPath: field].flatMap { type.write($0, writer) } }))
  }
}

/// One key of the settings file.
struct SettingsKey<Form>: Sendable {
  /// The rule on the presence of a key.
  enum Presence: Sendable {
    /// The key is required; the text says what is expected.
    case required(LocalizedText)
    /// The key is required depending on other keys; `when` names them.
    case conditional(missing: LocalizedText, when: String)
    /// The key is optional. The text explains its absence if there is no default value.
    case optional(String?)
  }

  let name: String
  /// The field of the form that its value fills.
  let field: any PartialKeyPath<Form> & Sendable
  /// The words for its value.
  let expected: LocalizedText
  let presence: Presence
  /// The explanation in the reference and the sample.
  let text: String
  /// A value for the sample where none is set.
  var example: String?
  /// The keys inside its value.
  let nested: NestedKeys?
  /// The default of a key with a field that is `nil` if the key is left out.
  var standard: YAMLValue?
  /// Reads the value into the form; reports a wrong value and returns false.
  let read: @Sendable (Entry, SettingsReader, inout Form) -> Bool
  /// Returns the form's value; `nil` for a key left out.
  let write: @Sendable (Form, SettingsWriter) -> YAMLValue?
}

/// A table of keys of any section, whatever its form: the reference lists the tables of all forms together.
protocol ListedKeys: Sendable {
  /// The section's name.
  var title: String { get }
  /// The keys in the order of writing.
  var listed: [ListedKey] { get }
}

/// A key as the reference lists it.
struct ListedKey {
  let name: String
  let expected: LocalizedText
  /// The default value, or the meaning of a key left out.
  let absence: String
  /// True if `absence` is a value that could be written.
  let hasDefault: Bool
  let text: String
  let nested: NestedKeys?
}

extension KeyTable: ListedKeys {
  var listed: [ListedKey] {
    keys.map { key in
      ListedKey(
        name: key.name, expected: key.expected, absence: absence(of: key), hasDefault: writtenDefault(of: key) != nil,
        text: key.text, nested: key.nested)
    }
  }

  /// The default value of a key as text, or the meaning of its absence.
  func absence(of key: SettingsKey<Form>) -> String {
    switch key.presence {
    case .required: "required"
    case .conditional(missing: _, when: let when): when
    case .optional(let otherwise):
      otherwise ?? writtenDefault(of: key) ?? (defaultValue(of: key) == nil ? "none" : "as below")
    }
  }

  /// The default value of a key as YAML; `nil` where it has none.
  func defaultValue(of key: SettingsKey<Form>) -> YAMLValue? {
    key.standard ?? key.write(blank, SettingsWriter(folder: ""))
  }

  private func writtenDefault(of key: SettingsKey<Form>) -> String? {
    guard case .optional(nil) = key.presence else { return nil }
    return defaultValue(of: key)?.inline
  }
}
