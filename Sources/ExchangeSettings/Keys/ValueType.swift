internal import TriggerFiles

/// The type of a key's value: its name in messages and the reference, its reading and its writing.
struct ValueType<Value: Sendable>: Sendable {
  /// The words behind "expected" in messages, and for the value in the reference.
  let expected: LocalizedText
  /// Returns the value of an entry; anything else is reported.
  let read: @Sendable (Entry, SettingsReader) -> Value?
  /// Returns the value as YAML; `nil` to leave the key out.
  let write: @Sendable (Value, SettingsWriter) -> YAMLValue?
  /// The keys inside the value.
  var nested: NestedKeys?
}

/// The table of the keys inside a value, and the shape of the value.
struct NestedKeys: Sendable {
  /// The shapes of a value with sections.
  enum Shape: String, Sendable {
    case one = ""
    case list = "[]"
    case named = ".NAME"
  }

  let shape: Shape
  /// The table, created on demand, because most files use few of the sections.
  var table: any ListedKeys { makeTable() }
  private let makeTable: @Sendable () -> any ListedKeys

  init(shape: Shape, table: @autoclosure @escaping @Sendable () -> any ListedKeys) {
    self.shape = shape
    makeTable = table
  }
}

// MARK: Texts

extension ValueType {
  /// A text that `parse` makes a value of.
  static func text(
    _ expected: LocalizedText, remedy: LocalizedText? = nil, _ parse: @escaping @Sendable (String) -> Value?,
    write: @escaping @Sendable (Value) -> YAMLValue
  ) -> Self {
    Self(
      expected: expected, read: { entry, _ in entry.value(expected, remedy: remedy, parse) },
      write: { value, _ in write(value) })
  }

  /// A text with a type that checks it and gives the remedy.
  static func checked(
    _ expected: LocalizedText, _ parse: @escaping @Sendable (String) throws(ValueError) -> Value,
    write: @escaping @Sendable (Value) -> String
  ) -> Self {
    Self(expected: expected) { entry, _ in
      guard let text = entry.text(expected) else { return nil }
      do throws(ValueError) {
        return try parse(text)
      } catch {
        entry.report(
          .badValue, .found(LocalizedText(Entry.shown(text)), expected: expected), remedy: error.remedy)
        return nil
      }
    } write: { value, _ in
      .text(write(value))
    }
  }
}

extension ValueType<String> {
  /// A text that fits a rule.
  static func text(
    _ expected: LocalizedText, remedy: LocalizedText? = nil, where fits: @escaping @Sendable (String) -> Bool
  ) -> Self {
    .text(expected, remedy: remedy, { fits($0) ? $0 : nil }, write: { .text($0) })
  }
}

extension ValueType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of a few words.
  static func word(_ expected: LocalizedText, remedy: LocalizedText? = nil) -> Self {
    Self(expected: expected) { entry, _ in
      guard let text = entry.text(expected) else { return nil }
      guard let value = Value(rawValue: text) else {
        let nearest = NearestName.to(text, among: Value.allCases.map(\.rawValue))
        entry.report(
          .badValue, .found(LocalizedText(Entry.shown(text)), expected: expected),
          remedy: nearest.map { NearestName.question($0) } ?? remedy)
        return nil
      }
      return value
    } write: { value, _ in
      .plain(value.rawValue)
    }
  }
}

// MARK: Lists and sections

extension ValueType {
  /// A list, or a single value as a list of one; an empty list is written by leaving the key out.
  static func list<Item>(of item: ValueType<Item>, _ expected: LocalizedText) -> Self where Value == [Item] {
    Self(
      expected: expected,
      read: { entry, reader in
        guard let entries = entry.list(expected) else { return nil }
        let values = entries.lazy.prefix { _ in !reader.log.isFull }.compactMap { item.read($0, reader) }
        let items = Array(values)
        return items.count == entries.count ? items : nil
      },
      write: { items, writer in items.isEmpty ? nil : .list(items.compactMap { item.write($0, writer) }) },
      nested: item.nested.map { NestedKeys(shape: .list, table: $0.table) })
  }

  /// A mapping with the keys of a table, which `read` turns into a value of another type than the table's form.
  static func section<Form>(
    _ table: @autoclosure @escaping @Sendable () -> KeyTable<Form>, form: @escaping @Sendable (Value) -> Form,
    read: @escaping @Sendable (inout SectionFields<Form>) -> Value?
  ) -> Self {
    Self(
      expected: LocalizedText("the keys below", "nøglerne nedenfor"),
      read: { entry, reader in
        guard var fields = SectionFields(entry, table(), reader) else { return nil }
        return read(&fields)
      },
      write: { value, writer in writer.mapping(form(value), table()) },
      nested: NestedKeys(shape: .one, table: table()))
  }

  /// A mapping with the keys of a table; the table's form is the value.
  static func section(
    _ table: @autoclosure @escaping @Sendable () -> KeyTable<Value>,
    check: @escaping @Sendable (inout SectionFields<Value>) -> Void = { _ in }
  ) -> Self {
    .section(table(), form: { $0 }) { fields in
      fields.readRest()
      if fields.isSound { check(&fields) }
      return fields.isSound ? fields.form : nil
    }
  }

  /// A mapping from names that the user chose to sections with the keys of a table.
  static func named<Item, Form>(
    _ title: LocalizedText, _ table: @autoclosure @escaping @Sendable () -> KeyTable<Form>,
    name: @escaping @Sendable (Item) -> String, form: @escaping @Sendable (Item, SettingsWriter) -> Form,
    read: @escaping @Sendable (String, inout SectionFields<Form>) -> Item?
  ) -> Self where Value == [Item] {
    Self(
      expected: title + LocalizedText(", each under its name", ", hver under sit navn"),
      read: { entry, reader in
        Section.named(entry, title).compactMap { name, entry in
          guard var fields = SectionFields(entry, table(), reader) else { return nil }
          return read(name, &fields)
        }
      },
      write: { items, writer in
        let pairs = items.map { YAMLPair(key: name($0), value: writer.mapping(form($0, writer), table())) }
        return pairs.isEmpty ? nil : .mapping(writer.spaced(pairs))
      },
      nested: NestedKeys(shape: .named, table: table()))
  }
}
