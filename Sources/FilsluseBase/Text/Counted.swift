extension BinaryInteger {
  /// The number with its noun, in the singular for 1 alone: `1 byte`, `0 files`, `2 files`.
  package func counted(_ one: String, _ many: String) -> String { self == 1 ? "1 \(one)" : "\(self) \(many)" }
}
