internal import ExchangeSettings
internal import FilsluseBase
internal import FilsluseSFTP
internal import Logging
internal import TriggerFiles

/// An account's extra connections for large files, beside the connection shared by all its work.
///
/// All uploads and downloads of the account draw on them, first come, first served. Each connection is opened for one
/// transfer and closed after it. After a refused or failed connection no more are opened for a while; the account goes
/// on, because its shared connection transfers the files in any case.
final class BulkConnections: Sendable {
  /// The greatest number of them.
  let count: Int
  private let account: Account
  private let logger: Logger
  private let free: AsyncSemaphore
  private let pause = Locked(Pause())

  /// The pause without new connections.
  private struct Pause: Sendable {
    var backoff = Backoff(first: .seconds(60), longest: .seconds(3600), jitter: 0.5)
    var end: ContinuousClock.Instant?

    var lasts: Bool { end.map { $0 > .now } ?? false }
  }

  /// The connections of an account; `nil` for one without.
  init?(_ account: Account, logger: Logger) {
    guard let connections = account.bulkConnections, connections > 1 else { return nil }
    count = connections - 1
    self.account = account
    self.logger = logger
    free = AsyncSemaphore(count)
  }

  /// True during a pause.
  var isPausing: Bool { pause.withLock { $0.lasts } }

  /// Returns true if a file of this size is worth further connections, and there is no pause.
  func areWorthwhile(for bytes: UInt64) -> Bool { bytes >= account.bulkFrom && !isPausing }

  /// Opens a connection when one is free; `nil` if the server refuses it, or during a pause.
  func lend(
    _ connect: @Sendable () async throws(ExchangeError) -> SFTPClient
  ) async -> SFTPClient? {
    guard await free.take() else { return nil }
    guard !isPausing else {
      free.giveBack()
      return nil
    }
    do throws(ExchangeError) {
      let client = try await connect()
      pause.withLock { $0.backoff.reset() }
      return client
    } catch {
      free.giveBack()
      if !Task.isCancelled { pauseAfter(error.inBothLanguages) }
      return nil
    }
  }

  /// Closes a connection; another one may be made when it is gone.
  func takeBack(_ client: SFTPClient) {
    Task {
      await client.close()
      free.giveBack()
    }
  }

  /// Begins a pause without new connections, and logs the reason.
  func pauseAfter(_ reason: LocalizedText) {
    let rest: Duration? = pause.withLock { pause in
      if pause.lasts { return nil }
      let rest = pause.backoff.next()
      pause.end = .now + rest
      return rest
    }
    guard let rest else { return }
    logger.say(
      .warning,
      LocalizedText(
        "\(account.name): large files go over one connection for \(rest.visible): \(Masked.name(reason.en))",
        "\(account.name): store filer går over én forbindelse i \(rest.visibleInDanish): \(Masked.name(reason.da))"))
  }
}

/// The further connections of one upload or download.
struct BulkTransfer: FurtherConnections {
  let connections: BulkConnections
  let connect: @Sendable () async throws(ExchangeError) -> SFTPClient
  private let isShared = Locked(false)

  init(_ connections: BulkConnections, connect: @escaping @Sendable () async throws(ExchangeError) -> SFTPClient) {
    self.connections = connections
    self.connect = connect
  }

  var count: Int { connections.count }

  /// True if another connection has had a part in the transfer.
  var wasShared: Bool { isShared.withLock { $0 } }

  func lend() async -> SFTPClient? {
    guard let client = await connections.lend(connect) else { return nil }
    isShared.withLock { $0 = true }
    return client
  }

  func takeBack(_ client: SFTPClient, failure: SFTPError?) {
    if let failure { connections.pauseAfter(failure.inBothLanguages) }
    connections.takeBack(client)
  }
}
