/// The audit facts of a delivery or an arrival beside its state, by name.
///
/// Each entry of the journal has the facts that changed with it, so that the entries hold the whole history, and a
/// deviating row is detected.
struct AuditFacts: Sendable, Equatable {
  private(set) var values: [String: String] = [:]

  init() {}

  /// Facts by name; those without a value are left out.
  init(_ facts: KeyValuePairs<String, String?>) { add(facts) }

  /// Adds facts by name.
  mutating func add(_ facts: KeyValuePairs<String, String?>) {
    values.reserveCapacity(values.count + facts.count)
    for (name, value) in facts { values[name] = value }
  }

  /// Returns the changes since earlier facts, a line each in the order of the names: `name=value`, or `name` alone for
  /// a removed fact; `nil` when nothing changed. In values `\` is written `\\` and a line's end `\n`.
  func changes(since earlier: AuditFacts) -> String? {
    let names = differences(from: earlier)
    if names.isEmpty { return nil }
    var text = ""
    text.reserveCapacity(512)
    for name in names {
      if !text.isEmpty { text += "\n" }
      text += name
      guard let value = values[name] else { continue }
      text += "="
      text += Self.escaped(value)
    }
    return text
  }

  /// Applies changes written by ``changes(since:)``.
  mutating func apply(_ changes: String) {
    for line in changes.utf8.split(separator: UInt8(ascii: "\n")) {
      let name = line.prefix { $0 != UInt8(ascii: "=") }
      let value = line.count > name.count ? Self.unescaped(line.dropFirst(name.count + 1)) : nil
      values[String(decoding: name, as: UTF8.self)] = value
    }
  }

  /// These and others.
  func and(_ others: AuditFacts) -> AuditFacts {
    var all = self
    all.values.merge(others.values) { $1 }
    return all
  }

  /// Returns the facts with the given names.
  func only(_ names: [String]) -> AuditFacts {
    var some = AuditFacts()
    for name in names { some.values[name] = values[name] }
    return some
  }

  /// Returns the names with different values, sorted.
  func differences(from other: AuditFacts) -> [String] {
    if other.values.isEmpty { return values.keys.sorted() }
    return Set(values.keys).union(other.values.keys).filter { values[$0] != other.values[$0] }.sorted()
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") }) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func unescaped(_ text: Substring.UTF8View.SubSequence) -> String {
    var bytes: [UInt8] = []
    var isEscape = false
    for byte in text {
      if isEscape {
        bytes.append(byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
        isEscape = false
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
