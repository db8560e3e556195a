/// The identity of a transaction that writes. By it others learn what became of one whose commit had no answer.
package struct TransactionIdentity: Sendable, Hashable {
  /// The key of an advisory lock that it holds from its beginning to its end, for
  /// ``PostgreSQLConnection/awaitEnd(of:)``.
  let lock: Int64
  /// The server's number of it, without the epoch. Each row that it writes outside a savepoint has it as `xmin`.
  package let number: Int64

  /// The words of a statement that read such a number, from `xmin` for example.
  package static func number(of xid: String) -> String { "\(xid)::text::bigint" }
}
