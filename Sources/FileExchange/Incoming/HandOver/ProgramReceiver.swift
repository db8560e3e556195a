internal import ExchangeSettings
internal import FilsluseBase
internal import Foundation
internal import Logging
internal import TriggerFiles

/// The user's program that an arrival route names, run once for each file.
struct ProgramReceiver: ArrivalReceiver {
  let hook: ArrivalHook
  /// The variables of our environment that the program is not to see.
  let withheld: Set<String>
  let logger: Logger
  /// Called for each start of the program.
  let onStart: @Sendable (ProgramStart) -> Void

  var tries: Int { hook.tries }
  /// A program that outlived a killed run may use all its time.
  var lockPatience: Duration { hook.timeout + .seconds(10) }

  /// The exit status of a program that cannot take anything over at the moment (EX_TEMPFAIL). It is not the file's
  /// fault, so no file is set aside for it.
  private static let notNow: Int32 = 75

  func takeOver(_ file: ReceivedFile, holding lock: HandOverLock) async throws(ExchangeError) -> HandOverResult {
    let call = ProgramCall(file)
    let report = await Program(
      arguments: hook.command, environment: call.environment, withheld: withheld,
      input: try call.json(), timeout: hook.timeout, held: lock.fileDescriptor
    ).run()
    logger.debug("A\(call.arrival): \(report.summary)")
    if let reason = report.reasonNotStarted, !(report.end.isTooLong && call.isTooLong) {
      let failure = ExchangeError(
        .hookNotStarted, operation: "start the program of \(call.route)", path: hook.command.first, message: reason,
        remedy: "mend it: the file lies in the inbox, and is handed over when the program can be started"
      ).inDanish(
        "Modtagerens program \(hook.command.first ?? ""): \(report.text.da). Filerne venter, og der prøves igen.")
      onStart(ProgramStart(account: call.account, route: call.route, failure: failure))
      throw failure
    }
    onStart(ProgramStart(account: call.account, route: call.route, failure: nil))
    switch report.end {
    case .exited(0): return answer(in: report.output)
    case .exited(Self.notNow):
      return .notNow(
        LocalizedText(
          "its program says: not now (status \(Self.notNow))",
          "dens program siger: ikke nu (status \(Self.notNow))"))
    case .cancelled: return .cancelled
    default: return .failed(report.text)
    }
  }

  private func answer(in output: BoundedOutput) -> HandOverResult {
    do throws(HandOverAnswer.Failure) {
      if let answer = try HandOverAnswer(output, route: hook.answerBy) { return .takenOver(answer) }
    } catch {
      return .failed(error.reason)
    }
    if hook.answerBy == nil { return .takenOver(nil) }
    return .failed(
      LocalizedText(
        "it ended well without the answer that goes back: {\"acceptance\": …} on standard output",
        "programmet sluttede godt uden det svar, der skal sendes tilbage: {\"acceptance\": …} på standardudgangen"))
  }
}

extension HandOverAnswer {
  /// Reads an answer from a program's standard output, a JSON object with an `acceptance` and optionally a `reason`;
  /// `nil` if there is no JSON object, or one without an acceptance.
  fileprivate init?(_ output: BoundedOutput, route: String?) throws(Failure) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(output.bytes)) as? [String: Any],
      let word = object["acceptance"]
    else { return nil }
    guard let acceptance = (word as? String).flatMap(BusinessReceipt.Acceptance.init(rawValue:)) else {
      let words = BusinessReceipt.Acceptance.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        reason: LocalizedText(
          "the acceptance that it answers is none of \(words)", "programmets acceptance er ikke et af ordene \(words)"))
    }
    switch object["reason"] {
    case nil, is NSNull: reason = nil
    case let text as String: reason = text
    default:
      throw Failure(
        reason: LocalizedText("the reason that it answers is no text", "programmets reason er ikke en tekst"))
    }
    self.acceptance = acceptance
    self.route = route
  }
}

/// The result of starting a receiver's program, reported each time.
struct ProgramStart: Sendable {
  /// The account of the arrival.
  let account: String
  /// The route of the program.
  let route: String
  /// The reason why it could not be started; `nil` where it was.
  let failure: ExchangeError?
}
