public import ExchangeSettings

/// The result of reading the settings again, for a running exchange.
public enum SettingsReload: Sendable {
  /// They can be used, as far as reading them shows.
  case settings(ExchangeSettings)
  /// They cannot be read, for that reason: the former ones stay in force, and a person is alerted.
  case unusable(SettingsError)
}
