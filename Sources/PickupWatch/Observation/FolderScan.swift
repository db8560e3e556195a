internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import FilsluseSFTP
internal import Logging
internal import TriggerFiles

/// Lists an account's folders into the store, page by page. It opens no data, and asks the server to write nothing.
struct FolderScan: Sendable {
  let client: SFTPClient
  let account: Account
  let store: WatchDatabase
  let clock: @Sendable () -> Timestamp
  let logger: Logger

  /// Names that are noted in one transaction; those of longer listings are noted in parts, so that they take no memory
  /// and hold up no other account.
  private static let batch = 2000

  /// The rest of a listing.
  struct Rest: Sendable {
    /// The names that are not noted yet.
    var names: [ListingEntry] = []
    /// The lead of the server's clock over ours; `nil` if it could not be measured.
    var clockDifference: Duration?
  }

  /// Lists IN and OUT, and compares the clocks where the server lets us.
  ///
  /// - Throws: `SFTPError` where a folder cannot be listed, `ExchangeError` where the names cannot be kept.
  func run(_ look: ScanInProgress) async throws -> Rest {
    let inbox = RemotePath(account.folders.in)
    let measuring = ClockMeasuring(client: client, folder: inbox, clock: clock)
    let before = try await measuring.begin()
    var rest = Rest()
    rest.clockDifference = try await list(inbox, outgoing: false, into: look, &rest.names) {
      try await measuring.end(before)
    }
    _ = try await list(RemotePath(account.folders.out), outgoing: true, into: look, &rest.names) { nil }
    return rest
  }

  private func list(
    _ folder: RemotePath, outgoing: Bool, into look: ScanInProgress, _ waiting: inout [ListingEntry],
    afterFirst: () async throws -> Duration?
  ) async throws -> Duration? {
    var pages = try await client.pages(of: folder)
    var difference: Duration?
    var isFirst = true
    var rejected = 0
    var untyped = UntypedNames()
    while let page = try await pages.next() {
      if isFirst { difference = try await afterFirst() }
      isFirst = false
      rejected += page.rejected.count
      waiting += page.entries.compactMap { entry in
        ListingEntry(entry, outgoing: outgoing, suffixes: account.suffixes).flatMap {
          untyped.keep($0, isTyped: (entry.attributes.permissions ?? 0) & 0o170000 != 0) ? nil : $0
        }
      }
      guard waiting.count >= Self.batch else { continue }
      try await store.note(waiting, in: look)
      waiting.removeAll(keepingCapacity: true)
    }
    waiting += try await untyped.files { name in try await isFolder(folder.appending(name)) }
    if rejected > 0 {
      logger.say(
        .warning,
        LocalizedText("the server lists names that no file can have", "serveren viser navne, som ingen fil kan have"),
        metadata: ["account": "\(account.name)", "folder": "\(folder)", "names": "\(rejected)"])
    }
    return difference
  }

  /// Returns true if a name is a folder's: only a folder can be opened as one.
  private func isFolder(_ path: RemotePath) async throws(SFTPError) -> Bool {
    do throws(SFTPError) {
      _ = try await client.pages(of: path)
      return true
    } catch  where error.endsConnection || error.code == .cancelled {
      throw error
    } catch {
      return false
    }
  }
}

/// Names of a listing whose type, file or folder, the server does not give.
///
/// A folder has no metadata beside it, so only unpaired names are looked up.
private struct UntypedNames {
  private var data: [ListingEntry] = []
  private var paired: Set<[UInt8]> = []

  /// The number of names checked in one look; the others count as files.
  private static let mostAsked = 500

  /// Keeps a name until the listing is at its end, where it may be a folder's.
  mutating func keep(_ name: ListingEntry, isTyped: Bool) -> Bool {
    if isTyped { return false }
    guard name.part == .data else {
      paired.insert(name.name)
      return false
    }
    data.append(name)
    return true
  }

  /// Returns the entries that are files.
  func files(butFor isFolder: ([UInt8]) async throws -> Bool) async throws -> [ListingEntry] {
    var files: [ListingEntry] = []
    var asked = 0
    for name in data {
      if !paired.contains(name.name), asked < Self.mostAsked {
        asked += 1
        if try await isFolder(name.name) { continue }
      }
      files.append(name)
    }
    return files
  }
}

/// Compares the server's clock with ours without a request that writes: many servers note when a folder was last read.
///
/// Servers that do not (`noatime`), or that do so only after a change (`relatime`, Linux's habit), give no measurement
/// then.
struct ClockMeasuring: Sendable {
  let client: SFTPClient
  let folder: RemotePath
  let clock: @Sendable () -> Timestamp

  struct Start: Sendable {
    let accessed: UInt32?
    let at: Timestamp
  }

  /// An answer that took longer says too little about when the server read its clock.
  private static let longest = Duration.seconds(5)

  /// To be called before the folder is opened.
  func begin() async throws(SFTPError) -> Start { Start(accessed: try await accessed(), at: clock()) }

  /// Returns the time at which the folder was last read; `nil` if the server does not give it, which is no reason to
  /// skip the look.
  private func accessed() async throws(SFTPError) -> UInt32? {
    do throws(SFTPError) {
      return try await client.attributes(of: folder).accessed
    } catch  where error.endsConnection || error.code == .cancelled {
      throw error
    } catch {
      return nil
    }
  }

  /// Returns the lead of the server's clock over ours, once the first names are here; `nil` if it cannot be measured.
  func end(_ start: Start) async throws(SFTPError) -> Duration? {
    let read = clock()
    guard let before = start.accessed, let after = try await accessed(), after != before,
      read >= start.at, read.since(start.at) <= Self.longest
    else { return nil }
    // Time stamps are whole seconds, rounded down: on average the clock is half a second ahead of them.
    let server = Timestamp(millisecondsSince1970: Int64(after) * 1000 + 500)
    return server.since(start.at.later(by: read.since(start.at) / 2))
  }
}
