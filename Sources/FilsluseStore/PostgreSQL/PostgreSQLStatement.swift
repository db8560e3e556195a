internal import CPostgreSQLShim

/// A statement with its values, as it is sent.
struct PostgreSQLStatement {
  /// The part of it that a prepared statement has: the text and the types of the values.
  struct Key: Hashable {
    let sql: String
    let types: [UInt32]

    /// The message that prepares it.
    ///
    /// - Throws: ``StoreError`` where it takes another number of values.
    func preparation(as prepared: Prepared) throws(StoreError) -> PostgreSQLSession.Message {
      let text = try translated()
      return PostgreSQLSession.Message(operation: prepared.operation) { connection in
        filsluse_pq_prepare(connection, prepared.name, text, Int32(types.count), types)
      }
    }

    fileprivate func translated() throws(StoreError) -> String {
      let text = PostgreSQLText(sql)
      guard text.parameters == types.count else {
        throw StoreError(
          .statement, "the statement takes \(text.parameters) values, and has \(types.count)",
          operation: PostgreSQLStatement.operation(sql))
      }
      return text.sql
    }
  }

  /// A prepared statement: its name, and the operation that its errors name.
  struct Prepared {
    let name: String
    let operation: String
  }

  let key: Key
  /// False for one that will not come again, or that needs no preparation.
  let isKept: Bool
  private let parameters: PostgreSQLParameters

  init(_ sql: String, _ values: [any SQLConvertible] = [], isKept: Bool = true) {
    parameters = PostgreSQLParameters(values)
    key = Key(sql: sql, types: parameters.types)
    self.isKept = isKept
  }

  /// The message that runs it.
  ///
  /// - Parameter prepared: the same, prepared; `nil` where it is prepared for this once.
  /// - Throws: ``StoreError`` where it takes another number of values.
  func message(preparedAs prepared: Prepared?) throws(StoreError) -> PostgreSQLSession.Message {
    if let prepared {
      return PostgreSQLSession.Message(operation: prepared.operation) { connection in
        parameters.withValues { filsluse_pq_send_prepared(connection, prepared.name, $0) }
      }
    }
    let text = try key.translated()
    return PostgreSQLSession.Message(operation: Self.operation(key.sql)) { connection in
      parameters.withValues { filsluse_pq_send(connection, text, key.types, $0) }
    }
  }

  /// The statement's beginning, for errors. Values are parameters, so none is in it.
  static func operation(_ sql: String) -> String {
    sql.prefix(60).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
