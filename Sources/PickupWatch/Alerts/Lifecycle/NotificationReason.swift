/// The reason for a notification.
package enum NotificationReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// It has begun.
  case fired
  /// A warning has become critical.
  case escalated
  /// The group has at least doubled.
  case grown
  /// It still fires, and is not acknowledged.
  case repeated
  /// The alert is resolved.
  case resolved
  /// Its time has passed without a repair, as when a file never came and the next one is due.
  case expired

  /// True if it is the last notification about the alert.
  package var isEnd: Bool { self == .resolved || self == .expired }
}
