internal import SystemPackage
internal import TriggerFiles

extension ExchangeSettings {
  /// The settings as a file that reads back as the same settings when it stands where `source` says.
  ///
  /// Paths under the file's folder are written relative to it; all others have to be absolute.
  public func yaml() -> String {
    var file = YAMLLines(folder: source.removingLastComponent())
    file.add("journal", path: journal)
    if let keep { file.add("keep", DurationText.format(keep)) }
    file.add("inbox", path: inbox)
    file.section("accounts") { file in for account in accounts { file.add(account) } }
    if !routes.isEmpty { file.section("routes") { file in for route in routes { file.add(route) } } }
    if !arrivals.isEmpty { file.section("arrivals") { file in for arrival in arrivals { file.add(arrival) } } }
    if !register.isEmpty { file.add("infrefs", list: register.sorted()) }
    file.add(watch)
    if let alert {
      file.section("alert") { file in
        file.add("run", command: alert.command)
        file.line("timeout: \(DurationText.format(alert.timeout))")
      }
    }
    return file.text
  }
}

extension YAMLLines {
  fileprivate mutating func add(_ account: Account) {
    section(account.name) { file in
      file.add("host", account.host)
      file.line("port: \(account.port)")
      file.add("user", account.user)
      if account.keys.count == 1, case .file(let path, nil)? = account.keys.first {
        file.add("key", path: path)
      } else {
        file.section("key") { file in for key in account.keys { file.item { $0.add(key) } } }
      }
      file.add(account.passphrase)
      switch account.hostKeys {
      case .pinned(let fingerprints): file.add("host-keys", list: fingerprints)
      case .knownHosts(let path): file.add("known-hosts", path: path)
      }
      file.add("it-system", account.itSystem?.rawValue)
      file.add("authority", account.authority?.digits)
      file.section("folders") {
        $0.add("in", account.folders.in)
        $0.add("out", account.folders.out)
      }
      file.section("suffixes") {
        $0.add("trigger", account.suffixes.trigger)
        $0.add("metadata", account.suffixes.metadata)
        $0.add("receipt", account.suffixes.receipt)
      }
      if !account.bareFiles.isEmpty { file.add("bare-files", list: account.bareFiles.map(\.description)) }
      file.line("longest-transfer-id: \(account.longestTransferID)")
      file.line("poll: \(DurationText.format(account.poll))")
      file.line("receipt-within: \(DurationText.format(account.receiptWithin))")
      if !account.maintenance.isEmpty { file.add("maintenance", list: account.maintenance.map(\.description)) }
      if !account.bandwidth.isEmpty {
        file.section("bandwidth") { file in for limit in account.bandwidth { file.add(limit) } }
      }
      file.section("listing") {
        $0.line("most-names: \(account.listing.mostNames)")
        $0.line("most-bytes: \(ByteCountText.format(account.listing.mostBytes))")
        $0.line("longest: \(DurationText.format(account.listing.longest))")
      }
    }
  }

  private mutating func add(_ key: AccountKey) {
    switch key {
    case .file(let path, let passphrase):
      add("file", path: path)
      add(passphrase)
    case .agent(let name, let socket):
      switch name {
      case .publicKey(let path): add("agent", path: path)
      case .fingerprint(let fingerprint): add("agent", fingerprint)
      }
      if let socket { add("socket", path: socket) }
    }
  }

  private mutating func add(_ passphrase: PassphraseSource?) {
    switch passphrase {
    case .file(let path): section("passphrase") { $0.add("file", path: path) }
    case .environment(let variable): section("passphrase") { $0.add("environment", variable) }
    case nil: break
    }
  }

  fileprivate mutating func add(_ route: Route) {
    section(route.name) { file in
      file.add("account", route.account)
      switch route.kind {
      case .explicit: file.add("kind", "explicit")
      case .implicit: file.add("kind", "implicit")
      case .direct(let recipients):
        file.add("kind", "direct")
        file.add("recipients", list: recipients)
      }
      file.add("infref", route.addressing?.infRef.name)
      file.add("sender-it-system", route.addressing?.senderITSystem.rawValue)
      file.add("sender-authority", route.addressing?.senderAuthority.digits)
      file.add("recipient-it-system", route.recipientITSystem?.rawValue)
      file.add("recipient-authority", route.addressing?.recipientAuthority.digits)
      file.add("municipality", route.municipality)
      if !route.notMunicipalities.isEmpty { file.add("not-municipalities", list: route.notMunicipalities) }
      file.add("name", route.wireName?.description)
      if let outgoing = route.outgoing { file.section("outgoing") { $0.add(outgoing) } }
    }
  }

  fileprivate mutating func add(_ folder: WatchedFolder) {
    add("folder", path: folder.path)
    line("settled-for: \(DurationText.format(folder.settledFor))")
    add("ready-marker", folder.readyMarker)
    add("accepted", folder.whenAccepted.rawValue)
    if let keepSent = folder.keepSent { line("keep-sent: \(DurationText.format(keepSent))") }
  }

  fileprivate mutating func add(_ limit: Bandwidth) {
    let hours = limit.hours.map { "hours: \(YAMLText.scalar($0.description)), " } ?? ""
    line("- { \(hours)limit: \(YAMLText.scalar(SpeedText.format(limit.bytesPerSecond))) }")
  }

  fileprivate mutating func add(_ arrival: ArrivalRoute) {
    section(arrival.name) { file in
      file.add("account", arrival.account)
      if arrival.isDirect { file.add("kind", "direct") }
      file.add("infref", arrival.infRef?.name)
      file.add("senders", list: arrival.senders)
      file.add("sender-it-systems", list: arrival.senderITSystems?.map(\.rawValue))
      file.add("sender-authorities", list: arrival.senderAuthorities?.map(\.digits))
      file.add("recipient-authorities", list: arrival.recipientAuthorities?.map(\.digits))
      if !arrival.municipalities.isEmpty {
        file.section("municipalities") { file in
          for (authority, code) in arrival.municipalities.sorted(by: { $0.key.digits < $1.key.digits }) {
            file.add(YAMLText.scalar(authority.digits), code)
          }
        }
      }
      if let hook = arrival.hook { file.section("hook") { $0.add(hook) } }
      if arrival.businessReceipts { file.line("business-receipts: true") }
    }
  }

  fileprivate mutating func add(_ hook: ArrivalHook) {
    add("run", command: hook.command)
    line("timeout: \(DurationText.format(hook.timeout))")
    line("tries: \(hook.tries)")
    add("answer-by", hook.answerBy)
  }
}
