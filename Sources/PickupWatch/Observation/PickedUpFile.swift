package import FilsluseBase

/// A file picked up from IN.
package struct PickedUpFile: Sendable, Hashable {
  /// The file's name, with CPR-like numbers masked.
  package let fileName: String
  /// The content of its metadata, where it could be read.
  package let facts: ObservedFacts?
  /// The beginning of its waiting time, and the clock of that.
  package let age: FileAge
  /// The last look with it; `nil` if it went before the first look ended.
  package let lastSeen: Timestamp?
  /// The first look without it.
  package let gone: Timestamp
  /// True if it went between regular looks: in a monitoring gap, punctuality is unknown.
  package let isWatched: Bool

  init(_ observed: ObservedFile, lastSeen: Timestamp?, gone: Timestamp, difference: Duration?, longestPause: Duration) {
    fileName = Masked.name(String(decoding: observed.name, as: UTF8.self))
    facts = observed.facts
    age = observed.age(difference: difference, longestPause: longestPause)
    self.lastSeen = lastSeen
    self.gone = gone
    isWatched = lastSeen.map { gone.since($0) <= longestPause } ?? false
  }

  /// The waiting time, up to the first look without it.
  package var lay: Duration { max(.zero, gone.since(age.since)) }
}

extension ObservedFile {
  /// Returns its age: of a file in IN since its metadata was there, of one in OUT since its trigger.
  package func age(difference: Duration?, longestPause: Duration) -> FileAge {
    (sidecar ?? data)?.age(difference: difference, longestPause: longestPause)
      ?? FileAge(firstSeen: firstSeen, notBefore: nil, stamp: nil, difference: nil, longestPause: longestPause)
  }
}

extension ObservedFile.Part {
  /// Returns its age.
  func age(difference: Duration?, longestPause: Duration) -> FileAge {
    FileAge(
      firstSeen: firstSeen, notBefore: notBefore, stamp: modified, difference: difference, longestPause: longestPause)
  }
}
