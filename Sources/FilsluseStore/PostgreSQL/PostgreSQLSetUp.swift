internal import FilsluseBase

/// The set-up of a server and a session, as the server reads it back: the conditions under which a commit that was
/// confirmed is kept, and a session is a session.
struct PostgreSQLSetUp: Sendable {
  /// Writes go to the disk, not only to the system's memory.
  var fsync: String
  /// Commits wait for the disk.
  var synchronousCommit: String
  /// Pages are logged whole, so that a write torn by a loss of power can be mended.
  var fullPageWrites: String
  var serverEncoding: String
  /// 150018 is version 15.18.
  var version: Int64
  /// The server follows another one.
  var isStandby: Bool
  /// The session's transactions may not write.
  var isReadOnly: Bool
  /// The first schema of the search path that is there and that the role may use; `nil` where there is none.
  var schema: String?
  /// The process that serves the session, as the session itself says.
  var process: Int64
  /// The process that was named when the session began.
  var namedProcess: Int64

  /// The oldest version that is used: 14, the oldest that PostgreSQL's developers maintain.
  static let oldestVersion: Int64 = 140_000

  /// The query whose row it is read from.
  static let query = """
    SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
      current_setting('server_encoding'), current_setting('server_version_num')::bigint, pg_is_in_recovery(),
      current_setting('transaction_read_only'), current_schema(), pg_backend_pid()
    """

  /// Reads it.
  ///
  /// - Parameter process: the process that was named when the session began.
  init(row: PostgreSQLRow?, process: Int64) throws(StoreError) {
    guard let row else {
      throw StoreError(.other, "the server does not tell its settings", operation: "check the server's set-up")
    }
    fsync = try row.text(0)
    synchronousCommit = try row.text(1)
    fullPageWrites = try row.text(2)
    serverEncoding = try row.text(3)
    version = try row.int(4)
    isStandby = try row.bool(5)
    isReadOnly = try row.text(6) == "on"
    schema = try row.optionalText(7)
    self.process = try row.int(8)
    namedProcess = process
  }

  /// The reason why the server or the session is refused; `nil` where it is not.
  var refusal: StoreError? {
    let operation = "check the server's set-up"
    if process != namedProcess {
      return StoreError(
        .unsuitable,
        "a connection pooler such as pgbouncer stands before the server; needed is a session of one's own, which keeps its settings, statements and locks",
        operation: operation, remedy: "write the server's own port into the address; few connections are made")
    }
    if version < Self.oldestVersion {
      return StoreError(
        .unsuitable, "the server has version \(version / 10_000), expected is \(Self.oldestVersion / 10_000) or later",
        operation: operation, remedy: "upgrade the server")
    }
    if isStandby {
      return StoreError(.readOnly, "the server is a standby, which only follows another one", operation: operation)
    }
    if isReadOnly {
      return StoreError(
        .readOnly, "the session may only read (default_transaction_read_only = on)", operation: operation,
        remedy: "turn default_transaction_read_only off for the role, the database or the server")
    }
    let unsafe = [
      ("fsync", fsync), ("synchronous_commit", synchronousCommit), ("full_page_writes", fullPageWrites),
    ].filter { $0.1 == "off" }
    if let (name, _) = unsafe.first {
      return StoreError(
        .notDurable, "the server has \(name) = off: what it confirms can be lost with the power", operation: operation,
        remedy: "turn \(name) on in postgresql.conf, and for the role and the database")
    }
    if serverEncoding != "UTF8" {
      return StoreError(
        .unsuitable, "the database is encoded in \(serverEncoding), expected is UTF8", operation: operation,
        remedy: "create the database with ENCODING 'UTF8' TEMPLATE template0")
    }
    if schema == nil {
      return StoreError(
        .notPermitted, "the role has no schema to work in", operation: operation,
        remedy:
          "create a schema for the role (CREATE SCHEMA AUTHORIZATION), or grant USAGE on the first one of its search_path"
      )
    }
    return nil
  }
}
