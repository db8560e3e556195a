public import ExchangeSettings

/// What reading the settings anew has come to, for a run that goes on.
public enum SettingsReload: Sendable {
  /// They can be used, as far as reading them shows.
  case settings(ExchangeSettings)
  /// They cannot be read, for that reason: those of before stay in force, and a person is told.
  case unusable(SettingsError)
}
