internal import Logging

/// A name in a folder with its attributes.
public struct DirectoryEntry: Sendable, Hashable {
  /// The name's bytes as the server has them; never empty, `.`, `..`, nor with a slash or NUL in it.
  public let name: [UInt8]

  /// The attributes of the file; of a symbolic link, those of the link.
  public let attributes: FileAttributes

  /// Describes an entry.
  public init(name: [UInt8], attributes: FileAttributes) {
    self.name = name
    self.attributes = attributes
  }

  /// The name as text; `nil` where it is not UTF-8.
  public var text: String? { String(validating: name, as: UTF8.self) }
}

/// A folder's entries.
public struct DirectoryListing: Sendable, Hashable {
  /// The entries, in the server's order, without `.` and `..`.
  public var entries: [DirectoryEntry] = []

  /// The attributes of the folder itself, where the server lists that too (as `.`).
  public var folder: FileAttributes?

  /// Names that no file can have: with a slash or NUL in them, or empty. A server that sends them means harm or errs.
  public var rejected: [[UInt8]] = []

  /// An empty listing.
  public init() {}

  mutating func add(_ entry: Reply.NameEntry) {
    let (dot, slash) = (UInt8(ascii: "."), UInt8(ascii: "/"))
    if (1...2).contains(entry.name.count), entry.name.allSatisfy({ $0 == dot }) {
      if entry.name.count == 1 { folder = entry.attributes }
      return
    }
    if entry.name.isEmpty || entry.name.contains(where: { $0 == 0 || $0 == slash }) {
      rejected.append(entry.name)
    } else {
      entries.append(DirectoryEntry(name: entry.name, attributes: entry.attributes))
    }
  }
}

extension SFTPClient {
  /// The entries of a folder, without `.`, `..` and impossible names; those are logged.
  ///
  /// - Parameters:
  ///   - folder: the folder on the server.
  ///   - onPage: called with each answer of the server.
  /// - Throws: `SFTPError`, such as `noSuchFile` or `permissionDenied`; `listingTooLong` beyond the endpoint's limits.
  public func list(
    _ folder: RemotePath, onPage: () -> Void = {}
  ) async throws(SFTPError) -> [DirectoryEntry] {
    try await listing(of: folder, onPage: onPage).entries
  }

  /// The entries of a folder, and apart from them the names that no file can have; those are logged.
  ///
  /// - Throws: `SFTPError`, such as `noSuchFile` or `permissionDenied`; `listingTooLong` beyond the endpoint's limits.
  public func listing(of folder: RemotePath, onPage: () -> Void = {}) async throws(SFTPError) -> DirectoryListing {
    var pages = try await pages(of: folder)
    var listing = DirectoryListing()
    while let page = try await pages.next() {
      onPage()
      listing.entries += page.entries
      listing.rejected += page.rejected
      listing.folder = page.folder ?? listing.folder
    }
    for name in listing.rejected {
      logger.say(
        .warning, MessageText("the server lists an impossible name", "serveren viser et umuligt navn"),
        metadata: ["folder": "\(folder)", "name": "\(PrintableName.text(name))"])
    }
    return listing
  }

  /// Creates a directory.
  ///
  /// - Throws: `SFTPError`; most servers answer `failure` if it exists.
  public func makeDirectory(_ path: RemotePath) async throws(SFTPError) {
    try await withErrorContext("make directory", path) { () async throws(SFTPError) in
      try await engine.submit(.makeFolder(path.bytes, FileAttributes())).success()
    }
  }

  /// Removes an empty directory.
  ///
  /// - Throws: `SFTPError`; most servers answer `failure` where it is not empty.
  public func removeDirectory(_ path: RemotePath) async throws(SFTPError) {
    try await withErrorContext("remove directory", path) { () async throws(SFTPError) in
      try await engine.submit(.removeFolder(path.bytes)).success()
    }
  }
}
