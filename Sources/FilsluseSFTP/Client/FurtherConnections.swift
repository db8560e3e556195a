/// Lends further connections to the same server to the transfer of one large file.
public protocol FurtherConnections: Sendable {
  /// The most connections that can be lent to it at a time.
  var count: Int { get }

  /// Returns a connection as soon as there is one; `nil` where there is none to be had, or the task is cancelled.
  func lend() async -> SFTPClient?

  /// Takes a connection back. `failure` is the error that ended its part early, `nil` if none; other connections repeat
  /// its unfinished requests.
  func takeBack(_ client: SFTPClient, failure: SFTPError?)
}
