internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles
internal import Yams

extension Account {
  static let table = KeyTable(
    "Accounts", blank: Account(name: "", host: "", user: "", keys: [], hostKeys: .pinned([]))
  ) { table in
    table.required(
      "host", \.host, .host, missing: LocalizedText("the server's name or address", "serverens navn eller adresse"),
      "The server's name or address.")
    table.key("port", \.port, .port, "The server's port.")
    table.required(
      "user", \.user, .userName, missing: LocalizedText("the SFTP user", "SFTP-brugeren"), "The SFTP user.")
    table.required(
      "key", \.keys, .keys, missing: LocalizedText("the file with the private key", "filen med den private nøgle"),
      "The private key, made with ssh-keygen. Of a list, [keys/next, keys/current], each is offered until the server takes one, while keys are changed. {file: FILE, passphrase: …} has a passphrase of its own. {agent: KEY.pub} is the key that ssh-agent holds with that public half (\"SHA256:…\" names it too), with socket: FILE where SSH_AUTH_SOCK does not name the agent's."
    )
    table.optional(
      "passphrase", \.passphrase, .passphrase, otherwise: "the key has none",
      "The source of the key's passphrase, which never stands in this file itself: environment: VARIABLE, or file: FILE, its owner's alone to read."
    )
    table.optional(
      "host-keys", \.pinnedHostKeys,
      .list(of: .fingerprint, LocalizedText("SHA256 fingerprints", "SHA256-fingeraftryk")),
      unless: "known-hosts",
      "How the right server is known: its fingerprints, two while it changes its key. Ask the platform's operator for them."
    )
    table.optional(
      "known-hosts", \.knownHostsFile, .path, unless: "host-keys", example: "known_hosts",
      "In place of host-keys: a file in OpenSSH's known_hosts format.")
    table.optional(
      "it-system", \.itSystem, .systemID, otherwise: "each route names it",
      "The UUID of this IT-system instance, in lower case.")
    table.optional(
      "authority", \.authority, .cvr, otherwise: "each route names it",
      "The CVR number that the account sends for unless a route says otherwise.")
    table.optional(
      "environment", \.statedEnvironment,
      .word(LocalizedText("external-test or production", "external-test eller production")),
      otherwise: "that of the host, where it is one of the two known ones; otherwise nothing is judged by it",
      example: "external-test",
      "The platform that the account belongs to. Checks before sending to production depend on it, and no key or UUID may be in both."
    )
    table.key("folders", \.folders, .section(RemoteFolders.table) { $0.checkFolders() }, "The folders on the server.")
    table.key(
      "suffixes", \.suffixes, .section(WireSuffixes.table) { $0.checkSuffixes() },
      "The endings of the files beside the data.")
    table.key(
      "bare-files", \.bareFiles,
      .list(of: .fileNamePattern, LocalizedText("patterns of file names", "mønstre for filnavne")),
      "Files that come to IN (or stand in OUT) without metadata or trigger, as SF2900 sends them: they are never collected, removed or judged, unless a rule asks for their pick-up. * stands for any bytes, ? for one (æ, ø and å are two); * alone is refused. A name with metadata or a trigger beside it is never bare."
    )
    table.key(
      "longest-transfer-id", \.longestTransferID, .number(upTo: mostOfTransferID),
      "The longest FileTransferUUID that is taken, in bytes; a file with a longer one is left in IN.")
    table.key("poll", \.poll, .period, "How often `filsluse run` looks into IN.")
    table.key(
      "receipt-within", \.receiptWithin, .period, "The time after which `filsluse run` calls a receipt overdue.")
    table.key(
      "maintenance", \.maintenance, .list(of: .hours, LocalizedText("hours", "tidsrum")),
      "Hours in which `filsluse run` makes no connection. Times of day are Danish ones, summer time included.")
    table.key(
      "bandwidth", \.bandwidth,
      .list(of: .section(Bandwidth.table), LocalizedText("speeds with their hours", "hastigheder med deres tidsrum")),
      "Speed limits for sending and fetching together; the first that fits the hour counts.")
    table.optional(
      "bulk-connections", \.bulkConnections, .number(from: 2, upTo: 4), otherwise: "one", example: "3",
      "The most connections that a large file goes over at the same time, in either direction, on a line or server that holds each one back. Ask the server's owner how many an account may have; where a further one is refused, large files go over one."
    )
    table.key(
      "bulk-from", \.bulkFrom, .byteCount, "The size from which a file is a large one for bulk-connections.")
    table.optional(
      "connections", \.mostConnections, .number(upTo: 1000), otherwise: "no limit", example: "6",
      "The most connections for sending and collecting that all machines and processes with the journal have to the account's server at the same time. Each machine takes an equal share of them. Two for each machine do for its regular work; each command beside `filsluse run`, and each further connection of bulk-connections, needs one more. `filsluse watch` has one besides."
    )
    table.key(
      "listing", \.listing, .section(ListingLimits.table),
      "How much of a folder's listing is taken from the server; a longer one ends the look into it and is reported.")
  }

  /// A program's environment and its tools have to be able to carry it.
  private static let mostOfTransferID = 4096

  /// The fingerprints, where the host is known by them.
  fileprivate var pinnedHostKeys: [KeyFingerprint]? {
    get { if case .pinned(let fingerprints) = hostKeys, !fingerprints.isEmpty { fingerprints } else { nil } }
    set { hostKeys = .pinned(newValue ?? []) }
  }

  /// The file of known hosts, where the host is known by it.
  fileprivate var knownHostsFile: FilePath? {
    get { if case .knownHosts(let path) = hostKeys { path } else { nil } }
    set { if let newValue { hostKeys = .knownHosts(newValue) } }
  }
}

extension ValueType<[Account]> {
  static var accounts: Self {
    .named(LocalizedText("accounts", "konti"), Account.table, name: \.name, form: { account, _ in account }) {
      name, fields in
      fields.form.name = name
      fields.checkHostKeys()
      fields.readRest()
      fields.checkEnvironment()
      if fields.isSound { fields.checkBareFiles() }
      return fields.isSound ? fields.form : nil
    }
  }
}

extension SectionFields<Account> {
  fileprivate mutating func checkHostKeys() {
    switch (self[\.pinnedHostKeys], self[\.knownHostsFile]) {
    case (.some, .some):
      let (one, other) = (name(\.pinnedHostKeys), name(\.knownHostsFile))
      refuse(
        [\.pinnedHostKeys], { _ in Self.both(one, other) },
        remedy: LocalizedText("remove one of them", "fjern den ene"))
    case (nil, nil):
      report(
        .missingKey,
        LocalizedText(
          "found neither host-keys nor known-hosts, expected one of the two: no host is trusted unseen",
          "fandt hverken host-keys eller known-hosts, forventede en af dem: der stoles ikke på en server, hvis nøgle ingen har set"
        ),
        remedy: LocalizedText(
          "add host-keys: [\"SHA256:…\"] with the fingerprint that the host's owner gave you",
          "tilføj host-keys: [\"SHA256:…\"] med det fingeraftryk, som serverens ejer har givet dig"))
    default: break
    }
  }

  /// Refuses an environment that contradicts a known host's, because the checks before sending rely on it.
  fileprivate mutating func checkEnvironment() {
    guard let stated = form.statedEnvironment, let known = ExchangeEnvironment(host: form.host), stated != known else {
      return
    }
    report(
      .conflict, at: \.statedEnvironment,
      LocalizedText(
        "found \(stated.rawValue), and the host \(form.host) belongs to \(known.title())",
        "fandt \(stated.rawValue), og værten \(form.host) hører til \(known.title(in: .danish))"),
      remedy: LocalizedText("remove environment:, or correct host:", "fjern environment:, eller ret host:"))
  }

  /// The message about two keys that exclude each other.
  private static func both(_ one: String, _ other: String) -> LocalizedText {
    LocalizedText(
      "found both \(one) and \(other), expected one of the two", "fandt både \(one) og \(other), forventede en af dem")
  }

  fileprivate mutating func checkBareFiles() {
    guard let entry = self[\.bareFiles] else { return }
    for (item, pattern) in zip(entry.list(LocalizedText("patterns", "mønstre")) ?? [], form.bareFiles) {
      guard let suffix = pattern.suffix(among: form.suffixes) else { continue }
      item.report(
        .conflict,
        LocalizedText(
          "found \(Entry.shown(pattern.description)), which names nothing but files that end in \(suffix): those are never bare",
          "fandt \(Entry.shown(pattern.description)), som kun dækker filer, der slutter på \(suffix): de er aldrig uden metadata"
        ),
        remedy: LocalizedText("name the data files", "nævn datafilerne"))
    }
  }
}

// MARK: Sections of an account

extension RemoteFolders {
  fileprivate static let table = KeyTable("Folders on the server", blank: RemoteFolders()) { table in
    table.key("in", \.in, .remoteFolder, "The folder in which files for this system appear.")
    table.key("out", \.out, .remoteFolder, "The folder to which this system uploads.")
  }
}

extension SectionFields<RemoteFolders> {
  fileprivate mutating func checkFolders() {
    if form.in == form.out {
      report(
        .conflict,
        LocalizedText(
          "found the same folder for in and out, expected two different ones",
          "fandt samme mappe til in og out, forventede to forskellige"))
    }
  }
}

extension WireSuffixes {
  fileprivate static let table = KeyTable("Endings of the files beside the data", blank: WireSuffixes()) { table in
    table.key("trigger", \.trigger, .suffix, "The ending of triggers.")
    table.key("metadata", \.metadata, .suffix, "The ending of metadata.")
    table.key("receipt", \.receipt, .suffix, "The ending of technical receipts.")
  }
}

extension SectionFields<WireSuffixes> {
  fileprivate mutating func checkSuffixes() {
    let all = form.all
    for (index, one) in all.enumerated() {
      for (otherIndex, other) in all.enumerated() where index != otherIndex && other.hasSuffix(one) {
        report(
          .conflict,
          LocalizedText(
            "found \(Entry.shown(one)) at the end of \(Entry.shown(other)), expected endings that tell files apart",
            "fandt \(Entry.shown(one)) sidst i \(Entry.shown(other)), forventede endelser, der skelner filerne"))
        return
      }
    }
  }
}

extension Bandwidth {
  fileprivate static let table = KeyTable("Speed limits", blank: Bandwidth(bytesPerSecond: nil)) { table in
    table.optional("hours", \.hours, .hours, otherwise: "all other hours", "The hours that the limit is for.")
    table.required(
      "limit", \.bytesPerSecond, .speed, missing: LocalizedText("a speed", "en hastighed"), "The limit, or unlimited.")
  }
}

extension ListingLimits {
  fileprivate static let table = KeyTable("Limits of a listing", blank: ListingLimits()) { table in
    table.key("most-names", \.names, .number(upTo: 100_000_000), "The most names in one folder.")
    table.key("most-bytes", \.bytes, .byteCount, "The most bytes that the server sends about them.")
    table.key("longest", \.duration, .period, "The longest time that listing one folder may take.")
  }
}

// MARK: Values of an account

extension ValueType<String> {
  fileprivate static var host: Self {
    .text(
      LocalizedText("a host name or an address", "et servernavn eller en adresse"),
      remedy: LocalizedText(
        "without sftp://, user or port: they have keys of their own",
        "uden sftp://, bruger og port: de har deres egne nøgler")
    ) { text in
      let allowed = text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || [".", "-", "_", ":", "%"].contains($0)
      }
      // One colon is a port; more than one an IPv6 address.
      let colons = text.unicodeScalars.filter { $0 == ":" }.count
      return allowed && colons != 1 && (1...253).contains(text.utf8.count) && !text.hasPrefix("-")
    }
  }

  fileprivate static var remoteFolder: Self {
    .text(
      LocalizedText("a folder on the server", "en mappe på serveren"),
      remedy: LocalizedText(
        "without “..”, control characters or a slash at the end", "uden „..“, styretegn eller skråstreg til sidst")
    ) { text in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let sound = !parts.contains("..") && text.escapingControls == text && text.utf8.count <= 1024
      return sound && !text.isEmpty && (text == "/" || !text.hasSuffix("/"))
    }
  }

  fileprivate static var suffix: Self {
    .text(
      LocalizedText("an ending such as .trigger", "en endelse som .trigger"),
      remedy: LocalizedText(
        "begin it with a full stop and use at most 32 bytes", "begynd den med et punktum, og brug højst 32 byte")
    ) { text in
      let plain = text.utf8.dropFirst().allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
      return text.hasPrefix(".") && plain && (2...32).contains(text.utf8.count)
    }
  }
}

extension ValueType<UInt16> {
  fileprivate static var port: Self {
    .text(
      LocalizedText("a port from 1 to 65535", "en port fra 1 til 65535"),
      { text in
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(text).flatMap { $0 == 0 ? nil : $0 } : nil
      }, write: { .plain("\($0)") })
  }
}

extension ValueType<UInt64?> {
  fileprivate static var speed: Self {
    .text(
      LocalizedText(
        "a speed such as 500kB/s, 2MB/s or 16Mbit/s, or unlimited",
        "en hastighed som 500kB/s, 2MB/s eller 16Mbit/s, eller unlimited"), SpeedText.parse,
      write: { .plain(SpeedText.format($0)) })
  }
}
