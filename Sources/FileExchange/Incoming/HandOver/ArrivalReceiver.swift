internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The receiver of an account's arrivals: a program of the settings, or the caller's closure.
///
/// ``HandOverRun`` calls it with the journal at `handing-over` and the arrival's ``HandOverLock`` taken, and records
/// the result. A receiver itself keeps no state of an arrival.
protocol ArrivalReceiver: Sendable {
  /// The number of failures for one file after which the file is set aside.
  var tries: Int { get }
  /// The longest time to wait for an earlier call for the same arrival, which may still have the lock.
  var lockPatience: Duration { get }

  /// Hands it one file.
  ///
  /// - Parameter lock: the lock on the arrival, held while the receiver is working on it.
  /// - Throws: ``ExchangeError`` with code `hook-not-started` if the receiver cannot be called, which is not the file's
  ///   fault.
  func takeOver(_ file: ReceivedFile, holding lock: HandOverLock) async throws(ExchangeError) -> HandOverResult
}

/// The result of giving one file to its receiver.
enum HandOverResult: Sendable {
  /// It has the file, and perhaps an answer to the sender.
  case takenOver(HandOverAnswer?)
  /// It cannot take any file at the moment, for that reason. The file is not at fault.
  case notNow(LocalizedText)
  /// It failed at this file, for that reason.
  case failed(LocalizedText)
  /// The run was cancelled before it had the file.
  case cancelled
}

/// The answer of a receiver to a file's sender: an `acceptance`, and perhaps a `reason`.
struct HandOverAnswer: Sendable, Equatable {
  let acceptance: BusinessReceipt.Acceptance
  let reason: String?
  /// The route for sending it back as a business receipt; `nil` to keep it in the journal only.
  let route: String?

  /// The reason why an answer cannot be used.
  struct Failure: Error {
    let reason: LocalizedText
  }

  /// Returns the answer to an arrival, with its business receipt from that recipient.
  func answer(to arrival: Arrival, from recipient: String) throws(Failure) -> BusinessAnswer {
    do throws(DocumentError) {
      let receipt = try BusinessReceipt(
        fileTransferUUID: arrival.fileTransferUUID, fileName: arrival.wireName.string, recipient: recipient,
        fileAcceptance: acceptance, reason: reason)
      return BusinessAnswer(
        arrival: arrival.id, fileTransferUUID: arrival.fileTransferUUID, acceptance: acceptance,
        document: receipt.xml(), route: route, delivery: nil)
    } catch {
      throw Failure(
        reason: LocalizedText(
          "its answer makes no business receipt: \(error)",
          "programmets svar kan ikke blive en forretningskvittering: \(error.inDanish)"))
    }
  }
}
