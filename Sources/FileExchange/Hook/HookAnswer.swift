internal import FilsluseSystem
internal import Foundation
internal import TriggerFiles

/// The answer of a receiver's program on its standard output: a JSON object with an `acceptance`, and perhaps a
/// `reason`.
struct HookAnswer: Sendable, Equatable {
  let acceptance: BusinessReceipt.Acceptance
  let reason: String?

  /// The reason why an answer cannot be used.
  struct Failure: Error {
    let reason: String
  }

  /// Reads an answer; `nil` when there is none: no JSON object, or one that says nothing of an acceptance.
  init?(_ output: BoundedOutput) throws(Failure) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any],
      let word = object["acceptance"]
    else { return nil }
    guard let acceptance = (word as? String).flatMap(BusinessReceipt.Acceptance.init(rawValue:)) else {
      let words = BusinessReceipt.Acceptance.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(reason: "the acceptance that it answers is none of \(words)")
    }
    switch object["reason"] {
    case nil, is NSNull: reason = nil
    case let text as String: reason = text
    default: throw Failure(reason: "the reason that it answers is no text")
    }
    self.acceptance = acceptance
  }

  /// Returns the answer as the business receipt for the sender.
  func receipt(for arrival: Arrival, from recipient: String) throws(Failure) -> BusinessReceipt {
    do throws(DocumentError) {
      return try BusinessReceipt(
        fileTransferUUID: arrival.fileTransferUUID, fileName: arrival.wireName, recipient: recipient,
        fileAcceptance: acceptance, reason: reason)
    } catch {
      throw Failure(reason: "its answer makes no business receipt: \(error)")
    }
  }
}
