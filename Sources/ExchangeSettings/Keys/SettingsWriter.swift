internal import SystemPackage

/// Writes settings by the tables of their keys.
final class SettingsWriter {
  /// The folder of the file: paths under it are written relative to it.
  let folder: FilePath
  /// The accounts of the settings; routes leave out values that their account has.
  let accounts: [Account]
  /// The keys written so far, by section and name.
  private(set) var written: Set<String> = []
  /// The keys that the file will contain. Each is explained at its first place; `nil` for no explanations.
  private let explained: Set<String>?

  init(folder: FilePath, accounts: [Account] = [], explaining keys: Set<String>? = nil) {
    self.folder = folder
    self.accounts = accounts
    explained = keys
  }

  /// The section that a form describes.
  func mapping<Form>(_ form: Form, _ table: KeyTable<Form>) -> YAMLValue {
    var pairs: [YAMLPair] = []
    var isBehindWritten = false
    for key in table.keys {
      let value = key.write(form, self)
      let name = "\(table.title): \(key.name)"
      if let value, !(value.isEmptyMapping && explained != nil) {
        pairs.append(contentsOf: pair(key, value, name, table).map { [$0] } ?? [])
      } else if let explained, let example = key.example, isBehindWritten, !explained.contains(name),
        written.insert(name).inserted
      {
        // The example of a key that the file never sets is written once, after the key before it in the table.
        pairs.append(YAMLPair(key: key.name, value: .plain(example), comment: key.text, isExample: true))
      }
      isBehindWritten = value != nil
    }
    return .mapping(pairs)
  }

  /// Returns a key with its value; `nil` for a default value that is explained further up.
  private func pair<Form>(
    _ key: SettingsKey<Form>, _ value: YAMLValue, _ name: String, _ table: KeyTable<Form>
  ) -> YAMLPair? {
    let isFirst = written.insert(name).inserted
    guard explained != nil else { return YAMLPair(key: key.name, value: value) }
    guard case .optional(let otherwise) = key.presence else {
      return YAMLPair(key: key.name, value: value, comment: isFirst ? key.text : nil)
    }
    let isDefault = key.nested == nil && value == table.defaultValue(of: key)
    guard isFirst else { return isDefault ? nil : YAMLPair(key: key.name, value: value) }
    var comment = key.text
    if isDefault {
      comment += " Default."
    } else if let otherwise {
      comment += " Left out: \(otherwise)."
    } else if key.nested?.shape != .one {
      comment += " Default: \(table.absence(of: key))."
    }
    return YAMLPair(key: key.name, value: value, comment: comment)
  }

  /// Pairs with empty lines between them where the file explains its keys.
  func spaced(_ pairs: [YAMLPair]) -> [YAMLPair] {
    guard explained != nil else { return pairs }
    return pairs.prefix(1)
      + pairs.dropFirst().map { pair in
        var pair = pair
        pair.isSpaced = true
        return pair
      }
  }
}

extension ExchangeSettings {
  /// Writes the settings as a file that reads back as the same settings at the path `source`.
  ///
  /// Paths under the file's folder are written relative to it; all others have to be absolute.
  public func yaml() -> String {
    pairs(SettingsWriter(folder: source.removingLastComponent(), accounts: accounts)).flatMap { $0.lines(0) }.map {
      "\($0)\n"
    }.joined()
  }

  /// Writes the settings with an explanation of every key at its first place, and comments for keys that are not set.
  package func explainedYAML() -> String {
    let folder = source.removingLastComponent()
    let first = SettingsWriter(folder: folder, accounts: accounts)
    _ = pairs(first)
    let pairs = pairs(SettingsWriter(folder: folder, accounts: accounts, explaining: first.written))
    let heading = Self.heading.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
    return heading + pairs.map { "\n" + $0.lines(0).map { "\($0)\n" }.joined() }.joined()
  }

  private func pairs(_ writer: SettingsWriter) -> [YAMLPair] {
    guard case .mapping(let pairs) = writer.mapping(self, Self.table) else { return [] }
    return pairs
  }

  private static let heading = [
    "Settings for Filsluse, with every key there is. Copy this file, keep what you need, fill in what is yours.", "",
    "Paths are relative to the folder that this file stands in; \"~/\" is your home folder.",
    "A key that Filsluse does not know, or a value that breaks a rule, is refused with its line: nothing is guessed.",
  ]
}
