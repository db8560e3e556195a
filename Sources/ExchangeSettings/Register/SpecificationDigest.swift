public import FilsluseBase
public import SystemPackage

extension DataSpecification {
  /// No specification has more bytes.
  private static let largest = 64 << 20

  /// The digests read so far by path, each with the file's version at the time.
  private static let known = Locked<[FilePath: (version: FileVersion, digest: SHA256Digest)]>([:])

  /// Returns the SHA-256 of a specification's file; `nil` where it cannot be read or is larger than 64 MiB. It blocks
  /// while it reads. A file that was not written to since it was read last is not read again: thousands of files go by
  /// one route.
  public static func digest(of file: FilePath) -> SHA256Digest? {
    let version = FileVersion(of: file)
    if let version, let last = known.withLock({ $0[file] }), last.version == version { return last.digest }
    guard let open = try? PlainFile.open(file) else { return nil }
    let bytes = try? open.closeAfter { try PlainFile.content(of: open, upTo: largest + 1) }
    guard let bytes, bytes.count <= largest else { return nil }
    let digest = SHA256.digest(of: bytes)
    if let version, version.isSettled, version == FileVersion(of: file) {
      known.withLock { $0[file] = (version, digest) }
    }
    return digest
  }
}
