internal import FilsluseBase

/// A look that is under way.
final class ScanInProgress: Sendable {
  /// The number of the inbox.
  let inbox: Int64
  /// The time of its beginning.
  let at: Timestamp
  /// The time of the last completed look.
  let previous: Timestamp?
  private let state: Locked<State>

  private struct State: Sendable {
    var known: KnownNames
    var unsettled: [Int64]
    var changed: Set<KnownNames.PartID> = []
  }

  /// The last observed file of the inbox that was there before the look began.
  let lastBefore: Int64

  /// Begins a look.
  ///
  /// - Parameters:
  ///   - known: the files of the last look.
  ///   - unsettled: observations to settle, whatever the look shows.
  init(inbox: Int64, at: Timestamp, previous: Timestamp?, known: KnownNames, unsettled: [Int64]) {
    self.inbox = inbox
    self.at = at
    self.previous = previous
    lastBefore = known.lastID
    state = Locked(State(known: known, unsettled: unsettled))
  }

  /// Returns the names that are new or have changed; the others are counted as still there.
  func news(among names: [ListingEntry]) -> [ListingEntry] {
    state.withLock { state in names.filter { !state.known.isKnown($0.hash) } }
  }

  /// Counts files that are new or have changed as shown.
  func noted(_ parts: [KnownNames.PartID]) {
    state.withLock { state in
      for part in parts {
        state.unsettled.append(part.id)
        // Files newer than the look cannot be missing at its end.
        if part.id <= state.known.lastID { state.changed.insert(part) }
      }
    }
  }

  /// Returns the result of the look: the missing files, and the observations to settle, each once.
  func outcome() -> (missing: [KnownNames.PartID], unsettled: [Int64]) {
    state.withLock { state in
      let missing = state.known.unshown.filter { !state.changed.contains($0) }
      var unsettled = (state.unsettled + missing.map(\.id)).sorted()
      var count = 0
      for id in unsettled where count == 0 || unsettled[count - 1] != id {
        unsettled[count] = id
        count += 1
      }
      unsettled.removeLast(unsettled.count - count)
      return (missing, unsettled)
    }
  }
}

extension ListingEntry {
  /// The hash that identifies it.
  var hash: UInt64 {
    name.withUnsafeBytes {
      KnownNames.hash(
        place: place.rawValue, part: part, name: $0, size: size.map { Int64(clamping: $0) },
        modified: modified?.millisecondsSince1970)
    }
  }
}
