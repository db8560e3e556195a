internal import SystemPackage
internal import TriggerFiles

extension SettingsReader {
  private static let accountKeys = [
    "host", "port", "user", "key", "passphrase", "host-keys", "known-hosts", "folders", "suffixes", "it-system",
    "authority", "poll", "receipt-within", "maintenance", "bandwidth", "listing", "bare-files", "longest-transfer-id",
  ]

  func readAccount(name: String, entry: Entry) -> Account? {
    guard let section = Section(entry, keys: Self.accountKeys) else { return nil }
    let host = section.required("host", "the server's name or address").flatMap(self.host)
    let port = section["port"].map(self.port) ?? 22
    let user = section.required("user", "the SFTP user").flatMap(userName)
    let keys = section.required("key", "the file with the private key").flatMap(self.keys)
    let passphrase = section["passphrase"].flatMap(self.passphrase)
    let hostKeys = self.hostKeys(section)
    let folders = section["folders"].flatMap(self.folders) ?? RemoteFolders()
    let suffixes = section["suffixes"].flatMap(self.suffixes) ?? .default
    let itSystem = section["it-system"].flatMap(systemID)
    let authority = section["authority"].flatMap(cvr)
    let poll = section["poll"].map(period) ?? .seconds(60)
    let receiptWithin = section["receipt-within"].map(period) ?? .seconds(600)
    let maintenance = each(section["maintenance"], "hours", hours) ?? []
    let bandwidth = each(section["bandwidth"], "speeds with their hours", self.bandwidth) ?? []
    let listing = section["listing"].map(self.listing) ?? ListingSettings()
    let bareFiles = each(section["bare-files"], "patterns of file names") { barePattern($0, suffixes) } ?? []
    let longestID = section["longest-transfer-id"].map { number($0, upTo: Self.mostOfTransferID) }
    guard let host, let port, let user, let keys, let hostKeys, let poll, let receiptWithin, let listing,
      longestID != .some(nil)
    else { return nil }
    return Account(
      name: name, host: host, port: port, user: user, keys: keys, passphrase: passphrase, hostKeys: hostKeys,
      folders: folders, suffixes: suffixes, bareFiles: bareFiles,
      longestTransferID: (longestID ?? nil) ?? Account.standardLongestTransferID, itSystem: itSystem,
      authority: authority, poll: poll, receiptWithin: receiptWithin, maintenance: maintenance, bandwidth: bandwidth,
      listing: listing)
  }

  /// A program's environment and its tools have to be able to carry it.
  private static let mostOfTransferID = 4096

  private func barePattern(_ entry: Entry, _ suffixes: WireSuffixes) -> FileNamePattern? {
    guard let pattern = fileNamePattern(entry) else { return nil }
    if let suffix = pattern.suffix(among: suffixes) {
      entry.report(
        .conflict,
        "found \(Entry.shown(pattern.description)), which names nothing but files that end in \(suffix): those are never bare",
        remedy: "name the data files")
      return nil
    }
    return pattern
  }

  /// A pattern of file names.
  func fileNamePattern(_ entry: Entry) -> FileNamePattern? {
    guard let text = entry.text("a pattern of file names such as SF2900_*.xml") else { return nil }
    do throws(ValueError) {
      return try FileNamePattern(text)
    } catch {
      entry.report(
        .badValue, "found \(Entry.shown(text)), \(error.found), expected \(error.expected)", remedy: error.remedy.en)
      return nil
    }
  }

  private func host(_ entry: Entry) -> String? {
    entry.value("a host name or an address", remedy: "without sftp://, user or port: they have keys of their own") {
      text in
      let allowed = text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || [".", "-", "_", ":", "%"].contains($0)
      }
      // One colon is a port; more than one an IPv6 address.
      let colons = text.unicodeScalars.filter { $0 == ":" }.count
      return allowed && colons != 1 && (1...253).contains(text.utf8.count) && !text.hasPrefix("-") ? text : nil
    }
  }

  private func port(_ entry: Entry) -> UInt16? {
    entry.value("a port from 1 to 65535") { text in
      text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(text).flatMap { $0 == 0 ? nil : $0 } : nil
    }
  }

  /// A passphrase itself, written here by mistake, must not come back in an error.
  func passphrase(_ entry: Entry) -> PassphraseSource? {
    guard entry.isMapping else {
      entry.report(
        .wrongType, "found text that may be a passphrase, expected the key file or environment",
        remedy: "keep the passphrase in a file of its own and write { file: FILE }, or { environment: VARIABLE }")
      return nil
    }
    guard let section = Section(entry, keys: ["file", "environment"]) else { return nil }
    switch (section["file"], section["environment"]) {
    case (let file?, nil): return path(file).map { .file($0) }
    case (nil, let variable?):
      return variable.value("the name of an environment variable") { text in
        let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }
        return allowed && !text.isEmpty ? .environment(text) : nil
      }
    default:
      entry.report(.conflict, "found both or neither of file and environment, expected one of the two")
      return nil
    }
  }

  private func hostKeys(_ section: Section) -> TrustedHostKeys? {
    switch (section["host-keys"], section["known-hosts"]) {
    case (let pins?, nil): return each(pins, "SHA256 fingerprints", fingerprint).map { .pinned($0) }
    case (nil, let file?): return path(file).map { .knownHosts($0) }
    case (let pins?, .some):
      pins.report(
        .conflict, "found both host-keys and known-hosts, expected one of the two", remedy: "remove one of them")
    case (nil, nil):
      section.entry.report(
        .missingKey, "found neither host-keys nor known-hosts, expected one of the two: no host is trusted unseen",
        remedy: "add host-keys: [\"SHA256:…\"] with the fingerprint that the host's owner gave you")
    }
    return nil
  }

  func fingerprint(_ entry: Entry) -> String? {
    entry.value(
      "SHA256: and 43 characters of base 64", remedy: "take it from ssh-keygen -lf, or from the host's owner"
    ) { text in
      guard text.hasPrefix("SHA256:") else { return nil }
      let digest = Array(text.utf8.dropFirst(7))
      let alphabet = digest.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
      }
      // 43 characters carry 258 bits; the last two must be zero.
      let last = digest.last.map { Array("AEIMQUYcgkosw048".utf8).contains($0) } ?? false
      return digest.count == 43 && alphabet && last ? text : nil
    }
  }

  private func folders(_ entry: Entry) -> RemoteFolders? {
    guard let section = Section(entry, keys: ["in", "out"]) else { return nil }
    let standard = RemoteFolders()
    let folders = RemoteFolders(
      in: section["in"].flatMap(remoteFolder) ?? standard.in, out: section["out"].flatMap(remoteFolder) ?? standard.out)
    if folders.in == folders.out {
      entry.report(.conflict, "found the same folder for in and out, expected two different ones")
    }
    return folders
  }

  private func remoteFolder(_ entry: Entry) -> String? {
    entry.value("a folder on the server", remedy: "without \"..\", control characters or a slash at the end") { text in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let sound = !parts.contains("..") && text.escapingControls == text && text.utf8.count <= 1024
      return sound && !text.isEmpty && (text == "/" || !text.hasSuffix("/")) ? text : nil
    }
  }
}
