internal import SystemPackage

/// Lines of YAML in the making.
struct YAMLLines {
  let folder: FilePath
  private(set) var text = ""
  private var depth = 0
  private var isFirstOfItem = false

  init(folder: FilePath) { self.folder = folder }

  mutating func section(_ key: String, _ body: (inout Self) -> Void) {
    line("\(YAMLText.scalar(key)):")
    depth += 1
    body(&self)
    depth -= 1
  }

  mutating func add(_ key: String, _ value: String?) {
    if let value { line("\(key): \(YAMLText.scalar(value))") }
  }

  mutating func add(_ key: String, path: FilePath) {
    add(key, LocalPath.text(for: path, in: folder))
  }

  /// A program and its arguments; what has a slash is a path, and stays one.
  mutating func add(_ key: String, command: [String]) {
    guard let program = command.first, program.utf8.contains(UInt8(ascii: "/")) else { return add(key, list: command) }
    let path = LocalPath.text(for: FilePath(program), in: folder)
    add(key, list: [path.utf8.contains(UInt8(ascii: "/")) ? path : "./\(path)"] + command.dropFirst())
  }

  mutating func add(_ key: String, list: [String]?) {
    guard let list else { return }
    line("\(key):")
    for item in list { line("  - \(YAMLText.scalar(item))") }
  }

  /// An entry of a list that is a mapping.
  mutating func item(_ body: (inout Self) -> Void) {
    isFirstOfItem = true
    depth += 1
    body(&self)
    depth -= 1
  }

  mutating func line(_ content: String) {
    if isFirstOfItem {
      text += String(repeating: "  ", count: depth - 1) + "- " + content + "\n"
      isFirstOfItem = false
    } else {
      text += String(repeating: "  ", count: depth) + content + "\n"
    }
  }
}
