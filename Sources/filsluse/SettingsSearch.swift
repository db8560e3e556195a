import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

/// The search for the settings file: the named one, or else the first that exists of the usual places.
struct SettingsSearch {
  /// The variable of the environment that names the settings file.
  static let variable = "FILSLUSE_CONFIG"
  /// The file's name in every place.
  private static let name = "filsluse.yaml"

  /// The file named by `--config` or by the environment. It counts whether it exists or not.
  let named: FilePath?
  /// True if the environment names the file.
  private let isFromEnvironment: Bool
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
    isFromEnvironment = option == nil && named != nil
    // The base directory specification ignores relative paths in the variable.
    let configuration = value("XDG_CONFIG_HOME").map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
    let user = configuration ?? value("HOME").map { FilePath($0).appending(".config") }
    places =
      [FilePath(Self.name)]
      + [user, "/etc"].compactMap { $0?.appending("filsluse").appending(Self.name) }
  }

  /// The settings file that the words of a command line name by `--config`; `nil` where they name none.
  static func option(in words: [String]) -> String? {
    var named: String?
    for (index, word) in words.enumerated() {
      // bash takes --config=FILE apart at its equals sign.
      if word == "--config" { named = words[(index + 1)...].first { $0 != "=" } }
      if word.hasPrefix("--config=") { named = String(word.dropFirst("--config=".count)) }
    }
    return named
  }

  /// Returns the settings file to use.
  ///
  /// - Parameter language: the language of a refusal.
  /// - Throws: `CommandFailure` with `configuration` if none is named and none is in the usual places, or if the one of
  ///   the working folder may be another user's.
  func file(in language: ReportLanguage = OutputLanguage.current) throws(CommandFailure) -> FilePath {
    if let named { return named }
    // A file that cannot be looked at counts: passing it over in silence would mean other settings.
    if let found = places.first(where: { access($0.string, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR) }) {
      if found == places.first { try Self.checkOwner(of: found, language) }
      return found
    }
    let looked = places.map { Printable.text($0.string) }.joined(separator: ", ")
    throw CommandFailure(
      .configuration,
      LocalizedText(
        "there are no settings: \(Self.variable) is not set, and there is no \(looked)",
        "der er ingen indstillinger: \(Self.variable) er ikke sat, og der er ingen \(looked)"),
      remedy: LocalizedText(
        "name the file with --config, or make one with filsluse init (a trial without a server: filsluse init --trial)",
        "angiv filen med --config, eller lav en med filsluse init (en prøve uden server: filsluse init --trial)"),
      in: language)
  }

  /// Returns the settings file to use, and refuses a missing one that the environment names: its path is on no command
  /// line, so a message without the variable would not show where it comes from.
  ///
  /// - Parameter language: the language of a refusal.
  /// - Throws: `CommandFailure` as ``file(in:)``, and with `configuration` for the missing file.
  func existingFile(in language: ReportLanguage = OutputLanguage.current) throws(CommandFailure) -> FilePath {
    let file = try self.file(in: language)
    guard isFromEnvironment, access(file.string, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { return file }
    let message = LocalizedText(
      "\(Self.variable) names the settings file \(file), and there is no \(file.absolute); correct or unset the variable, name another file with --config, or make one with filsluse init",
      "\(Self.variable) angiver indstillingsfilen \(file), og der er ingen \(file.absolute); ret eller fjern variablen, angiv en anden fil med --config, eller lav en med filsluse init"
    )
    throw CommandFailure(.configuration, Printable.text(message[language]))
  }

  /// Refuses settings in the working folder that another user may have put there or can replace, because no option
  /// named them.
  ///
  /// - Throws: `CommandFailure` with `configuration` if file, link or folder belongs to neither the running user nor
  ///   root, or if every user can write to it.
  private static func checkOwner(of file: FilePath, _ language: ReportLanguage) throws(CommandFailure) {
    var (link, target, folder) = (stat(), stat(), stat())
    // A file that cannot be checked is refused when it is read.
    guard lstat(file.string, &link) == 0, stat(file.string, &target) == 0, stat(".", &folder) == 0 else { return }
    let others = [link, target, folder].map(\.st_uid).filter { $0 != geteuid() && $0 != 0 }
    let reason: LocalizedText
    if let other = others.first {
      reason = LocalizedText(
        "it, or the folder, belongs to another user (\(other))", "den eller mappen tilhører en anden bruger (\(other))")
    } else if target.st_mode & 0o002 != 0 {
      reason = LocalizedText("every user can write to it", "alle brugere kan skrive i den")
    } else if folder.st_mode & 0o1002 == 0o002 {
      reason = LocalizedText("every user can write to its folder", "alle brugere kan skrive i dens mappe")
    } else {
      return
    }
    let name = "./\(file)"
    throw CommandFailure(
      .configuration,
      LocalizedText("\(name) is not used unasked: \(reason.en)", "\(name) bruges ikke uden videre: \(reason.da)"),
      remedy: LocalizedText(
        "if you mean it, name it: --config \(name)", "mener du den, så angiv den: --config \(name)"), in: language)
  }
}
