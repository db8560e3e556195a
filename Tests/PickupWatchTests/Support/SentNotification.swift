import Foundation

@testable import PickupWatch

/// A notification as a program or a web server reads it.
struct SentNotification: Sendable, Hashable, Decodable, Identifiable {
  struct Group: Sendable, Hashable, Decodable {
    let count: Int
    let critical: Int
    let kinds: [String: Int]
    let oldest: [String]
  }

  let id: String
  let episode: String
  let alert: Int64
  let number: Int
  let reason: NotificationReason
  let severity: String
  let firstSeverity: String
  let kind: String
  let account: String
  let subject: String
  let infRef: String?
  let orderForm: String?
  let fileName: String?
  let sender: String?
  let authority: String?
  let size: UInt64?
  let since: String?
  let ageBasis: String?
  let due: String?
  let rule: String?
  let ruleLine: Int?
  let detail: String?
  let ending: String?
  let firedAt: String?
  let resolvedAt: String?
  let at: String
  let group: Group?
  let headline: String
  let text: [String]

  init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

  init(_ notification: AlertNotification) throws { try self.init(json: notification.json()) }
}
