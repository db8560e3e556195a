internal import Foundation

/// What the clock on the wall shows in Denmark at a moment, summer time minded.
public struct DanishTime: Sendable, Hashable {
  /// The day as `2026-11-21`.
  public let day: String
  /// 1 for Monday to 7 for Sunday.
  public let weekday: Int
  /// Minutes since the day began, by the clock: 0 to 1439.
  public let minute: Int

  /// The time in Denmark at a moment.
  public init(at moment: Timestamp) {
    let seconds = (Double(moment.millisecondsSince1970) / 1000).rounded(.down)
    let offset = Self.zone?.secondsFromGMT(for: Date(timeIntervalSince1970: seconds)) ?? 3600
    let local = Int64(seconds) + Int64(offset)
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    day = String(Timestamp(secondsSince1970: local).description.prefix(10))
    // 1970-01-01 was a Thursday.
    weekday = Int(((days + 3) % 7 + 7) % 7) + 1
    minute = Int(local - days * 86_400) / 60
  }

  /// Foundation brings the rules along, so that they are there on a machine without a time zone database too.
  private static let zone = TimeZone(identifier: "Europe/Copenhagen")
}
