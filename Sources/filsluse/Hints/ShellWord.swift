/// Words of command lines that are shown to be pasted into a shell.
enum ShellWord {
  /// Returns a name or a path as one word of a shell: unchanged, or in single quotes.
  static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_./,:=@%+".unicodeScalars.contains(scalar)
    }
    return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }
}
