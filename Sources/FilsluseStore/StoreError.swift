package import FilsluseBase
internal import GRDB

/// A failure of a database.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  package enum Cause: Sendable, Hashable {
    /// There is no room on the disk.
    case diskFull
    /// The disk does not read or write.
    case disk
    /// The file is not a sound database, or a row does not have the form that its writer gave it.
    case damaged
    /// Another program holds the file.
    case busy
    /// The file cannot be opened, or not be written by this user.
    case notPermitted
    /// Another file was put under the name while this one is open.
    case replaced
    /// The database was closed before.
    case closed
    /// The database cannot be kept with full synchronisation.
    case notDurable
    /// The statement does not fit the tables, or is refused.
    case statement
    /// The database's server does not answer, or has ended the connection. Nothing was changed.
    case unreachable
    /// The connection was lost while the commit was under way: the change is kept or not.
    case uncertain
    /// The change met another session's and was undone.
    case conflict
    /// The server does not let the user in.
    case login
    /// The server, the connection to it, or its set-up does not meet the database's needs.
    case unsuitable
    /// The server takes no changes: it is a standby, or set to read only.
    case readOnly
    /// Anything else.
    case other
  }

  /// The kind of failure.
  package let cause: Cause
  /// The failure in the database's own words.
  package let message: String
  /// PostgreSQL's code for the failure (its SQLSTATE, five characters); `nil` where it gives none, and for SQLite.
  package let code: String?
  /// The operation that failed; `nil` where the caller knows it.
  package let operation: String?
  private let ownRemedy: Remedy?

  /// - Parameter remedy: the remedy where it is another than the cause's.
  package init(
    _ cause: Cause, _ message: String, code: String? = nil, operation: String? = nil, remedy: Remedy? = nil
  ) {
    self.cause = cause
    self.message = message
    self.code = code
    self.operation = operation
    ownRemedy = remedy
  }

  package var description: String { message }

  /// True if the same call may succeed later, without a person's help.
  package var mayTryAgain: Bool { [.busy, .unreachable, .conflict].contains(cause) }

  /// True if the change collided with another session's; a retry sees that session's result.
  var isCollision: Bool { cause == .conflict || code == "23505" }

  /// True for a failure of the connection or of the server's set-up: another statement would fail too.
  var isOfConnection: Bool { [.unreachable, .login, .unsuitable, .readOnly].contains(cause) }

  /// The remedy, in words that hold for every database.
  package var remedy: Remedy { ownRemedy ?? Self.remedy(for: cause) }

  private static func remedy(for cause: Cause) -> Remedy {
    switch cause {
    case .diskFull: "make room on the disk and try again; nothing that was confirmed is lost"
    case .disk: "look at the disk (full? failing?)"
    case .damaged: "put a backup in its place"
    case .busy: "another program holds it; end that one or wait"
    case .notPermitted: "give the running user the right to write the file and its folder"
    case .replaced: "see which program put another file in its place, and which of the two is the right one"
    case .closed, .statement, .other: "see the cause"
    case .notDurable: "keep it on a local disk that SQLite can write in WAL mode"
    case .unreachable: "see that the database's server runs and that this machine reaches it, then try again"
    case .uncertain: "look whether the change is there before it is made again"
    case .conflict: "try again"
    case .login: "check the user, the password, and the server's rules for logins (pg_hba.conf)"
    case .unsuitable: "change the server's set-up or the address, as the cause says"
    case .readOnly: "name the primary server in the address"
    }
  }

  /// Translates an SQLite error; a `StoreError` stays unchanged.
  init(_ error: any Error) {
    if let error = error as? StoreError {
      self = error
    } else if let error = error as? DatabaseError {
      self.init(Cause(error), error.message ?? "\(error)")
    } else {
      self.init(.other, "\(error)")
    }
  }
}

extension StoreError.Cause {
  fileprivate init(_ error: DatabaseError) {
    if error.extendedResultCode == .SQLITE_READONLY_DBMOVED {
      self = .replaced
      return
    }
    switch error.resultCode {
    case .SQLITE_FULL: self = .diskFull
    case .SQLITE_IOERR: self = .disk
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged
    case .SQLITE_BUSY: self = .busy
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .notPermitted
    case .SQLITE_ERROR, .SQLITE_CONSTRAINT: self = .statement
    default: self = .other
    }
  }
}

/// Runs `body`, and translates its error.
@inline(__always)
func throwingStoreError<Result>(_ body: () throws -> Result) throws(StoreError) -> Result {
  do { return try body() } catch { throw StoreError(error) }
}

extension Error {
  /// The error for callers of this target: an SQLite error as ``StoreError``, any other unchanged.
  var asStoreError: any Error { self is DatabaseError ? StoreError(self) : self }
}

/// A row that no version of Filsluse writes.
package struct DamagedRow: Error, CustomStringConvertible {
  /// The table.
  package let table: String
  /// The row's number.
  package let id: Int64

  package init(table: String, id: Int64) {
    self.table = table
    self.id = id
  }

  package var description: String { "row \(id) of \(table) holds a value that no version writes" }
}

extension Error {
  /// True if the file's content or a row is damaged.
  package var isDamage: Bool { self is DamagedRow || (self as? StoreError)?.cause == .damaged }
}
