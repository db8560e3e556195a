internal import FilsluseSFTP
internal import FilsluseSystem

extension StagedFile: UploadSource {
  var size: UInt64? { status.size }

  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
    // Not past the size that was hashed: what is appended meanwhile is another content, and is found out afterwards.
    let wanted = Int(min(UInt64(count), status.size - min(offset, status.size)))
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try open.read(upTo: wanted, at: offset)
    }
  }
}

extension LocalFile: DownloadSink {
  func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try self.write(bytes, at: offset)
    }
  }
}
