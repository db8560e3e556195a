public import SystemPackage

/// A PostgreSQL database that keeps the journal, in place of a file.
public struct JournalServer: Sendable, Hashable {
  /// Its address, as libpq reads it: `postgresql://filsluse@db.example.dk/filsluse?sslmode=verify-full`. It holds no
  /// password.
  public var address: String
  /// The file with the password in its first line; `nil` if libpq finds it by itself, or none is needed.
  public var passwordFile: FilePath?
  /// The number of machines that may send and receive with the journal at the same time.
  public var machines: Machines
  /// The reach of the outgoing folders, where several machines may have it.
  public var outgoingFolders: OutgoingFolders

  /// A number of machines that may have a journal open to send and receive at the same time.
  public enum Machines: String, Sendable, Hashable, CaseIterable {
    /// One; another one takes everything over when it is gone.
    case one
    /// Any number; each has its own work, and takes over work of a lost machine that needs none of its files.
    case several
  }

  /// The reach of the outgoing folders of machines that have a journal at the same time.
  public enum OutgoingFolders: String, Sendable, Hashable, CaseIterable {
    /// Each machine has its own, and no other one reaches them.
    case local
    /// All machines reach the same ones, on a shared disk; one machine at a time takes files from each.
    case shared
  }

  /// Describes a database.
  public init(
    address: String, passwordFile: FilePath? = nil, machines: Machines = .one, outgoingFolders: OutgoingFolders = .local
  ) {
    self.address = address
    self.passwordFile = passwordFile
    self.machines = machines
    self.outgoingFolders = outgoingFolders
  }
}
