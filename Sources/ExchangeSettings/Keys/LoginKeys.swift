internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles
internal import Yams

// The keys for an account's login, and their passphrases.

/// A key as the file writes it.
private struct LoginKeyForm {
  var file: FilePath?
  var passphrase: PassphraseSource?
  var agent: AgentKeyName?
  var socket: FilePath?

  static let table = KeyTable("Keys to log in with", blank: LoginKeyForm()) { table in
    table.optional("file", \.file, .path, unless: "agent", "The file with the private key.")
    table.optional(
      "passphrase", \.passphrase, .passphrase, otherwise: "the account's",
      "The source of the passphrase of this key alone.")
    table.optional(
      "agent", \.agent, .agentKey, unless: "file",
      "The key that ssh-agent holds: the file with its public half, or its fingerprint.")
    table.optional("socket", \.socket, .path, otherwise: "`SSH_AUTH_SOCK` names it", "The socket of ssh-agent.")
  }

  init() {}

  init(_ key: AccountKey) {
    switch key {
    case .file(let file, let passphrase): (self.file, self.passphrase) = (file, passphrase)
    case .agent(let name, let socket): (agent, self.socket) = (name, socket)
    }
  }
}

extension ValueType<[AccountKey]> {
  /// One key, or several in the order of offering.
  static var keys: Self {
    let expected = LocalizedText(
      "the file with the private key, { agent: KEY.pub }, or a list of those",
      "filen med den private nøgle, { agent: KEY.pub }, eller en liste over dem")
    let list = ValueType.list(of: .key, expected)
    return Self(
      expected: expected,
      read: { entry, reader in
        if entry.isMapping { return ValueType<AccountKey>.key.read(entry, reader).map { [$0] } }
        guard let keys = list.read(entry, reader) else { return nil }
        for (index, key) in keys.enumerated() where keys[..<index].contains(key) {
          entry.list(expected)?[index].report(
            .conflict, LocalizedText("found the same key twice", "fandt samme nøgle to gange"),
            remedy: LocalizedText("remove one of the two", "fjern den ene"))
          return nil
        }
        return keys
      },
      write: { keys, writer in
        if keys.count == 1, case .file(let path, nil)? = keys.first {
          return ValueType<FilePath>.path.write(path, writer)
        }
        return list.write(keys, writer)
      }, nested: list.nested)
  }
}

extension ValueType<AccountKey> {
  fileprivate static var key: Self {
    let mapping = ValueType.section(LoginKeyForm.table, form: { LoginKeyForm($0) }) { $0.readKey() }
    return Self(
      expected: mapping.expected,
      read: { entry, reader in
        entry.isMapping
          ? mapping.read(entry, reader) : ValueType<FilePath>.path.read(entry, reader).map { .file($0) }
      }, write: mapping.write, nested: mapping.nested)
  }
}

extension SectionFields<LoginKeyForm> {
  fileprivate mutating func readKey() -> AccountKey? {
    switch (self[\.file] != nil, self[\.agent] != nil) {
    case (true, false): refuseStray(\.socket, beside: \.agent)
    case (false, true): refuseStray(\.passphrase, beside: \.file)
    default:
      report(
        .conflict,
        LocalizedText(
          "found both or neither of file and agent, expected one of the two",
          "fandt både file og agent eller ingen af dem, forventede én af dem"))
      return nil
    }
    readRest()
    guard isSound else { return nil }
    if let file = form.file { return .file(file, passphrase: form.passphrase) }
    return form.agent.map { .agent($0, socket: form.socket) }
  }

  private mutating func refuseStray(_ field: PartialKeyPath<Form>, beside other: PartialKeyPath<Form>) {
    let other = name(other)
    refuse(
      [field],
      { _ in
        LocalizedText("found a key that goes with \(other) alone", "fandt en nøgle, der kun hører til \(other)")
      })
  }
}

extension ValueType<AgentKeyName> {
  /// ssh-agent may hold many keys, and each that is offered in vain is a failed login: so one is named.
  fileprivate static var agentKey: Self {
    Self(
      expected: LocalizedText(
        "a path, or a fingerprint as OpenSSH shows it", "en sti eller et fingeraftryk, som OpenSSH viser det")
    ) { entry, reader in
      guard case .scalar(let scalar) = entry.node, scalar.string.hasPrefix("SHA256:") else {
        return ValueType<FilePath>.path.read(entry, reader).map { .publicKey($0) }
      }
      return ValueType<KeyFingerprint>.fingerprint.read(entry, reader).map { .fingerprint($0) }
    } write: { name, writer in
      switch name {
      case .publicKey(let path): ValueType<FilePath>.path.write(path, writer)
      case .fingerprint(let fingerprint): .text(fingerprint.description)
      }
    }
  }
}

extension ValueType<KeyFingerprint> {
  static var fingerprint: Self {
    .text(
      LocalizedText("SHA256: and 43 characters of base 64", "SHA256: og 43 tegn i base 64"),
      remedy: LocalizedText(
        "take it from ssh-keygen -lf, or from the host's owner", "tag det fra ssh-keygen -lf eller fra serverens ejer"),
      { KeyFingerprint(text: $0) }, write: { .text($0.description) })
  }
}

// MARK: Passphrases

/// The source of a passphrase as the file writes it.
private struct PassphraseForm {
  var file: FilePath?
  var environment: String?

  static let table = KeyTable("Passphrases", blank: PassphraseForm()) { table in
    table.optional(
      "file", \.file, .path, unless: "environment",
      "A file whose first line is the passphrase; its owner alone may read it.")
    table.optional(
      "environment", \.environment, .variable, unless: "file",
      "A variable of the process's environment.")
  }

  init() {}

  init(_ source: PassphraseSource) {
    switch source {
    case .file(let file): self.file = file
    case .environment(let variable): environment = variable
    }
  }
}

extension ValueType<PassphraseSource> {
  /// A passphrase itself, written here by mistake, must not come back in an error.
  static var passphrase: Self {
    let mapping = ValueType.section(PassphraseForm.table, form: { PassphraseForm($0) }) { $0.readPassphrase() }
    return Self(
      expected: mapping.expected,
      read: { entry, reader in
        guard entry.isMapping else {
          entry.report(
            .wrongType,
            LocalizedText(
              "found text that may be a passphrase, expected the key file or environment",
              "fandt tekst, der kan være en adgangssætning, forventede nøglen file eller environment"),
            remedy: LocalizedText(
              "keep the passphrase in a file of its own and write { file: FILE }, or { environment: VARIABLE }",
              "hav adgangssætningen i sin egen fil, og skriv { file: FIL } eller { environment: VARIABEL }"))
          return nil
        }
        return mapping.read(entry, reader)
      }, write: mapping.write, nested: mapping.nested)
  }
}

extension SectionFields<PassphraseForm> {
  fileprivate mutating func readPassphrase() -> PassphraseSource? {
    guard (self[\.file] != nil) != (self[\.environment] != nil) else {
      report(
        .conflict,
        LocalizedText(
          "found both or neither of file and environment, expected one of the two",
          "fandt både file og environment eller ingen af dem, forventede én af dem"))
      return nil
    }
    readRest()
    return form.file.map { .file($0) } ?? form.environment.map { .environment($0) }
  }
}

extension ValueType<String> {
  fileprivate static var variable: Self {
    .text(LocalizedText("the name of an environment variable", "navnet på en miljøvariabel")) { text in
      !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }
    }
  }
}
