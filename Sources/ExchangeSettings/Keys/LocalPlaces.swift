import Glibc
internal import SystemPackage
internal import Yams

/// Local places of the settings that would be in each other's way.
extension SettingsReader {
  /// Reports outgoing folders inside each other, and anything in an outgoing folder or in the inbox that is not for
  /// sending or collecting. Paths are compared as the file system resolves them.
  func checkPlaces(of fields: SectionFields<ExchangeSettings>) {
    let settings = fields.form
    let outgoing = settings.routes.compactMap { route in
      route.outgoing.map { folder in
        LocalPlace(
          "the outgoing folder of the route \(Entry.shown(route.name))", folder.path,
          fields[\.ownRoutes]?.value(at: route.name)?.value(at: ExchangeSettings.outgoingFolderKeys))
      }
    }
    if outgoing.isEmpty, fields[\.inbox] == nil { return }
    let inbox = LocalPlace("the inbox", settings.inbox, fields[\.inbox])
    let databases = [
      LocalPlace("the journal", settings.journal, fields[\.journal]),
      LocalPlace(
        "the database of the watch", settings.watch.database,
        fields[\.watch]?.value(at: WatchSettings.table.name(of: \.database))),
    ]
    let secrets = settings.accounts.flatMap { account in
      account.keys.compactMap(\.file).map { file in
        LocalPlace(
          "the key of \(Entry.shown(account.name))", file,
          fields[\.accounts]?.value(at: account.name, Account.table.name(of: \.keys)))
      }
    }
    let folders = PlaceIndex(outgoing)
    for (index, folder) in outgoing.enumerated() {
      for other in folders.above(folder) where other != index { report(folder, outgoing[other], from: index, other) }
      if folder.contains(inbox) || inbox.contains(folder) { report(folder, conflictsWith: inbox) }
    }
    for file in databases + secrets + [LocalPlace("this file", source, nil)] {
      for folder in folders.above(file) { report(outgoing[folder], conflictsWith: file) }
    }
    for file in databases where inbox.contains(file) { report(file, conflictsWith: inbox) }
  }

  /// Reports a folder that is in another, once, at the later one; two that are the same contain each other.
  private func report(_ folder: LocalPlace, _ other: LocalPlace, from index: Int, _ otherIndex: Int) {
    if otherIndex > index, folder.isSame(as: other) { return }
    if otherIndex < index { report(folder, conflictsWith: other) } else { report(other, conflictsWith: folder) }
  }

  private func report(_ place: LocalPlace, conflictsWith other: LocalPlace) {
    let first = place.entry == nil ? other : place
    let second = place.entry == nil ? place : other
    let relation =
      first.isSame(as: second) ? "is" : second.contains(first) ? "lies in" : "contains"
    log.report(
      .conflict, at: first.entry?.place, keyPath: first.entry?.keyPath ?? "",
      "found \(first.what) (\(first.path)), which \(relation) \(second.what) (\(second.path)\(second.position))",
      remedy: "give each a folder of its own, neither inside the other")
  }
}

/// Folders by their resolved paths and their identities: a register has thousands of them.
private struct PlaceIndex {
  private var byPath: [FilePath: [Int]] = [:]
  private var byIdentity: [LocalPlace.Identity: [Int]] = [:]

  init(_ places: [LocalPlace]) {
    for (index, place) in places.enumerated() {
      byPath[place.resolved, default: []].append(index)
      if let own = place.own { byIdentity[own, default: []].append(index) }
    }
  }

  /// The folders that contain a place, or are it.
  func above(_ place: LocalPlace) -> [Int] {
    var found: Set<Int> = []
    var path = place.resolved
    repeat { found.formUnion(byPath[path, default: []]) } while path.removeLastComponent() && !path.isEmpty
    for identity in place.identities { found.formUnion(byIdentity[identity, default: []]) }
    return found.sorted()
  }
}

/// A file or folder that the settings name, as the file system resolves its path.
private struct LocalPlace {
  let what: String
  let path: FilePath
  let entry: Entry?
  fileprivate let resolved: FilePath
  /// The identities of the existing parts of the path, from the place itself upwards: two paths may lead to one folder
  /// without any link.
  fileprivate let identities: [Identity]
  /// The place's own, where it exists; another process may make it at any moment, so it is looked at once.
  fileprivate let own: Identity?

  fileprivate struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  init(_ what: String, _ path: FilePath, _ entry: Entry?) {
    self.what = what
    self.path = path
    self.entry = entry
    resolved = Self.resolve(path)
    var identities: [Identity] = []
    var above = resolved
    own = Self.identity(of: above)
    if let own { identities.append(own) }
    while above.removeLastComponent(), !above.isEmpty {
      if let identity = Self.identity(of: above) { identities.append(identity) }
    }
    self.identities = identities
  }

  /// The position in the file.
  var position: String {
    entry?.place.map { ", line \($0.line), column \($0.column)" } ?? ""
  }

  func isSame(as other: LocalPlace) -> Bool { contains(other) && other.contains(self) }

  /// Returns true if the other place is this one or inside it.
  func contains(_ other: LocalPlace) -> Bool {
    if other.resolved.starts(with: resolved) { return true }
    return own.map(other.identities.contains) ?? false
  }

  private static func identity(of path: FilePath) -> Identity? {
    var status = stat()
    guard stat(path.string, &status) == 0 else { return nil }
    return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// Follows links as far as the path exists; the rest of it is taken as it is written.
  private static func resolve(_ path: FilePath) -> FilePath {
    var (there, rest) = (path.isEmpty ? "." : path, [FilePath.Component]())
    while true {
      if let real = realpath(there.string, nil) {
        defer { free(real) }
        return FilePath(String(cString: real)).appending(rest.reversed()).lexicallyNormalized()
      }
      guard let last = there.lastComponent, there.removeLastComponent() else { return path.lexicallyNormalized() }
      rest.append(last)
      if there.isEmpty { there = "." }
    }
  }
}
