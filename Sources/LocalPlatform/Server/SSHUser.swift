public import SystemPackage

/// Somebody who may log on.
public struct SSHUser: Sendable, Hashable {
  /// The name to log on with.
  public let name: String
  /// Where sessions start.
  public let folder: FilePath
  /// The private key.
  public let keyFile: FilePath
  /// The public half of the key.
  public let publicKey: PublicKey

  /// A user as somebody else set them up.
  public init(name: String, folder: FilePath, keyFile: FilePath, publicKey: PublicKey) {
    self.name = name
    self.folder = folder
    self.keyFile = keyFile
    self.publicKey = publicKey
  }
}
