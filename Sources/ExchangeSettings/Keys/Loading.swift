public import SystemPackage

extension ExchangeSettings {
  /// Reads settings from a file.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the file, each problem with its place.
  public static func load(_ path: FilePath) throws(SettingsError) -> ExchangeSettings {
    let log = ProblemLog(file: path)
    guard let text = SettingsFile.text(of: path, log: log) else { throw SettingsError(problems: log.errors) }
    return try read(text, source: path, log: log)
  }

  /// Reads settings from text that stands, or will stand, in the file `source`.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the text, each problem with its place.
  public static func parse(_ text: String, source: FilePath) throws(SettingsError) -> ExchangeSettings {
    try read(text, source: source, log: ProblemLog(file: source))
  }

  private static func read(
    _ text: String, source: FilePath, log: ProblemLog
  ) throws(SettingsError) -> ExchangeSettings {
    guard let tree = YAMLTree(text, log: log) else { throw SettingsError(problems: log.errors) }
    var reader = SettingsReader(source: source, log: log)
    let settings = withExtendedLifetime(tree) { reader.read(tree.root) }
    guard var settings, log.errors.isEmpty else { throw SettingsError(problems: log.errors) }
    settings.warnings = log.warnings
    return settings
  }
}
