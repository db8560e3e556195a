extension LocalPlatform {
  /// Options in which a platform differs from the default.
  public struct Options: Sendable {
    /// The port to use if it is free; by default the one it had the last time, and otherwise any.
    public var port: UInt16?
    /// The pause of the router between two looks when there is nothing to do.
    public var pause: Duration
    /// The time for which an incomplete trigger must stay unchanged before it is refused; until then it may still be
    /// written.
    public var settle: Duration
    /// The router's behaviour: how it takes and answers deliveries.
    public var habits: PlatformBehaviour
    /// Lines for the SSH server's configuration, as in ``SSHServer/Options/extraLines``.
    public var serverLines: [String]
    /// True if each system shall see its own folder as the root, as on the live service. Only a process of root's can
    /// do that, and only in a folder that no one else may change; ``LocalPlatform/noOwnRootsBecause`` says why not.
    public var ownRoots: Bool
    /// True if the caller compares the plan with its files again and again, and calls
    /// `noteComparison(startedAt:)`. A delivery is then decided only after a comparison that started
    /// after it was taken.
    package var followsPlan = false

    /// Options; the defaults suit trials as well as tests.
    public init(
      port: UInt16? = nil, pause: Duration = .milliseconds(20), settle: Duration = .seconds(2),
      habits: PlatformBehaviour = PlatformBehaviour(), serverLines: [String] = [], ownRoots: Bool = false
    ) {
      self.port = port
      self.pause = pause
      self.settle = settle
      self.habits = habits
      self.serverLines = serverLines
      self.ownRoots = ownRoots
    }

    /// The options that a plan's file asks for; a port given here counts before that of the file.
    public init(_ file: PlatformPlanFile, port: UInt16? = nil) {
      self.init(port: port ?? file.port, settle: file.settle, habits: file.behaviour, ownRoots: file.ownRoots)
    }
  }
}
