import Glibc
internal import SystemPackage

/// Local paths as settings write them.
enum LocalPath {
  /// The path that `text` names; `nil` when it names none.
  static func resolve(_ text: String, in folder: FilePath) -> FilePath? {
    guard !text.isEmpty, text.escapingControls == text else { return nil }
    if text.hasPrefix("~/") {
      guard let home = getenv("HOME") else { return nil }
      return FilePath(String(cString: home)).appending(String(text.dropFirst(2))).lexicallyNormalized()
    }
    return folder.pushing(FilePath(text)).lexicallyNormalized()
  }

  /// The shortest text that `resolve` reads as `path`.
  static func text(for path: FilePath, in folder: FilePath) -> String {
    var rest = path
    guard !folder.isEmpty, rest.removePrefix(folder), !rest.isEmpty else { return path.string }
    return rest.string.hasPrefix("~") ? "./\(rest.string)" : rest.string
  }
}
