internal import FilsluseSystem

extension WatchStatus {
  /// The snapshot as JSON, keys in order; see <doc:StatusPage> for what they mean.
  ///
  /// - Throws: `EncodingError` when a number in it is none.
  package func json() throws -> String {
    try JSONText().text(self) + "\n"
  }
}
