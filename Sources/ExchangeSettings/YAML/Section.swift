package import TriggerFiles
internal import Yams

/// A mapping with known keys: it reports unknown and missing keys.
package struct Section {
  package let entry: Entry
  private let values: [String: Entry]

  /// Creates a section from a mapping; reports any other kind of value.
  package init?(_ entry: Entry, keys known: [String]) {
    guard case .mapping(let mapping) = entry.node else {
      let keys = known.joined(separator: ", ")
      entry.reportType(LocalizedText("a mapping with the keys \(keys)", "værdier under nøglerne \(keys)"))
      return nil
    }
    var values: [String: Entry] = [:]
    values.reserveCapacity(min(mapping.count, known.count))
    for (key, value) in mapping where !entry.log.isFull {
      guard let name = Self.name(of: key, in: entry) else { continue }
      guard known.contains(name) else {
        let nearest = NearestName.to(name, among: known)
        entry.log.report(
          .unknownKey, at: key.place, keyPath: entry.child(name),
          LocalizedText("unknown key, expected one of ", "ukendt nøgle, forventede en af ")
            + LocalizedText(known.joined(separator: ", ")),
          remedy: nearest.map { NearestName.question($0) } ?? LocalizedText("remove it", "fjern den"))
        continue
      }
      values[name] = Entry(node: value, keyPath: entry.child(name), log: entry.log)
    }
    self.entry = entry
    self.values = values
  }

  /// The value of an optional key.
  package subscript(_ key: String) -> Entry? { values[key] }

  /// The value of a key that must be there; its absence is reported at the mapping.
  package func required(_ key: String, _ why: LocalizedText) -> Entry? {
    guard let value = values[key] else {
      entry.log.report(
        .missingKey, at: entry.place, keyPath: entry.child(key),
        LocalizedText("the key is missing, expected ", "nøglen mangler, forventede ") + why,
        remedy: LocalizedText("add \(key):", "tilføj \(key):"))
      return nil
    }
    return value
  }

  /// Returns the entries of a mapping with keys chosen by the user, in the order of the file.
  package static func named(_ entry: Entry, _ expected: LocalizedText) -> [(name: String, entry: Entry)] {
    guard case .mapping(let mapping) = entry.node else {
      entry.reportType(
        LocalizedText("a mapping from names to ", "") + expected + LocalizedText("", ", hver under sit navn"))
      return []
    }
    return mapping.compactMap { key, value in
      guard !entry.log.isFull, let name = Self.name(of: key, in: entry) else { return nil }
      let child = Entry(node: value, keyPath: entry.child(name), log: entry.log)
      guard (1...255).contains(name.utf8.count), name.escapingControls == name else {
        entry.log.report(
          .badValue, at: key.place, keyPath: child.keyPath,
          .found(
            LocalizedText("the name ", "navnet ") + LocalizedText(Entry.shown(name)),
            expected: LocalizedText(
              "1 to 255 bytes without control characters", "1 til 255 byte uden styretegn")))
        return nil
      }
      return (name, child)
    }
  }

  /// The names of a mapping's entries, without reporting problems.
  static func names(in entry: Entry) -> [String] {
    guard case .mapping(let mapping) = entry.node else { return [] }
    return mapping.compactMap { $0.key.scalar?.string }.filter { DoubledKeys.original(of: $0) == nil }
  }

  private static func name(of key: Node, in entry: Entry) -> String? {
    guard case .scalar(let scalar) = key else {
      entry.log.report(
        .wrongType, at: key.place, keyPath: entry.keyPath,
        .found(
          LocalizedText("a list or mapping as a key", "en liste eller nøgler, hvor en nøgle skal stå"),
          expected: LocalizedText("a name", "et navn")))
      return nil
    }
    guard let doubled = DoubledKeys.original(of: scalar.string) else { return scalar.string }
    entry.log.report(
      .doubledKey, at: key.place, keyPath: entry.child(doubled),
      LocalizedText("the key stands twice in the same place", "nøglen står to gange på samme sted"),
      remedy: LocalizedText("keep one of the two", "behold den ene"))
    return nil
  }
}

extension Entry {
  /// The key path of a value inside this one.
  func child(_ name: String) -> String {
    let isLong = name.utf8.count > 60 && name.unicodeScalars.count > 60
    let shown = isLong ? String(name.prefix(60)) + "…" : name.escapingControls
    return keyPath.isEmpty ? shown : "\(keyPath).\(shown)"
  }

  /// The value under a key in this mapping, under the next key in that one, and so on.
  func value(at keys: String...) -> Entry? { value(at: keys) }

  /// The value under a key in this mapping, under the next key in that one, and so on.
  func value(at keys: [String]) -> Entry? {
    keys.reduce(Optional(self)) { entry, key in
      // Compared as text: the parser's own search takes a key such as 0751 for a number, by rules that are slow to
      // prepare.
      guard let entry, case .mapping(let mapping) = entry.node,
        let value = mapping.first(where: { $0.key.scalar?.string == key })?.value
      else { return nil }
      return Entry(node: value, keyPath: entry.child(key), log: entry.log)
    }
  }
}
