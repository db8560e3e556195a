internal import Foundation

/// The journal's note on a refusal that a person overrode.
struct OverrideNote: Equatable {
  /// The refusals, as the register says them.
  let refusals: String
  /// The person's reason.
  let reason: String

  init(refusals: String, reason: String) {
    (self.refusals, self.reason) = (refusals, reason)
  }

  /// Reads what ``text`` is; `nil` for any other text.
  init?(text: String) {
    guard text.hasPrefix(Self.start), let middle = text.range(of: Self.middle) else { return nil }
    self.init(
      refusals: String(text[..<middle.lowerBound].dropFirst(Self.start.count)),
      reason: String(text[middle.upperBound...]))
  }

  /// The note as the journal keeps it.
  var text: String { Self.start + refusals + Self.middle + reason }

  private static let start = "sent although "
  private static let middle = "; reason: "
}
