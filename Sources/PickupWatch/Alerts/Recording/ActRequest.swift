internal import FileExchange
internal import FilsluseBase
internal import Foundation
internal import TriggerFiles

/// An act of a person, in the form in which a machine that stands by gives it to the one that leads the watch.
struct ActRequest: Sendable, Codable {
  /// The change that is asked for.
  enum Change: Sendable, Codable {
    case acknowledge(AlertSelection)
    /// Each alert in an act of its own.
    case acknowledgeEach([Int64])
    case undo(AlertSelection)
    case silence(Silence.Matcher, from: Timestamp?, until: Timestamp)
    case endSilence(Int64)
  }

  let change: Change
  /// The act. It has a key: the machine that leads may be another one before the answer is written.
  var act: Act

  /// The request in JSON.
  func document() throws(ExchangeError) -> String { try Self.document(of: self) }

  /// Reads the answer to a request.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` where another version of Filsluse wrote it.
  static func answer<Value: Codable>(in document: String) throws(ExchangeError) -> ActAnswer<Value> {
    do {
      return try JSONDecoder().decode(ActAnswer<Value>.self, from: Data(document.utf8))
    } catch {
      throw otherVersion
    }
  }

  /// Does what a request asks for, on the machine that leads. The time of the act is this machine's, which also decides
  /// when a silence begins and ends.
  ///
  /// - Returns: the answer, in JSON.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  static func perform(
    _ document: String, in store: WatchDatabase, at moment: Timestamp
  ) async throws(ExchangeError) -> String {
    guard var request = try? JSONDecoder().decode(ActRequest.self, from: Data(document.utf8)) else {
      return try Self.document(of: ActAnswer<ActResult>.refused(ofOtherVersion))
    }
    request.act.at = moment
    let act = request.act
    switch request.change {
    case .acknowledge(let selection):
      let answer = try await store.acknowledge(selection, act)
      return try Self.document(of: answer)
    case .acknowledgeEach(let alerts):
      let answer = ActAnswer.done(try await store.acknowledge(each: alerts, act))
      return try Self.document(of: answer)
    case .undo(let selection):
      let answer = try await store.undoAcknowledgement(selection, act)
      return try Self.document(of: answer)
    case .silence(let matcher, let from, let until):
      let answer = try await store.silence(matcher, from: from, until: until, act)
      return try Self.document(of: answer)
    case .endSilence(let silence):
      let answer = try await store.endSilence(silence, act)
      return try Self.document(of: answer)
    }
  }

  private static func document(of value: some Encodable) throws(ExchangeError) -> String {
    do { return String(decoding: try JSONEncoder().encode(value), as: UTF8.self) } catch { throw otherVersion }
  }

  private static let ofOtherVersion = AlertRefusal(
    reason: LocalizedText(
      "another version of Filsluse runs on the machine that leads the watch",
      "en anden udgave af Filsluse kører på den maskine, der leder overvågningen"),
    remedy: LocalizedText(
      "install the same version on all machines that watch by one journal",
      "installér samme udgave på alle maskiner, der overvåger med én journal"))

  private static let otherVersion = ExchangeError(
    .watchDatabase, operation: "record the act", message: ofOtherVersion.reason.en,
    remedy: "install the same version on all machines that watch by one journal"
  ).inDanish(detail: ofOtherVersion.reason.da)
}

extension WatchDatabase {
  /// Acknowledges each of several alerts in an act of its own.
  ///
  /// - Returns: the answers, in the order of the alerts.
  /// - Throws: `ExchangeError` with code `watchDatabase` when one cannot be written, and with code `journal` while the
  ///   server of a shared journal does not say which machine leads the watch.
  func acknowledge(each alerts: [Int64], _ act: Act) async throws(ExchangeError) -> [AcknowledgementAnswer] {
    var answers: [AcknowledgementAnswer] = []
    for alert in alerts {
      var one = act
      one.key = act.key.map { "\($0)/\(alert)" }
      answers.append(try await acknowledge(alert, one))
    }
    return answers
  }
}
