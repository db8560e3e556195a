import Glibc
internal import SystemPackage

/// Local paths as settings write them.
enum LocalPath {
  /// The path that `text` names; `nil` when it names none.
  ///
  /// `..` stays as it is: where it leads is for the file system to say, which knows of symbolic links.
  static func resolve(_ text: String, in folder: FilePath) -> FilePath? {
    guard !text.isEmpty, text.escapingControls == text else { return nil }
    if text.hasPrefix("~/") {
      guard let home else { return nil }
      return home.pushing(plain(String(text.dropFirst(2))))
    }
    // Another user's home, or a slip; a file that is called so is written ./~name.
    guard !text.hasPrefix("~") else { return nil }
    return folder.pushing(plain(text))
  }

  /// The user's home: what `HOME` names, if it is a whole path. An empty or relative one would make `~/` mean whatever
  /// folder the program happens to run in.
  private static var home: FilePath? {
    getenv("HOME").map { FilePath(String(cString: $0)) }.flatMap { $0.isAbsolute ? $0 : nil }
  }

  /// Returns the reason why a path that begins at the user's home cannot be resolved; `nil` for any other text.
  static func troubleWithHome(_ text: String) -> String? {
    guard text.hasPrefix("~/"), home == nil else { return nil }
    guard let value = getenv("HOME") else { return "the environment variable HOME is not set" }
    return value.pointee == 0
      ? "the environment variable HOME is empty" : "the environment variable HOME is no whole path"
  }

  /// The shortest text that `resolve` reads as `path`, which is absolute or below the folder.
  static func text(for path: FilePath, in folder: FilePath) -> String {
    var rest = path
    if !folder.isEmpty, !rest.removePrefix(folder) || rest.isEmpty { rest = path }
    return rest.string.hasPrefix("~") ? "./\(rest.string)" : rest.string
  }

  private static func plain(_ text: String) -> FilePath {
    let path = FilePath(text)
    return FilePath(root: path.root, path.components.filter { $0.kind != .currentDirectory })
  }
}
