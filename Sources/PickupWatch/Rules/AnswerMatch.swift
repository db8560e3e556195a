internal import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// Matches business answers to deliveries.
///
/// A business receipt answers the delivery that it names, by its FileTransferUUID or else its name, and no other. An
/// answer without a name belongs to the oldest delivery that waited for an answer when it came.
struct AnswerMatch: Sendable {
  /// The answer to a delivery.
  struct Answer: Sendable, Hashable {
    let file: ArrivedFile
    /// True if the answer itself names the delivery.
    let isNamed: Bool
  }

  private var answers: [Int64: Answer] = [:]

  /// Returns the answer to a delivery; `nil` for none.
  subscript(_ delivery: DeliveryOutcome) -> Answer? { answers[delivery.id] }

  /// - Parameters:
  ///   - deliveries: the deliveries that wait for an answer with this InfRef, or have had one.
  ///   - files: the received files with this InfRef.
  init(_ deliveries: [DeliveryOutcome], answeredBy files: [ArrivedFile]) {
    let deliveries = deliveries.sorted { ($0.committedAt, $0.id) < ($1.committedAt, $1.id) }
    var counted: Set<String> = []
    let files = files.sorted { ($0.came, $0.transfer) < ($1.came, $1.transfer) }
      .filter { counted.insert($0.transfer).inserted }
    for file in files {
      guard case .named(let transfer, let fileName, let id) = file.answered else { continue }
      let sent = deliveries.filter { $0.committedAt <= file.came }
      let named =
        sent.last { $0.id == id }
        ?? sent.last { $0.fileTransferUUID == transfer }
        ?? sent.last { $0.fileTransferUUID == nil && $0.wireName.string == fileName }
      if let named, answers[named.id] == nil { answers[named.id] = Answer(file: file, isNamed: true) }
    }
    for file in files where file.answered == .unnamed {
      if let oldest = deliveries.first(where: { answers[$0.id] == nil && $0.committedAt <= file.came }) {
        answers[oldest.id] = Answer(file: file, isNamed: false)
      }
    }
  }
}
