/// The outcomes of all cases on all servers, and how far they are as expected.
struct ConformanceMatrix: Sendable {
  private enum Cell: Sendable {
    case outcome(ConformanceOutcome)
    case skipped
  }

  private var cells: [ServerKind: [ConformanceCase: Cell]] = [:]
  private var missing: [ServerKind: String] = [:]

  mutating func note(_ outcome: ConformanceOutcome, _ subject: ConformanceCase, on server: ServerKind) {
    cells[server, default: [:]][subject] = .outcome(outcome)
  }

  /// Notes that a server's program is missing, so that none of its cases ran.
  mutating func skip(_ cases: [ConformanceCase], on server: ServerKind, package: String) {
    for subject in cases { cells[server, default: [:]][subject] = .skipped }
    missing[server] = package
  }

  /// The matrix that the expectations make, for comparison with what comes out.
  static var expected: ConformanceMatrix {
    var matrix = ConformanceMatrix()
    for server in ServerKind.allCases {
      for subject in ConformanceCase.allCases {
        matrix.note(
          ConformanceOutcome(word: ExpectedOutcome.of(subject, on: server)?.word ?? "ok"), subject, on: server)
      }
    }
    return matrix
  }

  /// The matrix as a table in Markdown, with the reason for each expected outcome that is not `ok`.
  var table: String {
    let cases = ConformanceCase.allCases.filter { subject in cells.values.contains { $0[subject] != nil } }
    let servers = ServerKind.allCases.filter { cells[$0] != nil }
    var reasons: [String] = []
    var lines = [
      (["Server"] + cases.map(\.title)).joined(separator: " | "),
      Array(repeating: "---", count: cases.count + 1).joined(separator: " | "),
    ]
    for server in servers {
      var words = [server.title]
      for subject in cases {
        switch cells[server]?[subject] {
        case nil: words.append("")
        case .skipped: words.append("skipped")
        case .outcome(let outcome):
          guard let expected = ExpectedOutcome.of(subject, on: server), expected.word == outcome.word else {
            words.append(outcome.word)
            continue
          }
          let number = (reasons.firstIndex(of: expected.reason) ?? reasons.count) + 1
          if number > reasons.count { reasons.append(expected.reason) }
          words.append("\(outcome.word) (\(number))")
        }
      }
      lines.append(words.joined(separator: " | "))
    }
    let notes = reasons.enumerated().map { "\($0.offset + 1). \($0.element)" }
    return (lines.map { "| \($0) |" } + (notes.isEmpty ? [] : [""] + notes)).joined(separator: "\n")
  }

  /// The cases that did not come out as expected, each with what was said.
  var surprises: [String] {
    each { server, subject, cell in
      guard case .outcome(let outcome) = cell else { return nil }
      let expected = ExpectedOutcome.of(subject, on: server)?.word ?? "ok"
      return outcome.word == expected
        ? nil : "\(server.rawValue), \(subject.rawValue): \(outcome.word), expected: \(expected)\n\(outcome.detail)"
    }
  }

  /// The servers whose cases did not run, each with the package that is missing.
  var skippedServers: [String] {
    ServerKind.allCases.compactMap { server in missing[server].map { "\(server.rawValue) (no \($0))" } }
  }

  /// The counts in one line.
  var counts: String {
    let skipped = each { _, _, cell in if case .skipped = cell { true } else { nil } }.count
    let all = each { _, _, _ in true }.count
    return "\(all - skipped - surprises.count) passed, \(surprises.count) failed, \(skipped) skipped"
  }

  private func each<Value>(_ body: (ServerKind, ConformanceCase, Cell) -> Value?) -> [Value] {
    ServerKind.allCases.flatMap { server in
      ConformanceCase.allCases.compactMap { subject in
        cells[server]?[subject].flatMap { body(server, subject, $0) }
      }
    }
  }
}
