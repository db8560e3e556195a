internal import FilsluseBase
import Glibc

/// The beginning of an arrival's data that came before a connection was lost: it is gone on with where the server's
/// file is proven to be the same.
struct FetchedBeginning: Sendable, Equatable {
  /// The number of bytes that came.
  let bytes: UInt64
  /// The modification time of the server's file, which stood for its content then.
  let modified: Int64
  /// The hash of the bytes.
  let sha256: SHA256Digest

  init(bytes: UInt64, modified: Int64, sha256: SHA256Digest) {
    (self.bytes, self.modified, self.sha256) = (bytes, modified, sha256)
  }

  /// Reads a progress record; `nil` for anything else.
  fileprivate init?(_ note: [UInt8]) {
    let words = String(decoding: note, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, let bytes = UInt64(words[0]), let modified = Int64(words[1]),
      let sha256 = SHA256Digest(hex: String(words[2]))
    else { return nil }
    self.init(bytes: bytes, modified: modified, sha256: sha256)
  }

  fileprivate var note: [UInt8] { Array("\(bytes) \(modified) \(sha256.hex)".utf8) }
}

extension InboxFolder {
  /// A temporary file for an arrival, and a name that is free for it in the inbox.
  struct Begun: Sendable {
    let file: LocalFile
    let name: String
    /// The beginning of an earlier attempt in the file; `nil` where it is empty.
    let beginning: FetchedBeginning?
  }

  /// Keeps the bytes of an arrival received without gaps before its connection was lost. They are synced before their
  /// progress record is written, so that the record never claims too much. The space reserved for the rest is freed
  /// until the next try, and nothing is kept on a disk without that much free space.
  ///
  /// - Parameters:
  ///   - came: the number of bytes received without gaps; the file may be longer.
  ///   - modified: the modification time of the server's file.
  /// - Returns: the number of bytes kept.
  func keep(
    _ arrival: Arrival, in file: LocalFile, upTo came: UInt64, modified: Int64
  ) async throws(ExchangeError) -> UInt64 {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try requireInPlace()
      let bytes = min(came, try file.status().size)
      try file.truncate(to: bytes)
      guard bytes > 0, bytes <= arrival.size, try room.isFree(bytes, in: folder) else {
        try dropNow(arrival)
        return 0
      }
      try file.synchronize()
      let beginning = FetchedBeginning(bytes: bytes, modified: modified, sha256: try file.digest(ofFirst: bytes))
      try write(beginning, of: arrival)
      try unfinished.synchronize()
      return bytes
    }
  }

  /// Records the progress of a running download, for the case that the process is killed. After a power failure the
  /// bytes may be missing, so their hash is compared before the download is resumed.
  func note(_ beginning: FetchedBeginning, of arrival: Arrival) async throws(ExchangeError) {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try requireInPlace()
      try write(beginning, of: arrival)
    }
  }

  /// Replaces the progress record; the previous one stays until the new one is on the disk.
  private func write(_ beginning: FetchedBeginning, of arrival: Arrival) throws(ExchangeError) {
    let newer = newerNoteName(of: arrival)
    try unfinished.clear(newer)
    let note = try LocalFile(newer, in: unfinished, flags: O_WRONLY | O_CREAT | O_EXCL)
    try note.write(beginning.note, at: 0)
    try note.synchronize()
    try unfinished.replace(noteName(of: arrival), with: newer)
  }

  /// Returns the beginning that an earlier attempt left of an arrival, if it is unchanged.
  func beginning(of arrival: Arrival) throws(ExchangeError) -> (LocalFile, FetchedBeginning)? {
    guard try unfinished.contains(noteName(of: arrival)), try unfinished.contains(temporaryName(of: arrival)) else {
      return nil
    }
    let note = try LocalFile(noteName(of: arrival), in: unfinished, flags: O_RDONLY)
    guard let beginning = FetchedBeginning(try note.read(upTo: Self.longestNote, at: 0)),
      beginning.bytes <= arrival.size
    else { return nil }
    let file = try LocalFile(temporaryName(of: arrival), in: unfinished, flags: O_RDWR)
    guard try file.status().size >= beginning.bytes, try file.digest(ofFirst: beginning.bytes) == beginning.sha256
    else { return nil }
    // Bytes of a later attempt have no record.
    try file.truncate(to: beginning.bytes)
    return (file, beginning)
  }

  private static let longestNote = 256
}
