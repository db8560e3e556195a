internal import FilsluseSFTP
internal import FilsluseBase

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

  /// Returns the time at which the folder was last read; `nil` where the server does not give it. That is no reason to
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

  /// Returns how far the server's clock is ahead of ours, when the first names are here; `nil` where that cannot be
  /// measured.
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
