internal import ExchangeSettings
internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

/// Finds the problems of one kind that the states of an account's deliveries or arrivals show.
struct ProblemQuery {
  let kind: OpenProblem.Kind
  private let account: String
  private let table: String
  private let condition: String
  let arguments: [any SQLConvertible]

  /// The query of a kind; `nil` for a kind that no state shows.
  init?(_ kind: OpenProblem.Kind, _ account: Account, at now: Timestamp) {
    self.kind = kind
    self.account = account.name
    var arguments: [any SQLConvertible] = [account.name]
    switch kind {
    case .refused:
      table = "delivery"
      // A later delivery of the same name by the same route takes its place, whatever becomes of that one.
      condition = """
        refused_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery AS later
          WHERE later.account = delivery.account AND later.wire_name = delivery.wire_name
            AND later.route = delivery.route AND later.id > delivery.id AND later.state <> 'cancelled')
        """
    case .overdue:
      table = "delivery"
      condition = "is_open = 1 AND state IN ('triggered', 'taken', 'overdue') AND changed_at < ?"
      arguments += [now.earlier(by: account.receiptWithin).millisecondsSince1970]
    case .quarantined:
      table = "arrival"
      condition = "state = 'quarantined'"
    case .setAside:
      table = "arrival"
      condition = "state = 'set-aside'"
    case .hookFails:
      table = "arrival"
      condition = "state IN ('verified', 'handing-over') AND tries > 0"
    default: return nil
    }
    self.arguments = arguments
  }

  /// The oldest of them.
  func problems(in database: SQLConnection, most: Int) throws -> [OpenProblem] {
    try fetch(in: database, "\(condition) AND \(isNotClosed) ORDER BY changed_at, id LIMIT ?", arguments + [most])
  }

  /// The problem that is about one delivery or arrival.
  func problem(about subject: String, in database: SQLConnection) throws -> OpenProblem? {
    guard subject.hasPrefix(letter), let id = Int64(subject.dropFirst()) else { return nil }
    return try fetch(in: database, "\(condition) AND \(isNotClosed) AND id = ?", arguments + [id]).first
  }

  /// Returns the number of problems.
  func count(in database: SQLConnection) throws -> Int {
    Int(try database.int(counting, arguments) ?? 0)
  }

  /// The statement that counts the problems.
  var counting: String { "SELECT count(*) FROM \(table) WHERE account = ? AND \(condition) AND \(isNotClosed)" }

  /// Returns the oldest problems without an alert.
  func notAlerted(in database: SQLConnection, most: Int) throws -> [OpenProblem] {
    try fetch(
      in: database, "\(condition) AND \(isNotClosed) AND \(isNotAlerted) ORDER BY changed_at, id LIMIT ?",
      arguments + [most])
  }

  /// Returns the number of problems without an alert.
  func countNotAlerted(in database: SQLConnection) throws -> Int {
    let sql = "SELECT count(*) FROM \(table) WHERE account = ? AND \(condition) AND \(isNotClosed) AND \(isNotAlerted)"
    return Int(try database.int(sql, arguments) ?? 0)
  }

  /// Records that an alert was sent for all of them.
  func markAlerted(in database: SQLConnection) throws {
    let sql = """
      INSERT INTO alerted_problem (kind, account, subject, since, message)
      SELECT '\(kind.rawValue)', account, '\(letter)' || id, changed_at, wire_name FROM \(table)
      WHERE account = ? AND \(condition) AND \(isNotClosed) AND \(isNotAlerted)
      """
    try database.execute(sql, arguments)
  }

  /// Returns the alerted subjects that are no problem any more.
  func over(in database: SQLConnection) throws -> [String] {
    // The letter and a digit: the colon comes after the nine.
    let sql = """
      SELECT subject FROM alerted_problem WHERE kind = '\(kind.rawValue)' AND account = ?
        AND subject >= '\(letter)0' AND subject < '\(letter):' AND subject NOT IN (
          SELECT '\(letter)' || id FROM \(table) WHERE account = ? AND \(condition) AND \(isNotClosed))
      ORDER BY since
      """
    return try database.rows(sql, [account] + arguments).map { try $0.text(0) }
  }

  private var letter: String { table == "delivery" ? "D" : "A" }

  /// A change of the row after the closing opens the problem again.
  private var isNotClosed: String {
    """
    NOT EXISTS (SELECT 1 FROM closed_problem AS closed WHERE closed.kind = '\(kind.rawValue)'
      AND closed.account = \(table).account AND closed.subject = '\(letter)' || \(table).id
      AND closed.closed_at >= \(table).changed_at)
    """
  }

  private var isNotAlerted: String {
    """
    NOT EXISTS (SELECT 1 FROM alerted_problem AS alerted WHERE alerted.kind = '\(kind.rawValue)'
      AND alerted.account = \(table).account AND alerted.subject = '\(letter)' || \(table).id)
    """
  }

  private func fetch(
    in database: SQLConnection, _ condition: String, _ arguments: [any SQLConvertible]
  ) throws -> [OpenProblem] {
    let isDelivery = table == "delivery"
    let sql = """
      SELECT id, wire_name, \(isDelivery ? "outcome" : "reason"), changed_at, state, infref, file_transfer_uuid,
        \(isDelivery ? "NULL" : "sender")
      FROM \(table) WHERE account = ? AND \(condition)
      """
    return try database.rows(sql, arguments).map { row in
      let number = "\(letter)\(try row.int(0))"
      let (name, detail) = (try row.text(1), try row.optionalText(2))
      let isTaken = try row.text(4) == DeliveryState.taken.rawValue
      let (message, remedy) = text(name: name, detail: detail, isTaken: isTaken, number)
      var problem = OpenProblem(
        OpenProblem.Key(kind, account: account, subject: number), message: message, remedy: remedy,
        since: Timestamp(millisecondsSince1970: try row.int(3)))
      problem.fileName = Masked.name(name)
      problem.infRef = try row.optionalInfRef(5)
      problem.fileTransferUUID = try row.optionalText(6)
      problem.danish = VisibleText.oneLine(
        Masked.name(danish(name: name, detail: detail, isTaken: isTaken, sender: try row.optionalText(7))))
      return problem
    }
  }

  /// Words the message in Danish, by the same facts. The platform's own words are quoted.
  private func danish(name: String, detail: String?, isTaken: Bool, sender: String?) -> String {
    let reason = detail.map { ArrivalReason(stored: $0).text.da } ?? "uden at grunden er noteret"
    return switch kind {
    case .refused:
      "Platformen har afvist \(name)\(detail.map { ". Kvitteringen siger: „\($0)“" } ?? " uden at sige hvorfor")"
    case .overdue:
      "\(name) \(isTaken ? "er taget fra OUT" : "ligger i OUT"), og kvitteringen er ikke kommet"
    case .quarantined: "\(name) fra afsenderen \(sender ?? "") bliver liggende i IN: \(reason)"
    case .hookFails: "\(name) er ikke overtaget af sit program, og der prøves igen: \(reason)"
    default: "\(name) fra afsenderen \(sender ?? "") er lagt til side: \(reason)"
    }
  }

  private func text(
    name: String, detail: String?, isTaken: Bool, _ number: String
  ) -> (message: String, remedy: Remedy) {
    let isDelivery = table == "delivery"
    let reason = detail.map { isDelivery ? $0 : ArrivalReason(stored: $0).description } ?? "no reason given"
    let closing: Remedy = "or, when it is dealt with: \(.closeProblem(number))"
    return switch kind {
    case .refused:
      ("the platform refused \(name): \(reason)", "when that is mended: \(.retry(number)); \(closing)")
    case .overdue:
      (
        "\(name) is \(isTaken ? "taken from OUT" : "in OUT"), and its receipt has not come",
        "it may still come; if it does not, ask the platform's help desk"
      )
    case .quarantined:
      ("\(name) is left in IN: \(reason)", "mend that as it says, in the settings or with the sender; \(closing)")
    case .hookFails:
      ("\(name) is not taken over by its program: \(reason)", "it is tried again; see the program's own log")
    default:
      ("\(name) is set aside: \(reason)", "when that is mended: \(.retry(number)); \(closing)")
    }
  }
}

extension OpenProblem.Kind {
  /// True if a ``ProblemQuery`` finds all of its problems.
  var isFoundByQuery: Bool {
    switch self {
    case .refused, .overdue, .quarantined, .hookFails: true
    default: false
    }
  }
}
