internal import CPostgreSQLShim
package import FilsluseBase
internal import Glibc

/// The address of a PostgreSQL database: a URL (`postgresql://user@host:5432/database?sslmode=verify-full`) or a line
/// of `keyword=value`, as libpq reads it. What it leaves out comes from libpq's environment variables, service files
/// and password file when a connection is made.
package struct PostgreSQLAddress: Sendable, CustomStringConvertible {
  struct Option: Sendable {
    let keyword: String
    let value: String
  }

  /// The options as written, secrets among them.
  let options: Redacted<[Option]>

  /// The user, the host and the database, as a URL without a password and without options.
  package let description: String

  /// Reads an address.
  ///
  /// - Parameter password: goes before the password that the address may have.
  /// - Throws: ``StoreError`` with cause `unsuitable` where libpq cannot read it. The error does not quote it.
  package init(_ text: String, password: Redacted<String>? = nil) throws(StoreError) {
    try PostgreSQLLibrary.load()
    let read = text.utf8.contains(0) ? nil : filsluse_pq_parse(text)
    guard let read else {
      throw StoreError(
        .unsuitable, "the address of the database cannot be read, or has an option that libpq does not know",
        remedy:
          "write postgresql://USER@HOST/DATABASE?sslmode=verify-full, with % and two digits for special characters")
    }
    defer { filsluse_pq_free_options(read) }
    var options = Self.options(read)
    if let password {
      options.removeAll { $0.keyword == "password" }
      options.append(Option(keyword: "password", value: password.exposed))
    }
    self.options = Redacted(options)
    description = Self.describe(Self.values(of: options))
  }

  /// The options that an address or a connection has, without those that are empty.
  static func options(_ list: OpaquePointer) -> [Option] {
    var options: [Option] = []
    var (keyword, value): (UnsafePointer<CChar>?, UnsafePointer<CChar>?) = (nil, nil)
    var index = 0
    while filsluse_pq_option(list, index, &keyword, &value) != 0 {
      if let keyword, let value, value.pointee != 0 {
        options.append(Option(keyword: String(cString: keyword), value: String(cString: value)))
      }
      index += 1
    }
    return options
  }

  static func values(of options: [Option]) -> [String: String] {
    Dictionary(options.map { ($0.keyword, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// The keywords whose values are secrets.
  static let secretKeywords: Set<String> = [
    "password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key",
  ]

  private static func describe(_ values: [String: String]) -> String {
    let user = values["user"].map { "\($0)@" } ?? ""
    let host = values["host"] ?? values["hostaddr"] ?? ""
    let port = values["port"].map { ":\($0)" } ?? ""
    let service = values["service"].map { "?service=\($0)" } ?? ""
    // A folder with a socket in it stands in no URL's place for a host.
    let place = host.hasPrefix("/") ? "[\(host)]" : host
    return Masked.name("postgresql://\(user)\(place)\(port)/\(values["dbname"] ?? "")\(service)")
  }
}

/// The rule for encryption: a server that is not on this machine must prove who it is.
package enum TransportRule {
  /// The reason why a connection with these options of libpq's is refused; `nil` where it is not.
  package static func refusal(of options: [String: String]) -> StoreError? {
    let mode = options["sslmode"] ?? "prefer"
    if let fault = fault(of: options, mode) { return fault }
    if mode == "verify-full" { return nil }
    guard let other = servers(options).first(where: { !isLocal($0) }) else { return nil }
    return StoreError(
      .unsuitable,
      "\(Masked.name(other)) is another machine, and sslmode=\(mode) does not prove which server answers there",
      remedy:
        "write sslmode=verify-full into the address, and sslrootcert=FILE with the certificate of the authority that signed the server's"
    )
  }

  private static let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]

  /// The error of a value that libpq would refuse before it connects, in words that it gives without a code.
  private static func fault(of options: [String: String], _ mode: String) -> StoreError? {
    if !modes.contains(mode) {
      return StoreError(
        .unsuitable, "sslmode has another value than \(modes.joined(separator: ", "))",
        remedy: "write sslmode=verify-full into the address, or take PGSSLMODE out of the environment")
    }
    let ports = (options["port"] ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    if ports.allSatisfy({ $0.isEmpty || (1...65_535).contains(Int($0) ?? 0) }) { return nil }
    return StoreError(
      .unsuitable, "the port of the database's server is no number from 1 to 65535",
      remedy: "correct it in the address, or take PGPORT out of the environment")
  }

  /// The servers that libpq tries; an address goes before the name that stands for it.
  private static func servers(_ options: [String: String]) -> [String] {
    func list(_ keyword: String) -> [String] {
      (options[keyword] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let (names, addresses) = (list("host"), list("hostaddr"))
    return (0..<max(names.count, addresses.count)).map { index in
      let address = index < addresses.count ? addresses[index] : ""
      return address.isEmpty && index < names.count ? names[index] : address
    }
  }

  /// True for this machine: a Unix socket (also where no server is named), `localhost` (RFC 6761, section 6.3), and the
  /// loopback addresses.
  static func isLocal(_ server: String) -> Bool {
    if server.isEmpty || server.hasPrefix("/") || server.hasPrefix("@") { return true }
    if server.lowercased() == "localhost" { return true }
    var (four, six) = (in_addr(), in6_addr())
    if inet_pton(AF_INET, server, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    guard inet_pton(AF_INET6, server, &six) == 1 else { return false }
    return withUnsafeBytes(of: six) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }
}

/// libpq, loaded when it is needed for the first time.
enum PostgreSQLLibrary {
  /// Loads it.
  ///
  /// - Throws: ``StoreError`` with cause `unsuitable` where it is not installed.
  static func load() throws(StoreError) {
    guard let words = filsluse_pq_load() else { return }
    throw StoreError(
      .unsuitable, "PostgreSQL's client library cannot be loaded: \(String(cString: words))",
      remedy: "install version 14 or later of it (Debian: apt install libpq5)")
  }
}
