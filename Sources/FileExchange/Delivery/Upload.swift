internal import FilsluseSFTP
internal import FilsluseSystem
internal import SystemPackage

/// Puts one delivery's data into OUT, from where the server acknowledged an earlier attempt.
struct Upload: Sendable {
  let run: DeliveryRun
  let outbox: Outbox
  let file: StagedFile

  /// Uploads what is missing, and makes sure that what was sent is what was staged.
  ///
  /// - Throws: ``ExchangeError``; how far the server has it is in the journal then.
  func carryOut(_ delivery: Delivery) async throws(ExchangeError) -> Delivery {
    var delivery = delivery
    let start = try await startingPoint(of: delivery)
    let acknowledged = Locked(start)
    do throws(SFTPError) {
      try await run.client.upload(
        file, to: outbox.data, mode: start == 0 ? .replace : .resume, resumeAt: start
      ) { news in
        let more = acknowledged.withLock { last in
          defer { last = max(last, news.bytes) }
          return news.bytes > last ? news.bytes - last : 0
        }
        if more > 0 { run.onBytes(more) }
      }
    } catch {
      delivery.acknowledged = acknowledged.withLock { $0 }
      _ = try await run.journal.record(delivery)
      if let cause = error.cause as? ExchangeError { throw cause }
      throw ExchangeError(error, while: "upload")
    }
    guard try await file.isUnchanged() else {
      // Without a trigger nothing has happened; what lies in OUT must not be taken up again for another content.
      delivery.acknowledged = 0
      _ = try await run.journal.record(delivery)
      throw StagedFile.changed(file.open.path)
    }
    delivery.acknowledged = delivery.size
    return delivery
  }

  /// Where to go on: only bytes that were acknowledged to us, and that the server still has, are left alone.
  private func startingPoint(of delivery: Delivery) async throws(ExchangeError) -> UInt64 {
    guard delivery.acknowledged > 0 else { return 0 }
    guard let there = try await outbox.size(of: outbox.data), there <= delivery.size else { return 0 }
    return min(delivery.acknowledged, there)
  }
}
