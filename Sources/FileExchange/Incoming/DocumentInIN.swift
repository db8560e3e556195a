internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// The kind of a small document that the platform puts into IN.
enum DocumentInIN: String, Sendable {
  case metadata
  case receipt

  /// The number of bytes that a document may have.
  private static let limit = 1 << 20

  /// Returns the bytes of the document at a path; `nil` if it does not exist.
  ///
  /// - Parameter size: its size in bytes, if known; it saves requests.
  /// - Throws: ``ExchangeError`` with code `invalid-document` if it is too long, or an error of the connection.
  func read(_ path: RemotePath, size: UInt64? = nil, over client: SFTPClient) async throws(ExchangeError) -> [UInt8]? {
    do throws(SFTPError) {
      return try await client.read(ListedFile(path: path, size: size), limit: Self.limit)
    } catch {
      if error.code == .noSuchFile { return nil }
      if error.code == .tooLarge { throw unreadable(path, "it is longer than any \(rawValue) is") }
      throw ExchangeError(error, while: "read the \(rawValue)")
    }
  }

  /// Parses a document that has come.
  ///
  /// - Throws: ``ExchangeError`` with code `invalid-document`.
  func parse<Parsed>(
    _ bytes: [UInt8], from path: RemotePath, _ parse: ([UInt8]) throws(DocumentError) -> Parsed
  ) throws(ExchangeError) -> Parsed {
    do throws(DocumentError) {
      return try parse(bytes)
    } catch {
      throw unreadable(path, "\(error)").inDanish("\(inDanish) \(path) kan ikke læses. \(error.inDanish)")
    }
  }

  private var inDanish: String {
    switch self {
    case .metadata: "Metadata"
    case .receipt: "Kvitteringen"
    }
  }

  private func unreadable(_ path: RemotePath, _ reason: String) -> ExchangeError {
    let subject = self == .metadata ? "the pair" : "it"
    return ExchangeError(
      .invalidDocument, operation: "read the \(rawValue)", path: path.string, message: reason,
      remedy: "\(subject) is left in IN; ask the platform's help desk if it stays so")
  }
}
