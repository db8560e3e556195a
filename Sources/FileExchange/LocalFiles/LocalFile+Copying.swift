internal import SystemPackage
import Glibc

extension LocalFile {
  /// Writes the content to another file (0600), whatever was in it, on the disk when this returns.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`.
  func copyContent(to path: FilePath) throws(ExchangeError) {
    try LocalFile.createIfMissing(path)
    let folder = try LocalFolder(creating: path.removingLastComponent().isEmpty ? "." : path.removingLastComponent())
    let target = try LocalFile(path.lastComponent?.string ?? "", in: folder, flags: O_RDWR | O_TRUNC)
    try copyContent(to: target)
    try target.synchronize()
  }

  /// Writes the content to an empty open file.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`.
  func copyContent(to target: LocalFile) throws(ExchangeError) {
    var offset: UInt64 = 0
    while true {
      let piece = try read(upTo: 1 << 20, at: offset)
      if piece.isEmpty { break }
      try target.write(piece, at: offset)
      offset += UInt64(piece.count)
    }
  }
}
