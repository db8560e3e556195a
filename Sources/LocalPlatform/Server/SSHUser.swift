public import SystemPackage

/// A user who may log on.
public struct SSHUser: Sendable, Hashable {
  /// The name to log on with.
  public let name: String
  /// The folder in which sessions start.
  public let folder: FilePath
  /// The private key.
  public let keyFile: FilePath
  /// The public half of the key.
  public let publicKey: PublicKey

  /// Describes a user that was set up elsewhere.
  public init(name: String, folder: FilePath, keyFile: FilePath, publicKey: PublicKey) {
    self.name = name
    self.folder = folder
    self.keyFile = keyFile
    self.publicKey = publicKey
  }
}
