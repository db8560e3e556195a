internal import CSSHShim
internal import FilsluseBase

/// The names at the beginning of a `known_hosts` line: `host`, `[host]:port`, `*.example.dk`, `!not.this`, or hashed.
enum HostNamePatterns: Sendable, Equatable {
  case hashed(salt: [UInt8], code: [UInt8])
  case patterns([Pattern])

  struct Pattern: Sendable, Equatable {
    let text: [UInt8]
    let isNegated: Bool
  }

  /// Reads the first field of a line; `nil` where a hashed name is not `|1|salt|code`.
  init?(_ field: some StringProtocol) {
    guard field.hasPrefix("|") else {
      self = .patterns(
        field.split(separator: ",").map { name in
          let isNegated = name.hasPrefix("!")
          return Pattern(text: Array((isNegated ? name.dropFirst() : name).lowercased().utf8), isNegated: isNegated)
        })
      return
    }
    let parts = field.split(separator: "|")
    guard parts.count == 3, parts[0] == "1", let salt = Base64.decode(parts[1].utf8),
      let code = Base64.decode(parts[2].utf8), code.count == 20
    else { return nil }
    self = .hashed(salt: salt, code: code)
  }

  /// Returns true if the line is about the server that has these names. A plain name means port 22 only. A negated
  /// pattern that matches any of the names excludes the server.
  func match(hosts: [String], port: UInt16) -> Bool {
    let names = hosts.map { $0.lowercased() }.flatMap { host in
      port == 22 ? [host, "[\(host)]:22"] : ["[\(host)]:\(port)"]
    }.map { Array($0.utf8) }
    switch self {
    case .hashed(let salt, let code):
      return names.contains { name in
        var computed = [UInt8](repeating: 0, count: 20)
        return filsluse_ssh_hmac_sha1(salt, salt.count, name, name.count, &computed) == 1 && computed == code
      }
    case .patterns(let patterns):
      let matching = patterns.filter { pattern in names.contains { Self.match($0[...], pattern.text[...]) } }
      return !matching.isEmpty && matching.allSatisfy { !$0.isNegated }
    }
  }

  /// Matches a pattern in which `*` matches any bytes and `?` one.
  private static func match(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var name = name
    var pattern = pattern
    var retry: (name: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while true {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (name, pattern)
      } else if let byte = name.first, let wanted = pattern.first, wanted == byte || wanted == UInt8(ascii: "?") {
        name = name.dropFirst()
        pattern = pattern.dropFirst()
      } else if name.isEmpty, pattern.isEmpty {
        return true
      } else if let (laterName, laterPattern) = retry, !laterName.isEmpty {
        name = laterName.dropFirst()
        pattern = laterPattern
        retry = (name, pattern)
      } else {
        return false
      }
    }
  }
}
