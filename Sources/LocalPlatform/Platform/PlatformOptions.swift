extension LocalPlatform {
  /// How a platform differs from the plain one.
  public struct Options: Sendable {
    /// The port to use if it is free; by default the one it had the last time, and otherwise any.
    public var port: UInt16?
    /// How long the mail room rests between two looks when there is nothing to do.
    public var pause: Duration
    /// How long a trigger that is no whole document must lie untouched before it is refused; until then it may still be
    /// in the writing.
    public var settle: Duration

    /// Options; the defaults suit trials as well as tests.
    public init(port: UInt16? = nil, pause: Duration = .milliseconds(20), settle: Duration = .seconds(2)) {
      self.port = port
      self.pause = pause
      self.settle = settle
    }
  }
}
