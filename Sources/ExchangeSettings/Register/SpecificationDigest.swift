public import FilsluseBase
public import SystemPackage

extension DataSpecification {
  /// No specification has more bytes.
  private static let largest = 64 << 20

  /// The SHA-256 of a specification's file; `nil` where it cannot be read or is larger than 64 MiB.
  public static func digest(of file: FilePath) -> SHA256Digest? {
    guard let open = try? PlainFile.open(file) else { return nil }
    let bytes = try? open.closeAfter { try PlainFile.content(of: open, upTo: largest + 1) }
    return bytes.flatMap { $0.count > largest ? nil : SHA256.digest(of: $0) }
  }
}
