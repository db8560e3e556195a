/// A small file that a listing has shown, to be read whole.
public struct ListedFile: Sendable, Hashable {
  /// The file on the server.
  public var path: RemotePath

  /// The size that the listing gave.
  public var size: UInt64?

  /// Names a file.
  public init(path: RemotePath, size: UInt64?) {
    self.path = path
    self.size = size
  }

  /// The size that every server sends in one answer.
  private static let oneAnswer: UInt64 = 32 * 1024

  /// Returns the number of bytes to request, so that one answer shows whether the size is still the same: one more than
  /// that; `nil` where one answer cannot.
  fileprivate func countToAsk(limit: Int) -> UInt32? {
    guard let size, size < Self.oneAnswer, size <= limit else { return nil }
    return UInt32(size) + 1
  }
}

extension SFTPClient {
  /// Reads a whole small file: three requests and two round trips if it has the listed size. Any other file is read by
  /// its size at the opening, as ``read(_:limit:)`` does.
  ///
  /// - Throws: `SFTPError`; `tooLarge` where it has more bytes than the limit.
  public func read(_ file: ListedFile, limit: Int) async throws(SFTPError) -> [UInt8] {
    if let count = file.countToAsk(limit: limit) {
      let bytes = try await withErrorContext("download", file.path) { () async throws(SFTPError) in
        try await smallReads.whileTaking { () async throws(SFTPError) in
          let handle = try await self.handle(toRead: file.path)
          defer { engine.submitAndForget(.close(handle: handle)) }
          return try await engine.submit(.read(handle: handle, offset: 0, count: count)).data() ?? []
        }
      }
      if file.size == UInt64(bytes.count) { return bytes }
    }
    return try await read(file.path, limit: limit)
  }

  /// Reads several whole small files. The requests for all of them are sent together.
  ///
  /// Files with the listed size are open at the same time, and take three requests each. Any other file is read by its
  /// size at the opening, as ``read(_:limit:)`` does.
  ///
  /// - Parameters:
  ///   - files: the files.
  ///   - limit: the maximum size of each of them in bytes.
  ///   - take: gets for each file, by its index, the bytes or the error: `tooLarge` where it exceeds the limit.
  public func read(
    _ files: [ListedFile], limit: Int, take: (_ index: Int, Result<[UInt8], SFTPError>) -> Void
  ) async {
    let counts = files.map { $0.countToAsk(limit: limit) }
    var others = files.indices.filter { counts[$0] == nil }
    let openings = files.indices.filter { counts[$0] != nil }.map { index in
      (index, Request.open(files[index].path.bytes, .read, FileAttributes()))
    }
    let opened = await ask(openings, files, take) { reply async throws(SFTPError) in try await reply.handle() }
    let readings = opened.map { index, handle in
      (index, Request.read(handle: handle, offset: 0, count: counts[index] ?? 0))
    }
    let read = await ask(readings, files, take) { reply async throws(SFTPError) in try await reply.data() ?? [] }
    for (index, bytes) in read {
      if files[index].size == UInt64(bytes.count) { take(index, .success(bytes)) } else { others.append(index) }
    }
    engine.submitAndForget(opened.map { .close(handle: $0.1) })
    await withTaskGroup(of: (Int, Result<[UInt8], SFTPError>).self) { group in
      for index in others {
        group.addTask {
          do throws(SFTPError) {
            return (index, .success(try await self.read(files[index].path, limit: limit)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      for await (index, outcome) in group { take(index, outcome) }
    }
  }

  /// Sends a request for each of several files together, and reports refusals.
  private func ask<Answer>(
    _ requests: [(index: Int, request: Request)], _ files: [ListedFile],
    _ refused: (Int, Result<[UInt8], SFTPError>) -> Void,
    _ answer: (PendingReply) async throws(SFTPError) -> Answer
  ) async -> [(index: Int, answer: Answer)] {
    let replies = Result { () throws(SFTPError) in
      if Task.isCancelled { throw .cancelled }
      return try engine.submit(requests.map(\.request))
    }
    var answers: [(Int, Answer)] = []
    for (place, (index, _)) in requests.enumerated() {
      do throws(SFTPError) {
        answers.append((index, try await answer(try replies.get()[place])))
      } catch {
        refused(index, .failure(error.during("download", files[index].path)))
      }
    }
    return answers
  }
}
