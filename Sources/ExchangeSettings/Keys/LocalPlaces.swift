internal import FilsluseBase
import Glibc
internal import SystemPackage
internal import TriggerFiles
internal import Yams

/// Local places of the settings that would be in each other's way.
extension SettingsReader {
  /// Reports outgoing folders inside each other, and anything in an outgoing folder or in the inbox that is not for
  /// sending or collecting. Paths are compared as the file system resolves them.
  func checkPlaces(of fields: SectionFields<ExchangeSettings>) {
    let settings = fields.form
    var resolver = PlaceResolver()
    let outgoing = settings.routes.compactMap { route in
      route.outgoing.map { folder in
        resolver.place(
          LocalizedText("the outgoing folder of the route ", "den udgående mappe for ruten ")
            + LocalizedText(Entry.shown(route.name)), folder.path,
          fields[\.ownRoutes]?.value(at: route.name)?.value(at: ExchangeSettings.outgoingFolderKeys))
      }
    }
    if outgoing.isEmpty, fields[\.inbox] == nil { return }
    let inbox = resolver.place(LocalizedText("the inbox", "indbakken"), settings.inbox, fields[\.inbox])
    let databases = [
      resolver.place(LocalizedText("the journal", "journalen"), settings.journal, fields[\.journalPlace]),
      resolver.place(
        LocalizedText("the database of the watch", "overvågningens database"), settings.watch.database,
        fields[\.watch]?.value(at: WatchSettings.table.name(of: \.database))),
    ]
    if !outgoing.isEmpty {
      let secrets = settings.accounts.flatMap { account in
        account.keys.compactMap(\.file).map { file in
          resolver.place(
            LocalizedText("the key of ", "nøglen til ") + LocalizedText(Entry.shown(account.name)), file,
            fields[\.accounts]?.value(at: account.name, Account.table.name(of: \.keys)))
        }
      }
      let folders = PlaceIndex(outgoing)
      for (index, folder) in outgoing.enumerated() {
        for other in folders.above(folder) where other != index { report(folder, outgoing[other], from: index, other) }
        if folder.contains(inbox) || inbox.contains(folder) { report(folder, conflictsWith: inbox) }
      }
      for file in databases + secrets + [resolver.place(LocalizedText("this file", "denne fil"), source, nil)] {
        for folder in folders.above(file) { report(outgoing[folder], conflictsWith: file) }
      }
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
      first.isSame(as: second)
      ? LocalizedText("is", "er")
      : second.contains(first) ? LocalizedText("lies in", "ligger i") : LocalizedText("contains", "indeholder")
    let start =
      LocalizedText("found ", "fandt ") + first.what
      + LocalizedText(" (\(first.path)), which ", " (\(first.path)), som ")
    let rest = second.what + LocalizedText(" (\(second.path)") + second.position + LocalizedText(")")
    log.report(
      .conflict, at: first.entry?.place, keyPath: first.entry?.keyPath ?? "",
      start + relation + LocalizedText(" ") + rest,
      remedy: LocalizedText(
        "give each a folder of its own, neither inside the other", "giv hver sin mappe, så ingen ligger i den anden"))
  }
}

/// Folders by their resolved paths and their identities: a register has thousands of them.
private struct PlaceIndex {
  private var byPath: [[UInt8]: [Int]] = [:]
  private var byIdentity: [FileIdentity: [Int]] = [:]

  init(_ places: [LocalPlace]) {
    for (index, place) in places.enumerated() {
      byPath[place.resolved, default: []].append(index)
      if let own = place.own { byIdentity[own, default: []].append(index) }
    }
  }

  /// The folders that contain a place, or are it.
  func above(_ place: LocalPlace) -> [Int] {
    var found: Set<Int> = []
    for path in place.ancestry { found.formUnion(byPath[path, default: []]) }
    for identity in place.identities { found.formUnion(byIdentity[identity, default: []]) }
    return found.sorted()
  }
}

/// Creates the places of one settings file; a folder that they share is looked up once.
private struct PlaceResolver {
  private var identities: [[UInt8]: FileIdentity?] = [:]

  mutating func place(_ what: LocalizedText, _ path: FilePath, _ entry: Entry?) -> LocalPlace {
    let ancestry = LocalPlace.ancestry(of: LocalPlace.resolve(path))
    let found = ancestry.map { identity(of: $0) }
    return LocalPlace(
      what: what, path: path, entry: entry, ancestry: ancestry, identities: found.compactMap(\.self), own: found[0])
  }

  private mutating func identity(of path: [UInt8]) -> FileIdentity? {
    if let known = identities[path] { return known }
    // A place that cannot be read is compared by its path only.
    let identity = try? FileIdentity(of: FilePath(platformString: (path + [0]).map { CChar(bitPattern: $0) }))
    identities[path] = .some(identity)
    return identity
  }
}

/// A file or folder that the settings name, as the file system resolves its path.
private struct LocalPlace {
  let what: LocalizedText
  let path: FilePath
  let entry: Entry?
  /// The resolved path, then those of its parent folders upwards. They are bytes, as the file system compares them: two
  /// spellings of an `å` are two names.
  let ancestry: [[UInt8]]
  /// The identities of those that exist: two paths may lead to one folder even without links.
  let identities: [FileIdentity]
  /// The identity of the place itself; `nil` where it does not exist. It is read once, because another process may
  /// create the place at any moment.
  let own: FileIdentity?

  var resolved: [UInt8] { ancestry[0] }

  /// The position in the file.
  var position: LocalizedText {
    guard let place = entry?.place else { return LocalizedText("") }
    return LocalizedText(
      ", line \(place.line), column \(place.column)", ", linje \(place.line), kolonne \(place.column)")
  }

  func isSame(as other: LocalPlace) -> Bool { contains(other) && other.contains(self) }

  /// Returns true if the other place is this one or inside it.
  func contains(_ other: LocalPlace) -> Bool {
    if other.ancestry.contains(resolved) { return true }
    return own.map(other.identities.contains) ?? false
  }

  /// Returns a resolved path and those of the folders above it.
  static func ancestry(of path: [UInt8]) -> [[UInt8]] {
    let slash = UInt8(ascii: "/")
    var paths = [path]
    var rest = path[...]
    while rest.count > 1, let last = rest.lastIndex(of: slash) {
      rest = rest[..<last]
      paths.append(rest.isEmpty ? [slash] : Array(rest))
    }
    return paths
  }

  /// Follows links as far as the path exists; the rest is kept as written.
  static func resolve(_ path: FilePath) -> [UInt8] {
    var (there, rest) = (path.isEmpty ? "." : path, [FilePath.Component]())
    while true {
      if let real = realpath(there.string, nil) {
        defer { free(real) }
        if rest.isEmpty {
          return Array(UnsafeBufferPointer(start: real, count: strlen(real))).map(UInt8.init(bitPattern:))
        }
        let below: [FilePath.Component] = rest.reversed()
        return FilePath(platformString: real).appending(below).lexicallyNormalized().bytes
      }
      guard let last = there.lastComponent, there.removeLastComponent() else {
        return path.lexicallyNormalized().bytes
      }
      rest.append(last)
      if there.isEmpty { there = "." }
    }
  }
}

extension FilePath {
  fileprivate var bytes: [UInt8] {
    withPlatformString { Array(UnsafeBufferPointer(start: $0, count: length)).map(UInt8.init(bitPattern:)) }
  }
}
