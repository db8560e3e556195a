internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase

/// Limits an account's transfers to the speed of its timetable: a token bucket that fills at that speed, and every
/// piece of data takes its bytes from it before it goes on.
///
/// One piece may take more than the bucket holds; the next piece waits for the debt. So pieces may be larger than the
/// bucket.
final class BandwidthLimiter: Sendable {
  private struct Bucket: Sendable {
    /// The time at which the bucket has refilled after the pieces so far.
    var paidUntil: ContinuousClock.Instant
  }

  private let account: Account
  private let bucket = Locked(Bucket(paidUntil: .now))
  /// The greatest credit collected while idle.
  private static let burst = Duration.milliseconds(250)

  /// A pace for an account with a timetable; `nil` for one without.
  init?(_ account: Account) {
    guard !account.bandwidth.isEmpty else { return nil }
    self.account = account
  }

  /// Waits until a number of bytes may pass.
  ///
  /// - Throws: `CancellationError`.
  func pass(_ bytes: Int) async throws {
    guard let speed = account.bytesPerSecond(at: .now) else { return }
    let price = Duration.seconds(1) / Double(speed) * Double(bytes)
    let turn = bucket.withLock { bucket in
      let start = max(bucket.paidUntil, .now - Self.burst)
      bucket.paidUntil = start + price
      return start
    }
    if turn > .now { try await Task.sleep(until: turn, clock: .continuous) }
  }
}

/// A source of an upload at an account's pace.
struct PacedSource: UploadSource {
  private let source: any UploadSource
  private let pace: BandwidthLimiter

  init(_ source: any UploadSource, pace: BandwidthLimiter) {
    self.source = source
    self.pace = pace
  }

  var size: UInt64? { source.size }

  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
    let bytes = try await source.read(at: offset, upTo: count)
    try await pace.pass(bytes.count)
    return bytes
  }
}

/// The sink of a download at an account's pace.
struct PacedSink: DownloadSink {
  private let sink: any DownloadSink
  private let pace: BandwidthLimiter

  init(_ sink: any DownloadSink, pace: BandwidthLimiter) {
    self.sink = sink
    self.pace = pace
  }

  func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    try await pace.pass(bytes.count)
    try await sink.write(bytes, at: offset)
  }
}
