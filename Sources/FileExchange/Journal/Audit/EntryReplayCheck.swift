internal import FilsluseStore
internal import FilsluseBase

/// Replays the entries of each delivery and arrival, and compares the result with its row, one at a time.
struct EntryReplayCheck {
  private(set) var findings = JournalFindings()

  /// The state and facts that the entries of one delivery or arrival add up to.
  private struct Story {
    var facts = AuditFacts()
    var state = ""
    var at: Int64 = 0
    var number: Int64 = 0
  }

  init(in database: SQLConnection) throws {
    let deliveryStates = Set(DeliveryState.allCases.map(\.rawValue))
    try compare("delivery", as: "D", Delivery.columns, states: deliveryStates, in: database) { row in
      let delivery = try Delivery(row: row)
      return (delivery.id, delivery.facts, delivery.state.rawValue, delivery.changedAt.millisecondsSince1970)
    }
    try compareOpenness(in: database)
    let arrivalStates = Set(ArrivalState.allCases.map(\.rawValue))
    try compare(
      "arrival", as: "A", "\(Arrival.columns), \(AnswerFacts.columns)", AnswerFacts.joins, states: arrivalStates,
      in: database
    ) { row in
      let arrival = try Arrival(row: row)
      return (
        arrival.id, arrival.facts.and(try AnswerFacts.facts(row: row, from: Arrival.columnCount)),
        arrival.state.rawValue,
        arrival.changedAt.millisecondsSince1970
      )
    }
  }

  /// The mark of a delivery that is under way follows from its state: it keeps the name in OUT from others.
  private mutating func compareOpenness(in database: SQLConnection) throws {
    let finished = DeliveryState.allCases.filter(\.isFinished)
    let list = finished.map { _ in "?" }.joined(separator: ", ")
    let wrong = try database.rows(
      "SELECT id FROM delivery WHERE (is_open = 1) <> (state NOT IN (\(list))) ORDER BY id", finished.map(\.rawValue))
    while let row = try wrong.next() {
      let id = try row.int(0)
      findings.add(
        .init(
          number: 0, "D\(id) is not what its state says: whether it is under way",
          "D\(id) er ikke, hvad dens tilstand siger: om den er undervejs"))
    }
  }

  /// Rows and entries both come in the order of the rows' numbers, so that neither has to be held.
  private mutating func compare(
    _ table: String, as letter: String, _ columns: String, _ joins: String = "", states: Set<String>,
    in database: SQLConnection,
    read: (SQLRow) throws -> (id: Int64, facts: AuditFacts, state: String, at: Int64)
  ) throws {
    let rows = try database.rows(
      "SELECT \(columns) FROM \(table) LEFT JOIN \(table)_document ON \(table)_document.\(table) = id \(joins) ORDER BY id",
      inPiecesOf: 1000)
    let entries = try database.rows(
      "SELECT \(table), number, at, state, facts FROM entry WHERE \(table) IS NOT NULL ORDER BY \(table), number",
      inPiecesOf: 1000)
    var row = try rows.next().map(read)
    var entry = try entries.next()
    while row != nil || entry != nil {
      let subject = try entry.map { try $0.int(0) }
      guard let id = [row?.id, subject].compactMap({ $0 }).min() else { break }
      var story = Story()
      while let next = entry, try next.int(0) == id {
        story.number = try next.int(1)
        // Some entries record no state but another event, such as a recipient's answer.
        let state = try next.text(3)
        if states.contains(state) { (story.at, story.state) = (try next.int(2), state) }
        if let facts = try next.optionalText(4) { story.facts.apply(facts) }
        entry = try entries.next()
      }
      if let one = row, one.id == id {
        try judge("\(letter)\(id)", one.facts, one.state, one.at, by: story, in: database)
        row = try rows.next().map(read)
      } else {
        findings.add(
          .init(
            number: story.number, "\(letter)\(id) is gone, its last entry \(story.number) is there",
            "\(letter)\(id) er væk, dens sidste post \(story.number) er der"))
      }
    }
  }

  private mutating func judge(
    _ name: String, _ facts: AuditFacts, _ state: String, _ at: Int64, by story: Story, in database: SQLConnection
  ) throws {
    guard story.number > 0 else {
      findings.add(
        .init(number: 0, "\(name) is there, and no entry tells of it", "\(name) er der, og ingen post fortæller om den")
      )
      return
    }
    var differing = try facts.differences(from: story.facts).filter { fact in
      if StagingNotes.factsOfEntries.contains(fact) { return false }
      return try facts.values[fact] != nil
        || !AnswerFacts.areOfForgottenDelivery(fact, story.facts.values[fact], in: database)
    }
    if state != story.state { differing.append("state") }
    if at != story.at { differing.append("time of its last change") }
    if !differing.isEmpty {
      let what = differing.joined(separator: ", ")
      findings.add(
        .init(
          number: story.number, "\(name) is not what its entries up to \(story.number) tell: \(what)",
          "\(name) er ikke, hvad posterne til og med \(story.number) fortæller: \(what)"))
    }
  }
}
