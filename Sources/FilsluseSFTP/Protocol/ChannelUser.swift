/// The user of a connection's channel. All of it is called on the connection's thread.
protocol ChannelUser: AnyObject, Sendable {
  /// Hands over the bytes to send. `buffer` is empty; what it held in capacity may be used again.
  func takeOutgoing(_ buffer: inout [UInt8])

  /// Takes bytes from the server; throwing ends the connection.
  func received(_ bytes: UnsafeRawBufferPointer) throws(SFTPError)

  /// Since when the oldest unanswered question has been waiting its turn; `nil` if nothing is asked.
  func waitingSince() -> ContinuousClock.Instant?

  /// Asks the server something harmless, so that an idle connection is used and a dead one noticed.
  func ping()

  /// The connection is over; nothing is called after this.
  func ended(with error: SFTPError)
}
