extension BinaryInteger {
  /// Returns the number with its noun, in the singular only for 1: `1 byte`, `0 files`, `2 files`, `2 entries`.
  ///
  /// - Parameter many: the plural; by default the singular with an `s`.
  package func counted(_ one: String, _ many: String? = nil) -> String {
    self == 1 ? "1 \(one)" : "\(self) \(many ?? "\(one)s")"
  }

  /// The number, with a zero before it where it is less than ten, as in a time of day.
  package var twoDigits: String { self < 10 ? "0\(self)" : "\(self)" }
}
