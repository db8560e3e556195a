public import SystemPackage

/// A PostgreSQL database that keeps the journal, in place of a file.
public struct JournalServer: Sendable, Hashable {
  /// Its address, as libpq reads it: `postgresql://filsluse@db.example.dk/filsluse?sslmode=verify-full`. It holds no
  /// password.
  public var address: String
  /// The file whose first line is the password; `nil` where libpq finds it by itself, or none is needed.
  public var passwordFile: FilePath?

  /// Describes a database.
  public init(address: String, passwordFile: FilePath? = nil) {
    self.address = address
    self.passwordFile = passwordFile
  }
}
