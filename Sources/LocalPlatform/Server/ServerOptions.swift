extension SSHServer {
  /// Options in which a server differs from the default.
  public struct Options: Sendable {
    /// The host keys to make and offer, at least one.
    public var hostKeys: [KeyKind]
    /// The port to use if it is free; otherwise, and without one, any free port.
    public var port: UInt16?
    /// Lines put before the server's own configuration, such as `Ciphers aes256-ctr`; sshd keeps the first value it
    /// reads.
    public var extraLines: [String]
    /// True if the folder is removed with the server, however it ends. It stays when the server fails to start.
    public var removesDirectoryAtEnd: Bool
    /// True if a user's folder is the root of their sessions. It asks for what ``OwnRoots`` looks for.
    var ownRoots = false

    /// Options; the defaults are an Ed25519 host key and any free port.
    public init(
      hostKeys: [KeyKind] = [.ed25519], port: UInt16? = nil, extraLines: [String] = [],
      removesDirectoryAtEnd: Bool = false
    ) {
      self.hostKeys = hostKeys
      self.port = port
      self.extraLines = extraLines
      self.removesDirectoryAtEnd = removesDirectoryAtEnd
    }
  }
}
