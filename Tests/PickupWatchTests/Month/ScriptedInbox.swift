import ExchangeSettings
import FilsluseBase

@testable import PickupWatch

/// A file of the script: when it comes, and when it goes.
struct ScriptedFile: Sendable {
  var name: String
  var infRef: String
  var place = ObservedFile.Place.inbox
  var sender = "afsender"
  var comes: Timestamp
  /// The arrival of its metadata or trigger, if that is later.
  var noteComes: Timestamp?
  var goes: Timestamp
  /// Its growing size, up to its ten bytes, with the moment from which each holds.
  var growth: [(from: Timestamp, size: UInt64)] = []
  var isUnreadable = false
}

/// A delivery of the script.
struct ScriptedDelivery: Sendable {
  var id: Int64
  var infRef: String
  var committed: Timestamp
  var receipt: Timestamp
  var isRefused = false
  /// The moment at which the same file is accepted after all.
  var mended: Timestamp?
}

/// A span in which nothing is seen: from the first look that fails to the first that works again.
struct BlindSpan: Sendable {
  var from: Timestamp
  var to: Timestamp
  /// The failure of each look; `nil` if there is no look at all.
  var failure: Finding.Kind?
}

/// One inbox of the script.
struct ScriptedInbox: Sendable {
  var account: String
  var files: [ScriptedFile] = []
  var deliveries: [ScriptedDelivery] = []
  var blind: [BlindSpan] = []

  /// The span in which nothing is seen at a moment.
  func blindness(at now: Timestamp) -> BlindSpan? { blind.first { $0.from <= now && now < $0.to } }

  /// The moments at which something happens.
  var events: Set<Timestamp> {
    var events: Set<Timestamp> = []
    for file in files { events.formUnion([file.comes, file.goes] + file.growth.map(\.from)) }
    events.formUnion(files.compactMap(\.noteComes))
    for delivery in deliveries { events.formUnion([delivery.committed, delivery.receipt]) }
    events.formUnion(deliveries.compactMap(\.mended))
    for span in blind { events.formUnion([span.from.earlier(by: .seconds(60)), span.from, span.to]) }
    return events
  }
}
