internal import ExchangeSettings
internal import FilsluseBase
internal import Foundation
internal import SystemPackage
internal import TriggerFiles

/// Posts each notification to an HTTP address.
struct WebhookSender: AlertSender {
  let name: String
  private let target: AlertSink.WebhookTarget
  private let repeatEvery: Duration
  private let withheld: Set<String>

  init(_ target: AlertSink.WebhookTarget, withheld: Set<String>, repeatEvery: Duration) {
    self.withheld = withheld
    self.target = target
    self.repeatEvery = repeatEvery
    let host = URL(string: target.url)?.host() ?? "?"
    name = "webhook \(host) \(AlertSink.mark([target.url, target.form.rawValue]))"
  }

  func send(_ notification: AlertNotification) async throws(SendingFailure) {
    var head = [("Content-Type", "application/json"), ("Idempotency-Key", notification.id)]
    if let file = target.tokenFile {
      let token = try await BlockingThreads.shared.run { () throws(SendingFailure) in try Self.token(in: file) }
      head.append(("Authorization", "Bearer \(token.exposed)"))
    }
    let body: String
    switch target.form {
    case .json: body = try notification.json()
    case .alertmanager: body = try AlertmanagerPayload(notification, repeatEvery: repeatEvery).json()
    }
    let answer = try await HTTPPost(
      url: target.url, head: head, body: body, timeout: target.timeout, withheld: withheld
    ).run()
    guard let refusal = Self.refusal(answer.status) else { return }
    throw SendingFailure(refusal, retryAfter: answer.retryAfter)
  }

  /// The reason why the notification was not taken, by the status of the answer; `nil` where it was taken.
  private static func refusal(_ status: Int) -> LocalizedText? {
    switch status {
    case 200..<300: nil
    case 300..<400:
      LocalizedText(
        "it redirects (status \(status)), which is not followed; name its new address",
        "den henviser videre (status \(status)), og det følges ikke; angiv dens nye adresse")
    case 401, 403:
      LocalizedText(
        "it refuses us (status \(status)); look at its token-file",
        "den afviser os (status \(status)); se dens token-file")
    case 429: LocalizedText("it takes no more for now (status 429)", "den tager ikke imod flere lige nu (status 429)")
    default: LocalizedText("it answers with status \(status)", "den svarer med status \(status)")
    }
  }

  /// Returns the only line of a file, trimmed.
  private static func token(in file: FilePath) throws(SendingFailure) -> Redacted<String> {
    var bytes: [UInt8]
    do throws(SecretFileError) {
      bytes = try SecretFile.read(file, upTo: 8192)
    } catch {
      throw SendingFailure(
        "its token-file cannot be \(error.isExposed ? "used" : "read"): \(error)",
        "dens token-file kan ikke \(error.isExposed ? "bruges" : "læses"): \(error.inDanish)")
    }
    let blanks: [UInt8] = [0x0A, 0x0D, 0x20, 0x09]
    while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
    let token = bytes.drop { blanks.contains($0) }
    guard (1...4096).contains(token.count), token.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw SendingFailure(
        "its token-file does not hold one line of visible ASCII, at most 4096 bytes",
        "dens token-file har ikke én linje synlig ASCII på højst 4096 byte")
    }
    return Redacted(String(decoding: token, as: UTF8.self))
  }
}
