internal import FilsluseSystem

extension WatchStatus {
  /// The snapshot as JSON, keys in order; see <doc:StatusPage> for what they mean.
  ///
  /// - Throws: `EncodingError` when a number in it is none.
  public func json() throws -> String {
    try JSONText().text(self) + "\n"
  }
}
