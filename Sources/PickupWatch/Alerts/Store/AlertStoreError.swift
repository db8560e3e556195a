internal import FilsluseSystem
internal import GRDB
internal import SystemPackage

/// The alerts cannot be kept or read: what happened, where, and what to do.
public struct AlertStoreError: Error, Sendable, CustomStringConvertible {
  /// The operation that failed.
  public let operation: String
  /// The file.
  public let path: String
  /// The failure.
  public let message: String
  /// The remedy.
  public let remedy: String

  init(_ operation: String, _ path: FilePath, message: String, remedy: String) {
    self.operation = operation
    self.path = Masked.name(path.string)
    self.message = message
    self.remedy = remedy
  }

  init(_ operation: String, _ path: FilePath, _ error: any Error) {
    let remedy =
      switch (error as? DatabaseError)?.resultCode {
      case .some(.SQLITE_FULL):
        "make room on the disk; until then nobody is told of anything new, and nothing that was recorded is lost"
      case .some(.SQLITE_CORRUPT), .some(.SQLITE_NOTADB):
        "move the file away: the watcher begins a new one, and forgets only who has been told"
      case .some(.SQLITE_BUSY): "another program holds it; end that one or wait"
      case .some(.SQLITE_READONLY), .some(.SQLITE_CANTOPEN), .some(.SQLITE_PERM):
        "give the running user the right to write the file and its folder"
      default: "see the cause; until it is mended nobody is told of anything new"
      }
    self.init(operation, path, message: (error as? DatabaseError)?.message ?? "\(error)", remedy: remedy)
  }

  /// The failure with its place and remedy; safe to log.
  public var description: String { "\(operation) \(path): \(message); \(remedy)" }
}
