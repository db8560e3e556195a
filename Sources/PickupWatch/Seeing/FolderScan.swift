internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging

/// Lists an account's folders into the store, page by page. It opens no data, and asks the server to write nothing.
struct FolderScan: Sendable {
  let client: SFTPClient
  let account: Account
  let store: SightStore
  let clock: @Sendable () -> Timestamp
  let logger: Logger

  /// Names that are noted in one transaction.
  private static let batch = 2000

  /// Lists IN and OUT, and compares the clocks where the server lets us.
  ///
  /// - Throws: `SFTPError` where a folder cannot be listed, `ExchangeError` where the names cannot be kept.
  func run(_ look: OpenLook) async throws -> Duration? {
    let inbox = RemotePath(account.folders.in)
    let measuring = ClockMeasuring(client: client, folder: inbox, clock: clock)
    let before = try await measuring.begin()
    let difference = try await list(inbox, outgoing: false, into: look) { try await measuring.end(before) }
    _ = try await list(RemotePath(account.folders.out), outgoing: true, into: look) { nil }
    return difference
  }

  private func list(
    _ folder: RemotePath, outgoing: Bool, into look: OpenLook, afterFirst: () async throws -> Duration?
  ) async throws -> Duration? {
    var pages = try await client.pages(of: folder)
    var waiting: [SeenName] = []
    var difference: Duration?
    var isFirst = true
    var rejected = 0
    while let page = try await pages.next() {
      if isFirst { difference = try await afterFirst() }
      isFirst = false
      rejected += page.rejected.count
      waiting += page.entries.compactMap { SeenName($0, outgoing: outgoing, suffixes: account.suffixes) }
      guard waiting.count >= Self.batch else { continue }
      try await store.note(waiting, in: look)
      waiting.removeAll(keepingCapacity: true)
    }
    try await store.note(waiting, in: look)
    if rejected > 0 {
      logger.warning(
        "the server lists names that no file can have",
        metadata: ["account": "\(account.name)", "folder": "\(folder)", "names": "\(rejected)"])
    }
    return difference
  }
}
