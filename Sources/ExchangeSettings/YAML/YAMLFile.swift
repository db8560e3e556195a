package import FilsluseBase
package import SystemPackage

/// A YAML file of another part of the toolkit, read with the care that settings are read with.
package enum YAMLFile {
  /// Reads a file's value by `read`, which reports errors at their places.
  ///
  /// - Parameters:
  ///   - ifMissing: the remedy for a missing file.
  ///   - ifMissingInDanish: the same in Danish.
  /// - Throws: ``SettingsError`` with all problems of the file, when it cannot be read or `read` reports some.
  package static func read<Value>(
    _ path: FilePath, ifMissing: Remedy, ifMissingInDanish: Remedy, _ read: (Entry) -> Value?
  ) throws(SettingsError) -> Value {
    let log = ProblemLog(file: path)
    var value: Value?
    if let text = SettingsFile.text(
      of: path, log: log, ifMissing: ifMissing, ifMissingInDanish: ifMissingInDanish),
      let tree = YAMLTree(text, log: log)
    {
      value = withExtendedLifetime(tree) { read(Entry(node: tree.root, keyPath: "", log: log)) }
    }
    guard let value, log.errors.isEmpty else { throw SettingsError(problems: log.errors) }
    return value
  }

  /// Returns true for a file that can be read and has a key at its top.
  package static func hasKey(_ key: String, in path: FilePath) -> Bool {
    let log = ProblemLog(file: path)
    guard let text = SettingsFile.text(of: path, log: log), let tree = YAMLTree(text, log: log) else { return false }
    return withExtendedLifetime(tree) {
      Section.names(in: Entry(node: tree.root, keyPath: "", log: log)).contains(key)
    }
  }
}
