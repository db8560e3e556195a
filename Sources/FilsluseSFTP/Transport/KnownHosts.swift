/// The lines of a `known_hosts` file.
///
/// Our own reader, because libssh2's ignores `@revoked` and wildcards, takes a plain name for any port, and gives up on
/// the file at the first line it does not understand.
struct KnownHosts: Sendable {
  struct Line: Sendable {
    let names: HostNamePatterns
    let key: HostKey
    let isRevoked: Bool
  }

  private(set) var lines: [Line] = []

  /// Lines that were left out, and why.
  private(set) var problems: [String] = []

  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do throws(Problem) {
        if let line = try Self.read(line) { lines.append(line) }
      } catch {
        problems.append("line \(index + 1): \(error.text)")
      }
    }
  }

  /// The keys known for a server, and those that must not be used any more.
  func keys(host: String, port: UInt16) -> (known: [HostKey], revoked: [HostKey]) {
    let matching = lines.filter { $0.names.match(host: host, port: port) }
    return (matching.filter { !$0.isRevoked }.map(\.key), matching.filter(\.isRevoked).map(\.key))
  }

  private struct Problem: Error {
    let text: String
  }

  private static func read(_ line: Substring) throws(Problem) -> Line? {
    var fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r\n" || $0 == "\r" })[...]
    guard let first = fields.first, !first.hasPrefix("#") else { return nil }
    var isRevoked = false
    if first.hasPrefix("@") {
      guard first == "@revoked" else {
        throw Problem(text: "\(first) is left out: certificates are not supported")
      }
      isRevoked = true
      fields = fields.dropFirst()
    }
    guard fields.count >= 3 else { throw Problem(text: "it is not names, key type and key") }
    let (names, type, encoded) = (
      fields[fields.startIndex], fields[fields.startIndex + 1], fields[fields.startIndex + 2]
    )
    guard let blob = Base64.decode(encoded.utf8) else { throw Problem(text: "its key is not base 64") }
    let key = HostKey(blob: blob)
    guard key.type == type else { throw Problem(text: "its key is not of the type it says, \(type)") }
    guard let patterns = HostNamePatterns(names) else { throw Problem(text: "its hashed name cannot be read") }
    return Line(names: patterns, key: key, isRevoked: isRevoked)
  }
}
