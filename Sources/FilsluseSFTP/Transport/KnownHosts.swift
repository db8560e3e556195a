internal import FilsluseBase

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
  private(set) var problems: [MessageText] = []

  /// Reads a file as an editor may have left it: with a byte-order mark, in UTF-16, and with any ends of lines.
  init(_ bytes: [UInt8]) {
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else {
      self.init(String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self))
      return
    }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
      let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    self.init(String(decoding: units, as: UTF16.self))
  }

  init(_ text: String) {
    // “\r\n” is one character.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    for (index, line) in lines.enumerated() {
      do throws(Problem) {
        if let line = try Self.read(line) { self.lines.append(line) }
      } catch {
        problems.append(MessageText("line \(index + 1): ", "linje \(index + 1): ") + error.text)
      }
    }
  }

  /// Returns a server's known keys, and its revoked ones.
  func keys(host: String, port: UInt16) -> (known: [HostKey], revoked: [HostKey]) {
    let names = Self.names(of: host)
    let matching = lines.filter { $0.names.match(hosts: names, port: port) }
    return (matching.filter { !$0.isRevoked }.map(\.key), matching.filter(\.isRevoked).map(\.key))
  }

  /// The names that a host may have in the file: as it is given; a name without the dot behind it, which only says that
  /// the name is whole; an address in its shortest form, as OpenSSH writes it.
  private static func names(of host: String) -> [String] {
    var names = [host]
    if host.hasSuffix(".") { names.append(String(host.dropLast())) }
    if case .success(let addresses) = SocketAddress.lookUp(host, port: 22, onlyNumeric: true) {
      names += addresses.map(\.text)
    }
    return names
  }

  private struct Problem: Error {
    let text: MessageText

    init(_ english: String, _ danish: String) { text = MessageText(english, danish) }
  }

  private static func read(_ line: Substring) throws(Problem) -> Line? {
    var fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
    guard let first = fields.first, !first.hasPrefix("#") else { return nil }
    var isRevoked = false
    if first.hasPrefix("@") {
      guard first == "@revoked" else {
        throw Problem(
          "\(first) is left out: certificates are not supported", "\(first) udelades: certifikater understøttes ikke")
      }
      isRevoked = true
      fields = fields.dropFirst()
    }
    guard fields.count >= 3 else {
      throw Problem("it is not names, key type and key", "den er ikke navne, nøgletype og nøgle")
    }
    let (names, type, encoded) = (
      fields[fields.startIndex], fields[fields.startIndex + 1], fields[fields.startIndex + 2]
    )
    guard let blob = Base64.decode(encoded.utf8) else {
      throw Problem("its key is not base 64", "dens nøgle er ikke base 64")
    }
    let key = HostKey(blob: blob)
    guard key.type == type else {
      throw Problem(
        "its key is not of the type it says, \(type)", "dens nøgle er ikke af den type, den siger, \(type)")
    }
    guard let patterns = HostNamePatterns(names) else {
      throw Problem("its hashed name cannot be read", "dens hashede navn kan ikke læses")
    }
    return Line(names: patterns, key: key, isRevoked: isRevoked)
  }
}
