internal import FilsluseSFTP
internal import FilsluseBase

/// The earliest that it can be by the server's clock, from the times that the server has shown.
///
/// SFTP has no request for the time. But many servers note when a folder or a file was last read, and every time that
/// was shown is past: since then at least as much has passed there as here.
final class ServerClock: Sendable {
  private struct Shown: Sendable {
    let seconds: Int64
    let at: ContinuousClock.Instant
  }

  private let shown = Locked<Shown?>(nil)

  /// Times are whole seconds: data changed less than this ago may be changed again and show the same time.
  static let settling: Int64 = 2

  /// The earliest time by the server's clock in seconds since 1970; `nil` while it has shown none.
  var earliest: Int64? {
    shown.withLock { shown in
      shown.map { $0.seconds + (ContinuousClock.now - $0.at).components.seconds }
    }
  }

  /// Updates the clock from a folder's attributes: the times of its last reading and its last change.
  func note(_ folder: FileAttributes?) {
    guard let seconds = [folder?.accessed, folder?.modified].compactMap({ $0 }).map(Int64.init).max() else { return }
    let earliest = earliest
    if earliest.map({ seconds > $0 }) ?? true { shown.withLock { $0 = Shown(seconds: seconds, at: .now) } }
  }

  /// Returns the modification time of data that was read, if it proves the content: any later write shows another time.
  /// `nil` where the data may be too recent for that.
  ///
  /// - Parameters:
  ///   - attributes: the data's, from just after the first byte was read.
  ///   - earliest: ``earliest`` from before that.
  static func settledTime(of attributes: FileAttributes, earliest: Int64?) -> Int64? {
    guard let modified = attributes.modified.map(Int64.init) else { return nil }
    // A server that notes when a file is read has just noted it; any other time there is past, too.
    guard let now = [earliest, attributes.accessed.map(Int64.init)].compactMap({ $0 }).max() else { return nil }
    return now - modified >= settling ? modified : nil
  }
}

/// A size and modification time that prove a file's content: the time was old enough at the reading.
struct SettledFile: Sendable, Equatable {
  private let size: UInt64
  private let modified: Int64

  /// Takes a file's size and time from a listing made before the file is read; `nil` if the time may be too recent, or
  /// one of the two is missing.
  ///
  /// - Parameter earliest: the ``ServerClock``'s earliest time, from before the reading.
  init?(listed attributes: FileAttributes, earliest: Int64?) {
    guard let size = attributes.size, let modified = ServerClock.settledTime(of: attributes, earliest: earliest) else {
      return nil
    }
    (self.size, self.modified) = (size, modified)
  }

  /// Returns true if a file that has these attributes now still has the content that was read.
  func isProven(by now: FileAttributes) -> Bool { now.size == size && now.modified.map(Int64.init) == modified }
}
