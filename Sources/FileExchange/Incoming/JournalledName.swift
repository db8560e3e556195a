extension String {
  /// A name in IN as the journal keeps it: what is no UTF-8 in it, and the NUL at which SQLite would cut it, is
  /// replaced by U+FFFD.
  ///
  /// A name of the journal's is only ever compared with one that was made into this form too. Two names may share it;
  /// nothing is fetched or removed by a name in it, as only a name that is UTF-8 can be the one in its metadata.
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
