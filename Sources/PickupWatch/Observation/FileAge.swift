package import FilsluseBase

/// The age of a file in its folder, as exactly as it is known.
///
/// A file that came between regular looks has its age by its first sighting. A file that came during a gap has its age
/// by the server's time stamp, corrected by the measured difference of the clocks, but never longer than since the last
/// look without it, nor shorter than since its first sighting.
package struct FileAge: Sendable, Hashable {
  /// The beginning of the age.
  package var since: Timestamp
  /// The clock of the age.
  package var basis: Finding.AgeBasis

  /// Computes an age.
  ///
  /// - Parameters:
  ///   - firstSeen: the time of the first sighting.
  ///   - notBefore: the last look before that.
  ///   - stamp: the server's time stamp.
  ///   - difference: the lead of the server's clock over ours; `nil` if not measured.
  ///   - longestPause: the longest interval between scans that does not count as a monitoring gap.
  package init(
    firstSeen: Timestamp, notBefore: Timestamp?, stamp: Timestamp?, difference: Duration?, longestPause: Duration
  ) {
    if let notBefore, firstSeen.since(notBefore) <= longestPause {
      self.init(firstSeen, .watcher)
      return
    }
    // Servers without a clock give times about 1970.
    guard let stamp, stamp.millisecondsSince1970 > 86_400_000 else {
      self.init(firstSeen, .firstSight)
      return
    }
    let corrected = min(difference.map { stamp.earlier(by: $0) } ?? stamp, firstSeen)
    self.init(max(corrected, notBefore ?? corrected), difference == nil ? .serverUnmeasured : .server)
  }

  private init(_ since: Timestamp, _ basis: Finding.AgeBasis) {
    self.since = since
    self.basis = basis
  }
}
