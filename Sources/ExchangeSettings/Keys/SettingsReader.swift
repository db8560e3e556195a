internal import SystemPackage
internal import TriggerFiles
internal import Yams

/// Reads the top of a settings file and keeps what its parts refer to each other by.
struct SettingsReader {
  let source: FilePath
  let log: ProblemLog
  /// The InfRefs that the file's own register declares.
  private(set) var register: Set<String> = []
  private(set) var accounts: [Account] = []
  /// Every account's name, including those whose account has problems: a reference to them is no second problem.
  private(set) var accountNames: [String] = []
  /// Every route's name, likewise.
  private(set) var routeNames: [String] = []
  /// Every arrival's name, likewise.
  private(set) var arrivalNames: [String] = []
  private(set) var arrivals: [ArrivalRoute] = []

  static let keys = ["journal", "keep", "inbox", "accounts", "routes", "arrivals", "infrefs", "watch", "alert"]

  init(source: FilePath, log: ProblemLog) {
    self.source = source
    self.log = log
  }

  /// The settings as far as they could be read. Whether they can be used, the log knows.
  mutating func read(_ root: Node) -> ExchangeSettings? {
    guard let top = Section(Entry(node: root, keyPath: "", log: log), keys: Self.keys) else { return nil }
    register = top["infrefs"].map(readRegister) ?? []
    if let entry = top.required("accounts", "at least one account") { readAccounts(entry) }
    routeNames = top["routes"].map(Section.names(in:)) ?? []
    arrivalNames = top["arrivals"].map(Section.names(in:)) ?? []
    let routes = top["routes"].map(readRoutes) ?? []
    arrivals = top["arrivals"].map(readArrivals) ?? []
    let settings = ExchangeSettings(
      source: source,
      accounts: accounts,
      routes: routes,
      arrivals: arrivals,
      register: register,
      watch: top["watch"].flatMap(readWatch),
      journal: top["journal"].flatMap(path), keep: top["keep"].flatMap(keep), inbox: top["inbox"].flatMap(path),
      alert: top["alert"].flatMap(alert))
    checkPlaces(of: settings, top)
    return settings
  }

  /// A delivery or arrival is not forgotten while receipts, answers or the platform itself may still speak of it.
  private func keep(_ entry: Entry) -> Duration? {
    entry.value("a period of 30 days or more, such as 400d", remedy: "leave it out to keep everything") { text in
      DurationText.parse(text).flatMap { $0 >= .seconds(30 * 86_400) ? $0 : nil }
    }
  }

  private func readRoutes(_ entry: Entry) -> [Route] {
    Section.named(entry, "routes").compactMap(readRoute)
  }

  private mutating func readAccounts(_ entry: Entry) {
    let named = Section.named(entry, "accounts")
    accountNames = named.map(\.name)
    if named.isEmpty, entry.isMapping {
      entry.report(.missingKey, "found no account, expected at least one")
    }
    accounts = named.compactMap(readAccount)
  }

  private func readRegister(_ entry: Entry) -> Set<String> {
    let names = entry.list("a list of InfRefs")?.compactMap { item in
      item.value("an InfRef", remedy: "write it exactly as it stands on the declaration") { text in
        let trimmed = text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
        return trimmed && text.escapingControls == text && !text.isEmpty ? text : nil
      }
    }
    return Set(names ?? [])
  }

  // MARK: Values that several parts have

  /// The account that a part belongs to.
  func accountName(_ section: Section) -> String? {
    section.required("account", "the name of an account").flatMap(accountName)
  }

  /// The name of one of the file's accounts.
  func accountName(_ entry: Entry) -> String? {
    guard let name = entry.text("the name of an account") else { return nil }
    guard accountNames.contains(name) else {
      entry.report(
        .unknownReference,
        "found \(Entry.shown(name)), expected one of the accounts \(accountNames.map(Entry.shown).joined(separator: ", "))",
        remedy: NearestName.to(name, among: accountNames).map { "did you mean \"\($0)\"?" } ?? "add the account")
      return nil
    }
    return name
  }

  /// An InfRef spelt right for its place, or declared by the register.
  func infRef(_ entry: Entry, in place: InfRefPlace) -> InfRef? {
    guard let text = entry.text("an InfRef") else { return nil }
    for finding in InfRef.check(text, register: register, place: place) {
      log.report(
        .badValue, at: entry.place, keyPath: entry.keyPath,
        "found \(Entry.shown(text)) \(place.phrase()): \(finding.message)",
        remedy: finding.remedy, severity: finding.severity == .error ? .error : .warning)
    }
    return try? InfRef(text, register: register)
  }

  /// A local path; what is relative starts at the settings file's folder, `~/` at the user's home.
  func path(_ entry: Entry) -> FilePath? {
    if case .scalar(let scalar) = entry.node, let trouble = LocalPath.troubleWithHome(scalar.string) {
      entry.report(
        .badValue, "found \(Entry.shown(scalar.string)), but \(trouble)",
        remedy: "set HOME to the user's home, or write the whole path")
      return nil
    }
    return entry.value("a path", remedy: "write the whole path, or one that starts at this file's folder") { text in
      LocalPath.resolve(text, in: source.removingLastComponent())
    }
  }

  func systemID(_ entry: Entry) -> SystemID? {
    checked(entry, "a UUID of lower-case hexadecimal digits (8-4-4-4-12)") { text throws(ValueError) in
      try SystemID(text)
    }
  }

  func cvr(_ entry: Entry) -> CVRNumber? {
    checked(entry, "a CVR number of 8 digits") { text throws(ValueError) in try CVRNumber(text) }
  }

  /// A value whose own type knows the rule and the remedy.
  private func checked<Value>(
    _ entry: Entry, _ expected: String, _ read: (String) throws(ValueError) -> Value
  ) -> Value? {
    guard let text = entry.text(expected) else { return nil }
    do throws(ValueError) {
      return try read(text)
    } catch {
      entry.report(.badValue, "found \(Entry.shown(text)), expected \(expected)", remedy: error.remedy.en)
      return nil
    }
  }

  /// Reads the name of an SFTP user, as used in triggers.
  func userName(_ entry: Entry) -> String? {
    entry.value("an SFTP user's name of 1 to 255 characters") { text in
      let fits = (1...255).contains(text.unicodeScalars.count)
      return fits && text.escapingControls == text && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
        ? text : nil
    }
  }

  /// Maps each entry of a list; returns `nil` when the key is left out or an entry is wrong.
  func each<Value>(_ entry: Entry?, _ expected: String, _ read: (Entry) -> Value?) -> [Value]? {
    guard let items = entry?.list(expected) else { return nil }
    let values = items.compactMap(read)
    return values.count == items.count ? values : nil
  }
}
