extension UInt64 {
  /// The number in groups of three digits: easier to read, and never masked as a CPR number.
  var grouped: String {
    let digits = Array(String(self))
    return String(
      digits.enumerated().flatMap { index, digit in
        index > 0 && (digits.count - index).isMultiple(of: 3) ? [" ", digit] : [digit]
      })
  }
}
