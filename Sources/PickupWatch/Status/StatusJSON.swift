internal import FilsluseSystem
internal import Foundation

extension WatchStatus {
  /// The snapshot as JSON, keys in order; see <doc:StatusPage> for what they mean.
  ///
  /// - Throws: `EncodingError` when a number in it is none.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
