internal import TriggerFiles

/// The reference of all keys of the settings file, as the tables declare them.
package enum SettingsReference {
  /// Every section with the path of keys that leads to it, from the top.
  static var sections: [(path: String, keys: any ListedKeys)] {
    func below(_ path: String, _ table: any ListedKeys) -> [(path: String, keys: any ListedKeys)] {
      [(path, table)]
        + table.listed.flatMap { key in
          key.nested.map { nested in
            below((path.isEmpty ? "" : "\(path).") + key.name + nested.shape.rawValue, nested.table)
          } ?? []
        }
    }
    return below("", ExchangeSettings.table)
  }

  /// The paths of all keys, such as `accounts.NAME.port`.
  package static var keyPaths: [String] {
    sections.flatMap { path, table in table.listed.map { path.isEmpty ? $0.name : "\(path).\($0.name)" } }
  }

  /// The reference as an article of the documentation.
  package static var markdown: String {
    var text = """
      # Reference of the settings

      Every key of `filsluse.yaml`, by section.

      ## Overview

      This article is written from the tables that the reader itself uses. `NAME` stands for a name of your own, `[]` for
      each entry of a list. Paths are relative to the folder of the file.

      """
    for (path, table) in sections {
      text += "\n### \(table.title)\n\n"
      if !path.isEmpty { text += "Under `\(path)`.\n\n" }
      text += "| Key | Value | Default | Meaning |\n|---|---|---|---|\n"
      for key in table.listed {
        let cells = ["`\(key.name)`", key.expected.en, key.absence, key.text]
        let row = cells.joined(separator: " | ").replacing("*", with: "\\*")
        text += "| \(row) |\n"
      }
    }
    return text
  }
}
