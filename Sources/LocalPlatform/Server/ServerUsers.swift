import ExchangeSettings
import Glibc
import SystemPackage
import TriggerFiles

/// The users sshd sees: a passwd and a group file of our own, read by nss_wrapper in place of the host's.
///
/// Every user carries the number of the user that runs the platform, so that nothing needs root and files belong to one
/// owner.
struct ServerUsers: Sendable {
  private let folder: FilePath
  private var homes: [(name: String, home: FilePath)] = []

  var passwdFile: FilePath { folder.appending("passwd") }
  var groupFile: FilePath { folder.appending("group") }
  /// One file per user, as `AuthorizedKeysFile` finds them.
  var authorizedKeys: FilePath { folder.appending("authorized_keys") }

  init(folder: FilePath) throws(PlatformError) {
    self.folder = folder
    try WholeFile.makeFolder(authorizedKeys, mode: 0o700)
    try WholeFile.write("running:x:\(getgid()):\nsshd:x:\(Self.separatedGroup):\n", to: groupFile)
    try replaceHomes(by: formerHomes())
  }

  /// The users of a former server in this folder: known from the start, so that a restart turns none of them away.
  private func formerHomes() throws(PlatformError) -> [(name: String, home: FilePath)] {
    guard let text = try WholeFile.readText(passwdFile) else { return [] }
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 7, fields[0] != "sshd", FileState(authorizedKeys.appending(String(fields[0]))) != nil else {
        return nil
      }
      return (String(fields[0]), FilePath(String(fields[5])))
    }
  }

  /// Adds a user with these keys; a known user gets the new home and keys. Nothing is written where both are the same.
  mutating func add(_ name: String, home: FilePath, keys: [PublicKey]) throws(PlatformError) {
    try Self.check(name)
    guard !home.string.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 < 0x20 }) else {
      throw PlatformError(
        .unusableName,
        LocalizedText(
          "a passwd file cannot hold a folder with a colon or control character",
          "en passwd-fil kan ikke rumme en mappe med kolon eller styretegn"),
        remedy: LocalizedText("choose another folder", "vælg en anden mappe"), path: home)
    }
    let lines = keys.map { "\($0.line) \(name)\n" }.joined()
    let keyFile = authorizedKeys.appending(name)
    if try WholeFile.readText(keyFile) != lines { try WholeFile.write(lines, to: keyFile, mode: 0o600) }
    guard !homes.contains(where: { $0.name == name && $0.home == home }) else { return }
    try replaceHomes(by: homes.filter { $0.name != name } + [(name: name, home: home)])
  }

  /// Removes all other users, who are unknown from their next login on. Their keys and folders stay.
  mutating func removeAll(except names: Set<String>) throws(PlatformError) {
    let kept = homes.filter { names.contains($0.name) }
    if kept.count < homes.count { try replaceHomes(by: kept) }
  }

  /// User names as useradd takes them: they stand in passwd lines, folder names and Sender elements.
  static func check(_ name: String) throws(PlatformError) {
    let bytes = Array(name.utf8)
    let allowed = bytes.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
    guard allowed, (1...32).contains(bytes.count), (0x61...0x7A).contains(bytes[0]), name != "sshd" else {
      throw PlatformError(
        .unusableName,
        LocalizedText(
          "\(Entry.shown(name)) cannot be a user's name", "\(Entry.shown(name)) kan ikke være en brugers navn"),
        remedy: LocalizedText(
          "use 1 to 32 of a-z, 0-9, - and _, beginning with a letter, and not sshd",
          "brug 1 til 32 af a-z, 0-9, - og _, begynd med et bogstav, og brug ikke sshd"))
    }
  }

  /// Writes the passwd file. One that cannot be written leaves the users as they were, so that another try writes it.
  private mutating func replaceHomes(by next: [(name: String, home: FilePath)]) throws(PlatformError) {
    // As root sshd gives up its rights to a user `sshd` before a client has logged on.
    var lines = "sshd:x:\(Self.separatedUser):\(Self.separatedGroup)::/run/sshd:/usr/sbin/nologin\n"
    for user in next {
      lines += "\(user.name):x:\(getuid()):\(getgid()):\(user.name):\(user.home.string):/bin/sh\n"
    }
    try WholeFile.write(lines, to: passwdFile)
    homes = next
  }

  private static let separatedUser: uid_t = 65_534
  private static let separatedGroup: gid_t = 65_534
}
