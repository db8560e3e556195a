/// The user of a connection's channel, so that the transport carries bytes and knows nothing of SFTP. All of it is
/// called on the connection's thread.
protocol ChannelUser: AnyObject, Sendable {
  /// Writes the bytes to send into `buffer`, which is empty; its capacity may be reused.
  func takeOutgoing(_ buffer: inout [UInt8])

  /// Receives bytes from the server; throwing ends the connection. Whoever waits for what they answer hears of it with
  /// the next ``wake()``.
  func received(_ bytes: UnsafeRawBufferPointer) throws(SFTPError)

  /// Called when no more bytes are received for now.
  func wake()

  /// Returns the time since which the oldest unanswered request has been waiting; `nil` if there is none.
  func waitingSince() -> ContinuousClock.Instant?

  /// Sends the server a harmless request, so that an idle connection is used and a dead one noticed.
  func ping()

  /// Called at the end of the connection; no call follows.
  func ended(with error: SFTPError)
}
