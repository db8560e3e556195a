import ExchangeSettings
import FilsluseBase
import Glibc
import SystemPackage

/// The search for the settings file: the named one, or else the first that exists of the usual places.
struct SettingsSearch {
  /// The variable of the environment that names the settings file.
  static let variable = "FILSLUSE_CONFIG"
  /// The file's name in every place.
  private static let name = "filsluse.yaml"

  /// The file named by `--config` or by the environment. It counts whether it exists or not.
  let named: FilePath?
  /// The usual places, the first one first.
  let places: [FilePath]

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - option: the value of `--config`.
  ///   - environment: returns a variable of the environment.
  init(
    option: String?, environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
  ) {
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    named = (option ?? value(Self.variable)).map { FilePath($0) }
    // The base directory specification ignores relative paths in the variable.
    let configuration = value("XDG_CONFIG_HOME").map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
    let user = configuration ?? value("HOME").map { FilePath($0).appending(".config") }
    places =
      [FilePath(Self.name)]
      + [user, "/etc"].compactMap { $0?.appending("filsluse").appending(Self.name) }
  }

  /// Returns the file that counts.
  ///
  /// - Throws: `CommandFailure` with `configuration` where none is named and none is in the usual places.
  func file() throws(CommandFailure) -> FilePath {
    if let named { return named }
    // A file that cannot be looked at counts: passing it over in silence would mean other settings.
    if let found = places.first(where: { access($0.string, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR) }) {
      return found
    }
    let looked = places.map { Printable.text($0.string) }.joined(separator: ", ")
    throw CommandFailure(
      .configuration,
      "there are no settings: \(Self.variable) is not set, and there is no \(looked); name the file with --config, or make one with filsluse init"
    )
  }
}
