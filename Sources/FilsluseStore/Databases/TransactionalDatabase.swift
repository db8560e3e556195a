/// A database of either kind, with durable commits (on the disk when they return). All calls block.
package protocol TransactionalDatabase: Sendable {
  /// Reads in one consistent view.
  ///
  /// - Throws: what `look` throws, or ``StoreError``, also where the database is closed.
  func read<Result>(_ look: (SQLConnection) throws -> Result) throws -> Result

  /// Runs a change in a transaction.
  ///
  /// - Throws: what `change` throws, or ``StoreError``, also where the database is closed. Its cause is `uncertain`
  ///   where the connection was lost during the commit; after any other error nothing of the change is kept.
  func write<Result>(_ change: (SQLConnection) throws -> Result) throws -> Result

  /// Refuses new calls and closes the database; closing it again does nothing.
  ///
  /// - Throws: ``StoreError`` when it cannot be closed; it is then open as before.
  func close() throws
}
