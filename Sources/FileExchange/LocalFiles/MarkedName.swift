extension String {
  /// Returns a file's name with a mark before its extension: `a.csv` and `~1f` make `a~1f.csv`. The stem is cut if the
  /// name would exceed a number of bytes.
  func marked(_ mark: String, atMost limit: Int) -> String {
    let bytes = Array(utf8)
    var dot = bytes.lastIndex(of: UInt8(ascii: ".")) ?? bytes.count
    // A longer part after the dot belongs to the name and is not an extension.
    if dot == 0 || bytes.count - dot > Self.longestEnding { dot = bytes.count }
    var stem = Array(bytes[..<dot])
    let room = limit - mark.utf8.count - (bytes.count - dot)
    while stem.count > max(room, 1) || (!stem.isEmpty && String(validating: stem, as: UTF8.self) == nil) {
      stem.removeLast()
    }
    return String(decoding: stem + Array(mark.utf8) + bytes[dot...], as: UTF8.self)
  }

  private static let longestEnding = 32
}
