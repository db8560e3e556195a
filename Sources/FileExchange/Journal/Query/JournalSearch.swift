public import ExchangeSettings
internal import FilsluseStore
internal import FilsluseBase
internal import Foundation
internal import TriggerFiles

/// A search of the journal by any fact that a person has about a file.
///
/// The text may be the number of a delivery or arrival (`D12`, `A7`), the id of a transfer or of a transmission, a
/// SHA-256 or at least its first eight digits, the code or the name of a municipality, a CVR number, or a part of a
/// file's name. All its possible meanings are searched at once; a known number or id is the whole result.
///
/// The routes of a municipality or an authority are those of the settings: deliveries of a removed route are found only
/// by the names of their files.
public struct JournalSearch: Sendable, Hashable {
  /// The text to search for.
  public let text: String
  /// Alternative texts; a name must contain one of them.
  private let names: [String]
  /// The routes for deliveries whose files all match.
  private let routes: [RouteKey]
  /// Alternative texts; an arrival's metadata must contain one of them: CVR numbers, or the id of a transmission.
  private let metadata: [String]

  private struct RouteKey: Hashable {
    let account: String
    let route: String
  }

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - text: the text; blanks around it are ignored.
  ///   - settings: the settings that say which routes are a municipality's or an authority's.
  public init(_ text: String, settings: ExchangeSettings) {
    // SQLite reads a pattern up to a zero byte, and would find every name by the rest; no name has one.
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("\0", with: "\u{FFFD}")
    self.text = text
    let code = (Municipality(code: text) ?? MunicipalityName.municipality(named: text))?.code
    let authority = (try? CVRNumber(text))?.digits
    // A name holds one of the two spellings of an å, as one scalar or as two.
    var names = [text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping]
    if let code { names.append(code) }
    self.names = names.reduce(into: []) { known, name in
      if !known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { known.append(name) }
    }
    routes = settings.routes.filter { route in
      let authorities = [route.addressing?.senderAuthority.digits, route.addressing?.recipientAuthority.digits]
      return code != nil && route.municipality == code || authority != nil && authorities.contains(authority)
    }.map { RouteKey(account: $0.account, route: $0.name) }
    let recipients = settings.arrivals.flatMap { $0.municipalities }.filter { $0.value == code }.map { $0.key.digits }
    let transmission = UUID(uuidString: text).map { _ in text.lowercased() }
    metadata = Set(recipients + [authority, transmission].compactMap(\.self)).sorted()
  }

  /// The number that the text is, as of a delivery or of an arrival.
  private var subject: JournalEntry.Subject? {
    guard let number = Int64(String(decoding: text.utf8.dropFirst(), as: UTF8.self)), number > 0 else { return nil }
    return switch text.utf8.first {
    case UInt8(ascii: "D"), UInt8(ascii: "d"): .delivery(number)
    case UInt8(ascii: "A"), UInt8(ascii: "a"): .arrival(number)
    default: nil
    }
  }

  /// The beginning of a SHA-256 in hexadecimal digits that the text is.
  private var contentPrefix: String? {
    let isHash = (8...64).contains(text.utf8.count) && text.utf8.allSatisfy { Self.hexDigits.contains($0) }
    return isHash ? text.lowercased() : nil
  }

  private static let hexDigits = Set("0123456789abcdefABCDEF".utf8)
}

/// The deliveries and arrivals that a search has found.
public struct JournalMatches: Sendable {
  /// A line for each, newest first.
  public let lines: [JournalLine]
  /// True if older ones match too.
  public let hasMore: Bool
}

extension Journal {
  /// Finds deliveries and arrivals, newest first.
  ///
  /// - Parameter limit: the number of lines at most.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func find(_ search: JournalSearch, limit: Int = 20) async throws(ExchangeError) -> JournalMatches {
    try await find(search, limit: limit, recent: JournalSearch.recent)
  }

  /// Searches with another number of newest deliveries that are scanned before the indices are used.
  func find(_ search: JournalSearch, limit: Int, recent: Int64) async throws(ExchangeError) -> JournalMatches {
    try await read { try search.run(in: $0, limit: limit, recent: recent) }
  }

  /// Records that a person was shown names with their CPR-like numbers, as entries about the journal itself, of at most
  /// 100 names each.
  ///
  /// - Parameters:
  ///   - person: the name of the person.
  ///   - search: the person's search text; it is kept masked.
  ///   - shown: the deliveries and arrivals of the names shown.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be written.
  public func noteShownNames(
    _ shown: [JournalEntry.Subject], to person: String, searchingFor search: String
  ) async throws(ExchangeError) {
    let reason = "to \(Masked.name(person)), who looked for “\(Masked.name(search))”"
    try await write { transaction in
      for start in stride(from: 0, to: shown.count, by: 100) {
        let numbers = shown.dropFirst(start).prefix(100).map(\.number).joined(separator: ", ")
        try transaction.addEntry(
          about: .journal, state: Self.namesShown, detail: "\(reason): \(numbers)", facts: nil, at: .now)
      }
    }
  }

  /// Notes that a person was shown names with their CPR-like numbers, as an entry about the journal itself, where
  /// too many are shown to name each.
  ///
  /// - Parameters:
  ///   - person: the name of the person.
  ///   - means: the command or call that shows them; it is kept masked.
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be written.
  public func noteShownNames(to person: String, by means: String) async throws(ExchangeError) {
    let detail = "to \(Masked.name(person)), by \(Masked.name(means))"
    try await write { transaction in
      try transaction.addEntry(about: .journal, state: Self.namesShown, detail: detail, facts: nil, at: .now)
    }
  }

  /// The event of an entry about names that were shown unmasked.
  private static let namesShown: EntryState = "names-shown"
}

extension JournalSearch {
  /// The numbers of the rows found.
  private struct Found {
    var deliveries: Set<Int64> = []
    var arrivals: Set<Int64> = []
    var isEmpty: Bool { deliveries.isEmpty && arrivals.isEmpty }
  }

  /// The number of newest deliveries scanned first: a text in many names is found among them, without an index.
  fileprivate static let recent: Int64 = 10_000

  fileprivate func run(in database: SQLConnection, limit: Int, recent: Int64) throws -> JournalMatches {
    let exact = try identified(in: database)
    // One row more than is shown, to know whether there are more.
    let found = exact.isEmpty ? try matching(in: database, most: limit + 1, recent: recent) : exact
    let lines = try Self.lines(of: found, in: database).sorted { ($0.begun, $0.rowNumber) > ($1.begun, $1.rowNumber) }
    return JournalMatches(lines: Array(lines.prefix(limit)), hasMore: lines.count > limit)
  }

  /// Returns the row with the text as its number, and those with it as the id of a transfer or a transmission.
  private func identified(in database: SQLConnection) throws -> Found {
    var found = Found()
    switch subject {
    case .delivery(let id): found.deliveries = try numbers("SELECT id FROM delivery WHERE id = ?", [id], in: database)
    case .arrival(let id): found.arrivals = try numbers("SELECT id FROM arrival WHERE id = ?", [id], in: database)
    case .journal, nil: break
    }
    if !found.isEmpty { return found }
    let ids: [String] = [text, text.lowercased()]
    let starts: [String] = ids.map { String($0.prefix(8)) }
    let inDeliveries: [String] = ids + ids + starts + ids + ids
    found.deliveries = try numbers(
      """
      SELECT id FROM delivery WHERE file_transfer_uuid IN (?, ?)
      UNION SELECT id FROM delivery WHERE senders_file_id IN (?, ?)
      UNION SELECT id FROM delivery WHERE substr(transaction_id, 1, 8) IN (?, ?) AND transaction_id IN (?, ?)
      UNION SELECT delivery FROM business_receipt WHERE file_transfer_uuid IN (?, ?) AND delivery IS NOT NULL
      """, inDeliveries, in: database)
    // The accounts one by one: the index has them before the ids.
    found.arrivals = try numbers(
      """
      WITH RECURSIVE known (account) AS (
        SELECT min(account) FROM arrival UNION ALL
        SELECT (SELECT min(account) FROM arrival WHERE account > known.account) FROM known
          WHERE known.account IS NOT NULL)
      SELECT id FROM arrival
        WHERE account IN (SELECT account FROM known WHERE account IS NOT NULL) AND file_transfer_uuid IN (?, ?)
      UNION SELECT arrival FROM business_receipt WHERE file_transfer_uuid IN (?, ?)
      """, ids + ids, in: database)
    return found
  }

  /// The newest rows that match in any other way.
  private func matching(in database: SQLConnection, most: Int, recent: Int64) throws -> Found {
    var found = Found()
    found.deliveries = try recentDeliveries(in: database, most: most, among: recent)
    if found.deliveries.count < most { found.deliveries = try deliveries(in: database, most: most) }
    found.arrivals = try arrivals(in: database, most: most)
    return found
  }

  /// Returns the matches among the newest deliveries only.
  private func recentDeliveries(
    in database: SQLConnection, most: Int, among recent: Int64
  ) throws -> Set<Int64> {
    var (conditions, arguments) = alternatives(onNames: "wire_name", "local_path")
    if !routes.isEmpty {
      conditions.append("(account, route) IN (VALUES \(routes.map { _ in "(?, ?)" }.joined(separator: ", ")))")
      arguments += routes.flatMap { [$0.account, $0.route] }
    }
    return try numbers(
      """
      SELECT id FROM delivery WHERE id > (SELECT max(id) FROM delivery) - \(recent)
        AND (\(conditions.joined(separator: " OR "))) ORDER BY id DESC LIMIT \(most)
      """, arguments, in: database)
  }

  /// Returns the matches among all deliveries, each by an index: the rows themselves would be half a gigabyte of a
  /// million.
  private func deliveries(in database: SQLConnection, most: Int) throws -> Set<Int64> {
    // The unary plus keeps SQLite from scanning the table by its id: the filter's index is faster.
    let newest = "ORDER BY +id DESC LIMIT \(most)"
    func byText(_ column: String) throws -> Set<Int64> {
      let condition = patterns.map { _ in "\(column) LIKE ? ESCAPE '\\'" }.joined(separator: " OR ")
      return try numbers("SELECT id FROM delivery WHERE \(condition) \(newest)", patterns, in: database)
    }
    var found = try byText("wire_name").union(byText("local_path"))
    if let contentPrefix {
      found.formUnion(
        try numbers(
          "SELECT id FROM delivery WHERE substr(sha256, 1, 8) = ? AND sha256 LIKE ? \(newest)",
          [String(contentPrefix.prefix(8)), contentPrefix + "%"], in: database))
    }
    for key in routes {
      found.formUnion(
        try numbers(
          "SELECT id FROM delivery WHERE account = ? AND route = ? \(newest)", [key.account, key.route], in: database))
    }
    return found
  }

  private func arrivals(in database: SQLConnection, most: Int) throws -> Set<Int64> {
    var (conditions, arguments) = alternatives(onNames: "wire_name", "local_name")
    for text in metadata {
      conditions.append("instr(metadata_xml, ?) > 0")
      arguments.append(Array(text.utf8))
    }
    let documents = metadata.isEmpty ? "" : "LEFT JOIN arrival_document ON arrival = id"
    return try numbers(
      "SELECT id FROM arrival \(documents) WHERE \(conditions.joined(separator: " OR ")) ORDER BY id DESC LIMIT \(most)",
      arguments, in: database)
  }

  /// The alternative conditions on two columns with names, and on the content.
  private func alternatives(
    onNames one: String, _ other: String
  ) -> (conditions: [String], arguments: [any SQLConvertible]) {
    var conditions = names.flatMap { _ in ["\(one) LIKE ? ESCAPE '\\'", "\(other) LIKE ? ESCAPE '\\'"] }
    var arguments: [any SQLConvertible] = patterns.flatMap { [$0, $0] }
    if let contentPrefix {
      conditions.append("sha256 LIKE ?")
      arguments.append(contentPrefix + "%")
    }
    return (conditions, arguments)
  }

  /// The names as LIKE patterns with escaped wildcards. LIKE ignores case from A to Z.
  private var patterns: [String] {
    names.map { name in
      "%" + name.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
    }
  }

  private func numbers(
    _ sql: String, _ arguments: [any SQLConvertible], in database: SQLConnection
  ) throws -> Set<Int64> {
    Set(try database.rows(sql, arguments).map { try $0.int(0) })
  }

  private static func lines(of found: Found, in database: SQLConnection) throws -> [JournalLine] {
    var lines: [JournalLine] = []
    for id in found.deliveries {
      let sql = "SELECT id, staged_at, state, wire_name, route, infref, size FROM delivery WHERE id = ?"
      if let row = try database.row(sql, [id]) { lines.append(try JournalLine(subject: .delivery(id), row: row)) }
    }
    for id in found.arrivals {
      let sql = "SELECT id, seen_at, state, wire_name, sender, infref, size FROM arrival WHERE id = ?"
      if let row = try database.row(sql, [id]) { lines.append(try JournalLine(subject: .arrival(id), row: row)) }
    }
    return lines
  }
}

extension JournalLine {
  fileprivate var rowNumber: Int64 { subject.delivery ?? subject.arrival ?? 0 }
}
