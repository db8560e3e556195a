internal import TriggerFiles

/// The meaning of a name in a watched folder.
enum WatchedName: Sendable, Equatable {
  /// A data file to send once it is complete.
  case data(String)
  /// The ready-marker of the data file with that name.
  case marker(of: [UInt8])
  /// A name for unfinished files, or a hidden one.
  case temporary
  /// A name that cannot go on the wire; the text has the reason and the remedy.
  case unusable(LocalizedText)

  /// Suffixes that programs give to unfinished files.
  static let temporaryEndings = [
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".swx", ".writing",
    ".uploading", "~",
  ]

  init(
    _ bytes: [UInt8], marker: [UInt8]?, suffixes: WireSuffixes, wireName: (String) -> String = { $0 }
  ) {
    if bytes.first == UInt8(ascii: ".") || Self.temporaryEndings.contains(where: { bytes.hasSuffix(Array($0.utf8)) }) {
      self = .temporary
    } else if let marker, bytes.count > marker.count, bytes.hasSuffix(marker) {
      self = .marker(of: Array(bytes.dropLast(marker.count)))
    } else if let text = String(validating: bytes, as: UTF8.self) {
      self = Self.judge(text, wireName(text), suffixes: suffixes)
    } else {
      self = .unusable(
        LocalizedText(
          "its name is not UTF-8; rename it (an old program may write names in Latin-1)",
          "dens navn er ikke UTF-8; omdøb den (et gammelt program skriver måske navne i Latin-1)"))
    }
  }

  private static func judge(_ text: String, _ onWire: String, suffixes: WireSuffixes) -> WatchedName {
    do {
      _ = try WireName(text, suffixes: suffixes)
      _ = try WireName(onWire, suffixes: suffixes)
    } catch {
      return .unusable(
        LocalizedText(
          "its name cannot go on the wire: \(error)",
          "dens navn \(error.danishName) kan ikke bruges på serveren: \(error.message.da)"))
    }
    guard text.utf8.count <= TakenFile.longestName else {
      return .unusable(
        LocalizedText(
          "its name has more than \(TakenFile.longestName) bytes; give it a shorter one",
          "dens navn har mere end \(TakenFile.longestName) byte; giv den et kortere"))
    }
    return .data(text)
  }
}
