extension String {
  /// A name in IN in the journal's form: invalid UTF-8, and NUL, at which SQLite would cut the name, are replaced by
  /// U+FFFD.
  ///
  /// Names are compared in this form only. Two names may have the same form; that causes no wrong fetch or removal,
  /// because only a valid UTF-8 name can match the name in its metadata.
  init(journalled name: [UInt8]) {
    let text = String(decoding: name, as: UTF8.self)
    guard name.contains(0) else {
      self = text
      return
    }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 })
    self = String(scalars)
  }
}
