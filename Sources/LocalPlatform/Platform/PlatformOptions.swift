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
    /// How the mail room takes and answers what is delivered.
    public var habits: MailRoomHabits
    /// Lines for the SSH server's configuration, as in ``SSHServer/Options/extraLines``.
    public var serverLines: [String]

    /// Options; the defaults suit trials as well as tests.
    public init(
      port: UInt16? = nil, pause: Duration = .milliseconds(20), settle: Duration = .seconds(2),
      habits: MailRoomHabits = MailRoomHabits(), serverLines: [String] = []
    ) {
      self.port = port
      self.pause = pause
      self.settle = settle
      self.habits = habits
      self.serverLines = serverLines
    }
  }
}
