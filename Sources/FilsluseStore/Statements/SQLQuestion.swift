/// A statement that is run together with others, none of which needs another's answer.
package struct SQLQuestion: Sendable {
  enum Kind: Sendable {
    case change
    case insert
    case row
  }

  let kind: Kind
  let sql: String
  let values: [SQLValue]

  private init(_ kind: Kind, _ sql: String, _ values: [any SQLConvertible]) {
    self.kind = kind
    self.sql = sql
    self.values = values.map(\.sqlValue)
  }

  /// A statement that changes rows: the answer counts them.
  package static func change(_ sql: String, _ values: [any SQLConvertible]) -> SQLQuestion {
    SQLQuestion(.change, sql, values)
  }

  /// A statement that inserts a row into a table whose numbers are in a column `id`: the answer has its number.
  package static func insert(_ sql: String, _ values: [any SQLConvertible]) -> SQLQuestion {
    SQLQuestion(.insert, sql, values)
  }

  /// A query: the answer has its first row.
  package static func row(_ sql: String, _ values: [any SQLConvertible]) -> SQLQuestion {
    SQLQuestion(.row, sql, values)
  }
}

/// The answer to a question.
package struct SQLAnswer {
  /// The number of rows that a change inserted, updated or deleted.
  package var changed = 0
  /// The number of an inserted row.
  package var number: Int64 = 0
  /// The first row of a query, which stays valid; `nil` where there is none.
  package var row: SQLRow?
}

extension PostgreSQLConnection {
  /// Runs statements of which none needs another's answer. They are sent in one go.
  ///
  /// - Returns: the answer to each.
  /// - Throws: ``StoreError`` of the first one that failed; those after it were not run.
  package func ask(_ questions: [SQLQuestion]) throws(StoreError) -> [SQLAnswer] {
    var statements: [PostgreSQLStatement] = []
    for question in questions {
      let sql = question.kind == .insert ? Self.returningNumber(question.sql) : question.sql
      statements.append(PostgreSQLStatement(sql, question.values))
    }
    let results = try answers(to: statements)
    var read: [SQLAnswer] = []
    for (question, result) in zip(questions, results) {
      switch question.kind {
      case .change: read.append(SQLAnswer(changed: result.changed))
      case .insert: read.append(SQLAnswer(number: try Self.number(in: result, question.sql)))
      case .row: read.append(SQLAnswer(row: result.first.map { SQLRow($0) }))
      }
    }
    return read
  }
}
