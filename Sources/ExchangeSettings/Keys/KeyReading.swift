internal import SystemPackage
internal import Yams

/// The key `key` of an account: one key, or several in the order in which they are offered.
extension SettingsReader {
  private static let expectedKeys = "the file with the private key, { agent: KEY.pub }, or a list of those"

  func keys(_ entry: Entry) -> [AccountKey]? {
    if entry.isMapping { return key(entry).map { [$0] } }
    guard let items = entry.list(Self.expectedKeys) else { return nil }
    let read = items.map(key)
    let keys = read.compactMap { $0 }
    guard keys.count == read.count else { return nil }
    for (index, key) in keys.enumerated() where keys[..<index].contains(key) {
      items[index].report(.conflict, "found the same key twice", remedy: "remove one of the two")
      return nil
    }
    return keys
  }

  private func key(_ entry: Entry) -> AccountKey? {
    guard entry.isMapping else { return path(entry).map { .file($0) } }
    guard let section = Section(entry, keys: ["file", "passphrase", "agent", "socket"]) else { return nil }
    switch (section["file"], section["agent"]) {
    case (let file?, nil):
      if let socket = section["socket"] { reportStray(socket, "agent") }
      guard let file = path(file) else { return nil }
      guard let passphrase = section["passphrase"] else { return .file(file) }
      return self.passphrase(passphrase).map { .file(file, passphrase: $0) }
    case (nil, let agent?):
      if let passphrase = section["passphrase"] { reportStray(passphrase, "file") }
      guard let name = agentKeyName(agent) else { return nil }
      guard let socket = section["socket"] else { return .agent(name) }
      return path(socket).map { .agent(name, socket: $0) }
    default:
      entry.report(.conflict, "found both or neither of file and agent, expected one of the two")
      return nil
    }
  }

  private func reportStray(_ entry: Entry, _ other: String) {
    entry.report(.conflict, "found a key that goes with \(other) alone", remedy: "remove it")
  }

  /// ssh-agent may hold many keys, and each that is offered in vain is a failed login: so one is named.
  private func agentKeyName(_ entry: Entry) -> AgentKeyName? {
    guard case .scalar(let scalar) = entry.node, scalar.string.hasPrefix("SHA256:") else {
      return path(entry).map { .publicKey($0) }
    }
    return fingerprint(entry).map { .fingerprint($0) }
  }
}
