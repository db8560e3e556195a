/// Lends further connections to the same server to the transfer of one large file.
public protocol FurtherConnections: Sendable {
  /// The most connections that can be lent to it at a time.
  var count: Int { get }

  /// Returns a connection as soon as there is one; `nil` where there is none to be had, or the task is cancelled.
  func lend() async -> SFTPClient?

  /// Takes a connection back. `failure` is the reason for which it was given up before the file was across; what was under
  /// way over it goes over another one.
  func takeBack(_ client: SFTPClient, failure: SFTPError?)
}
