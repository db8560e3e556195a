extension UInt64 {
  /// The number in groups of three digits: easier to read, and never masked as a CPR number.
  var grouped: String {
    let digits = Array(String(self))
    return String(
      digits.enumerated().flatMap { index, digit in
        index > 0 && (digits.count - index).isMultiple(of: 3) ? [" ", digit] : [digit]
      })
  }

  /// The number of bytes with its noun: `1 byte`, `1 234 bytes`.
  var groupedBytes: String { self == 1 ? "1 byte" : "\(grouped) bytes" }
}
