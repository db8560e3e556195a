import FileExchange
import FilsluseSystem

/// What `receive` tells of its arrivals, and how it ends.
struct ReceiveResult {
  let reports: [CollectionReport]

  /// Shows every arrival on standard output, what stays in IN on standard error, and ends as the gravest of them.
  func show(json: Bool) throws {
    if json {
      try Output.print(json: reports.map(AccountLines.init))
    } else {
      var table = Table(header: ["STATE", "NAME", "INFREF", "SENDER", "BYTES", "ARRIVAL"])
      for arrival in reports.flatMap({ $0.collected + $0.quarantined }) {
        let cells = [
          arrival.state.rawValue, Masked.name(arrival.localName ?? arrival.wireName), arrival.infRef ?? "",
          arrival.sender, String(arrival.size), String(arrival.id),
        ]
        table.add(cells.map { Printable.text(Masked.name($0)) })
      }
      Output.print(table.isEmpty ? "nothing waits" : table.text)
    }
    for report in reports { note(report) }
    let status = ExitStatus.gravest(reports.flatMap(Self.statuses))
    if status != .done { throw CommandFailure(status) }
  }

  private func note(_ report: CollectionReport) {
    for arrival in report.collected where arrival.localName != arrival.wireName {
      note(arrival, "lies in the inbox as \(Masked.name(arrival.localName ?? ""))")
    }
    for arrival in report.repeated { note(arrival, "was handed over before; the copy in IN was removed") }
    for arrival in report.quarantined { note(arrival, "is left in IN: \(arrival.reason ?? "")") }
    for delivery in report.settled {
      let name = Masked.name(delivery.wireName)
      let outcome = Masked.name(delivery.outcome ?? "")
      Output.note(Printable.text("filsluse: receipt of \(name) (delivery \(delivery.id)): \(outcome)"))
    }
    for problem in report.problems { Output.note(Printable.text("filsluse: \(report.account): \(problem)")) }
  }

  private func note(_ arrival: Arrival, _ text: String) {
    Output.note(Printable.text("filsluse: \(Masked.name(arrival.wireName)) \(Masked.name(text))"))
  }

  private static func statuses(of report: CollectionReport) -> [ExitStatus] {
    report.problems.map { ExitStatus($0) } + report.quarantined.map { _ in .badData }
      + report.settled.map { $0.state == .refused ? .refused : .done }
  }
}

/// One account's part of the result, as JSON.
private struct AccountLines: Encodable {
  struct Line: Encodable {
    let arrival: Int64
    let fileTransferUuid: String
    let name: String
    let localName: String?
    let state: String
    let infRef: String?
    let sender: String
    let size: UInt64
    let sha256: String?
    let reason: String?

    init(_ arrival: Arrival) {
      self.arrival = arrival.id
      fileTransferUuid = arrival.fileTransferUUID
      name = Masked.name(arrival.wireName)
      localName = arrival.localName.map(Masked.name)
      state = arrival.state.rawValue
      infRef = arrival.infRef.map(Masked.name)
      sender = Masked.name(arrival.sender)
      size = arrival.size
      sha256 = arrival.sha256?.hex
      reason = arrival.reason.map(Masked.name)
    }
  }

  struct Problem: Encodable {
    let code: String
    let message: String
    let tryAgain: Bool
  }

  let account: String
  let collected: [Line]
  let repeated: [Line]
  let quarantined: [Line]
  let receipts: [Int64]
  let problems: [Problem]

  init(_ report: CollectionReport) {
    account = report.account
    collected = report.collected.map(Line.init)
    repeated = report.repeated.map(Line.init)
    quarantined = report.quarantined.map(Line.init)
    receipts = report.settled.map(\.id)
    problems = report.problems.map {
      Problem(code: $0.code.rawValue, message: $0.description, tryAgain: $0.isRetriable)
    }
  }
}
