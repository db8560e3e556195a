internal import FilsluseBase

/// Counts a listing's names and bytes, and compares them with the limits.
struct ListingCount {
  let limits: ListingLimits
  private let deadline: ContinuousClock.Instant
  private var names = 0
  private var bytes: UInt64 = 0
  private var emptyPages = 0

  /// The greatest number of answers without names, which are tolerated, but not for ever: a server that goes on sends
  /// names.
  private static let mostEmptyPages = 100

  init(_ limits: ListingLimits) {
    self.limits = limits
    deadline = .now + limits.duration
  }

  /// Counts a page.
  ///
  /// - Throws: `SFTPError` with code `listingTooLong`.
  mutating func add(_ page: [Reply.NameEntry]) throws(SFTPError) {
    names += page.count
    bytes += page.reduce(0) { $0 + UInt64($1.wireSize) }
    emptyPages = page.isEmpty ? emptyPages + 1 : 0
    guard emptyPages < Self.mostEmptyPages else {
      throw SFTPError(
        .listingTooLong, "the server answers \(emptyPages) times in a row with no name, and not with an end",
        "serveren svarer \(emptyPages) gange i træk uden et navn og uden en slutning")
    }
    guard names <= limits.names else {
      throw SFTPError(
        .listingTooLong, "the listing has more than \(limits.names) names, the most that is taken",
        "der er mere end \(limits.names) navne, og flere læses ikke")
    }
    guard bytes <= limits.bytes else {
      throw SFTPError(
        .listingTooLong, "the listing has more than \(limits.bytes) bytes, the most that is taken",
        "listen fylder mere end \(limits.bytes) byte, og mere læses ikke")
    }
    guard deadline > .now else {
      throw SFTPError(
        .listingTooLong, "the listing has not ended after \(limits.duration.visible)",
        "listen er ikke slut efter \(limits.duration.visibleInDanish)")
    }
  }
}
