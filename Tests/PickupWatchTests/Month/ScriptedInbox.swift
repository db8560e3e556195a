import ExchangeSettings
import FileExchange
import FilsluseSystem
import PickupWatch

/// A file of the script: when it comes, and when it goes.
struct ScriptedFile: Sendable {
  var name: String
  var infRef: String
  var place = Sight.Place.inbox
  var sender = "afsender"
  var comes: Timestamp
  /// When its metadata or trigger comes, where that is later.
  var noteComes: Timestamp?
  var goes: Timestamp
  /// How many of its ten bytes there are from when on.
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
  /// When the same file is accepted after all.
  var mended: Timestamp?
}

/// A span in which nothing is seen: from the first look that fails to the first that works again.
struct BlindSpan: Sendable {
  var from: Timestamp
  var to: Timestamp
  /// What each look comes to; `nil` where nobody looks at all.
  var failure: Finding.Kind?
}

/// One inbox of the script, and what a watcher that looks each minute knows of it.
struct ScriptedInbox: Sendable {
  var account: String
  var watchedSince: Timestamp
  var files: [ScriptedFile] = []
  var deliveries: [ScriptedDelivery] = []
  var blind: [BlindSpan] = []

  private static let minute = Duration.seconds(60)

  /// Whether nobody looks at a moment.
  func isDown(at now: Timestamp) -> Bool { blind.contains { $0.failure == nil && $0.from <= now && now < $0.to } }

  /// All that is known at a moment.
  func view(at now: Timestamp) -> WatchedAccount {
    var state = InboxState(account: account, watchedSince: watchedSince, lastLook: now, clockDifference: .zero)
    if let span = blind.first(where: { $0.from <= now && now < $0.to }) {
      state.lastLook = span.from.earlier(by: Self.minute)
      state.failure = span.failure.map { InboxState.Failure(kind: $0, text: "as scripted", since: span.from) }
    }
    state.gaps = blind.filter { $0.to <= now }.map { $0.from.earlier(by: Self.minute)..<$0.to }.reversed()
    let looked = state.lastLook ?? now
    let there = files.filter { $0.comes <= looked && looked < $0.goes }
    state.files = there.count { $0.place == .inbox }
    return WatchedAccount(
      state: state, sights: there.map { sight(of: $0, at: looked) },
      arrivals: files.filter { $0.place == .inbox && ($0.noteComes ?? $0.comes) <= looked }.map {
        ArrivedFile(transfer: $0.name, infRef: $0.infRef, name: Array($0.name.utf8), came: $0.noteComes ?? $0.comes)
      },
      deliveries: deliveries.filter { $0.committed <= now && now < ($0.mended ?? now.later(by: Self.minute)) }.map {
        outcome(of: $0, at: now)
      })
  }

  private func sight(of file: ScriptedFile, at now: Timestamp) -> Sight {
    let noteComes = file.noteComes ?? file.comes
    let size = file.growth.last { $0.from <= now }
    var data = part(file.comes, size: size?.size ?? 10)
    if let size { data.changed = max(data.firstSeen, size.from) }
    let note = noteComes <= now ? part(noteComes, size: 500) : nil
    let facts = SightFacts(transfer: file.name, infRef: file.infRef, sender: file.sender, size: 10)
    let content: Sight.Content =
      note == nil || file.place == .outbox ? .unread : file.isUnreadable ? .unreadable("no XML") : .metadata(facts)
    return Sight(
      place: file.place, name: Array(file.name.utf8), firstSeen: data.firstSeen, data: data, note: note,
      halfSince: note == nil ? data.firstSeen : nil, content: content)
  }

  private func part(_ comes: Timestamp, size: UInt64) -> Sight.Part {
    let span = blind.first { $0.from <= comes && comes < $0.to }
    let seen = span?.to ?? comes
    return Sight.Part(
      firstSeen: seen, notBefore: (span?.from ?? seen).earlier(by: Self.minute), size: size, modified: comes)
  }

  private func outcome(of delivery: ScriptedDelivery, at now: Timestamp) -> DeliveryOutcome {
    let hasReceipt = delivery.receipt <= now
    return DeliveryOutcome(
      id: delivery.id, wireName: "ud-\(delivery.id).csv", infRef: delivery.infRef,
      state: hasReceipt ? (delivery.isRefused ? .refused : .accepted) : .triggered, committedAt: delivery.committed,
      changedAt: hasReceipt ? delivery.receipt : delivery.committed)
  }
}
