package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

extension WatchDatabase {
  /// Acknowledges alerts: they are not notified again until they get worse or are resolved.
  ///
  /// Acknowledging a group, the alert for many findings, acknowledges its members too; when all its members are
  /// acknowledged, so is the group.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  package func acknowledge(
    _ selection: AlertSelection, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    try await change(selection, act, .acknowledged)
  }

  /// Undoes acknowledgements: the alerts fire again, and are repeated when due.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  package func undoAcknowledgement(
    _ selection: AlertSelection, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    try await change(selection, act, .undone)
  }

  /// Returns the act of a number; `nil` where there is none, or it is forgotten.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func doneAct(_ number: Int64) async throws(ExchangeError) -> DoneAct? {
    try await read("read the acts in") { database -> DoneAct? in
      guard let row = try database.row("SELECT kind, count FROM act WHERE id = ?", [number]),
        let kind = Act.Kind(rawValue: try row.text(0))
      else { return nil }
      return DoneAct(kind: kind, count: Int(try row.int(1)))
    }
  }

  private func change(
    _ selection: AlertSelection, _ act: Act, _ kind: Act.Kind
  ) async throws(ExchangeError) -> ActAnswer<ActResult> {
    if let refusal = act.refusal ?? selection.refusal { return .refused(refusal) }
    return try await write("write the acknowledgement to") { database -> ActAnswer<ActResult> in
      if let refusal = try Self.refusalOfAct(in: database) { return .refused(refusal) }
      if let earlier = try act.earlier(in: database) {
        return .done(ActResult(act: earlier.number, isRepetition: true, count: earlier.count))
      }
      var change = try AcknowledgementChange(act, kind, in: database)
      try change.apply(to: selection)
      return .done(try change.finish())
    }
  }
}

/// The answer to the acknowledgement of one alert.
package enum AcknowledgementAnswer: Sendable, Hashable, Codable {
  /// It is acknowledged: its new state.
  case done(Alert)
  /// The acknowledgement is refused for this reason, and nothing was changed.
  case refused(AlertRefusal)
  /// There is no alert of that number.
  case unknown
}

/// A change of the acknowledgements of several alerts, written in one transaction.
struct AcknowledgementChange {
  private let act: Act
  private let kind: Act.Kind
  private let database: SQLConnection
  private let number: Int64
  private var changed: Set<Int64> = []
  private var outcomes: [Int64: ActResult.Outcome] = [:]
  private var left = 0

  init(_ act: Act, _ kind: Act.Kind, in database: SQLConnection) throws {
    self.act = act
    self.kind = kind
    self.database = database
    number = try act.keep(kind, in: database)
  }

  /// Changes the alerts of a selection, and the groups and members that change with them.
  mutating func apply(to selection: AlertSelection) throws {
    let chosen = try selection.numbers(kind == .acknowledged ? .firing : .acknowledged, in: database)
    left = chosen.left
    var onlyOf: Int64?
    if case .act(let act) = selection { onlyOf = act }
    var groups: Set<Int64> = []
    for id in chosen.numbers {
      let (outcome, group) = try change(id, onlyOf: onlyOf)
      if case .alerts = selection { outcomes[id] = outcome }
      if outcome == .done, let group { groups.insert(group) }
    }
    for group in groups { try changeGroup(group) }
  }

  /// Acknowledges one alert.
  ///
  /// - Throws: ``AlertRefusal`` unless it is firing.
  mutating func acknowledge(_ alert: Alert) throws -> Alert {
    var alert = alert
    try alert.acknowledge(by: act.by, why: act.why, at: act.at, act: number)
    try save(alert)
    if alert.group != nil { try changeMembers(of: alert.id) }
    if let group = alert.groupedInto { try changeGroup(group) }
    return alert
  }

  /// Writes the number of changed alerts. An act that changed nothing is dropped with its key, so that the same form
  /// can be sent again with other alerts.
  func finish() throws -> ActResult {
    if changed.isEmpty {
      try database.execute("DELETE FROM act WHERE id = ?", [number])
    } else {
      try database.execute("UPDATE act SET count = ? WHERE id = ?", [changed.count, number])
    }
    return ActResult(act: number, count: changed.count, left: left, outcomes: outcomes)
  }

  /// Changes one alert; returns the result, and the alert's group.
  private mutating func change(
    _ id: Int64, onlyOf act: Int64? = nil
  ) throws -> (outcome: ActResult.Outcome, group: Int64?) {
    if changed.contains(id) { return (.done, nil) }
    let row = try database.row("SELECT id, document FROM alert WHERE id = ?", [id])
    guard var alert = try row.map(Alert.init) else { return (.unknown, nil) }
    switch (kind, alert.state) {
    case (_, .resolved): return (.over, nil)
    case (_, .pending): return (.pending, nil)
    case (.acknowledged, .firing):
      try alert.acknowledge(by: self.act.by, why: self.act.why, at: self.act.at, act: number)
    case (.acknowledged, .acknowledged): return (.already(by: alert.acknowledgement?.by), nil)
    case (_, .acknowledged):
      if let act, alert.acknowledgement?.act != act { return (.already(by: alert.acknowledgement?.by), nil) }
      alert.undoAcknowledgement()
    case (_, .firing): return (.already(by: nil), nil)
    }
    try save(alert)
    if alert.group != nil { try changeMembers(of: id, onlyOf: act) }
    return (.done, alert.groupedInto)
  }

  private mutating func save(_ alert: Alert) throws {
    try alert.save(in: database)
    try act.note(kind == .acknowledged ? .acknowledged : .undone, number: number, of: alert.id, in: database)
    changed.insert(alert.id)
  }

  /// Changes the open members of a group along with it.
  private mutating func changeMembers(of group: Int64, onlyOf act: Int64? = nil) throws {
    let most = AlertSelection.mostOfAGroup
    let members = try database.rows(
      "SELECT id FROM alert WHERE grouped_into = ? AND state != 'resolved' ORDER BY id LIMIT \(most)", [group]
    ).map { try $0.int(0) }
    for member in members { _ = try change(member, onlyOf: act) }
  }

  /// Changes a group along with its members: it is acknowledged when all of them are, and fires when one does.
  private mutating func changeGroup(_ group: Int64) throws {
    if changed.contains(group) { return }
    if kind == .acknowledged {
      let firing = try database.int(
        "SELECT count(*) FROM alert WHERE grouped_into = ? AND state IN ('firing', 'pending')", [group])
      if firing != 0 { return }
    }
    let row = try database.row("SELECT id, document FROM alert WHERE id = ?", [group])
    guard var alert = try row.map(Alert.init) else { return }
    switch (kind, alert.state) {
    case (.acknowledged, .firing):
      try alert.acknowledge(by: act.by, why: act.why, at: act.at, act: number)
    case (.undone, .acknowledged): alert.undoAcknowledgement()
    default: return
    }
    try save(alert)
  }
}
