internal import FilsluseBase
import Glibc
internal import Logging
internal import SystemPackage
internal import TriggerFiles

extension HookRunner {
  /// Notes what a business receipt says. One that cannot be understood will not be later either: it is set aside, and
  /// returned so.
  func noteBusinessReceipt(_ arrival: Arrival) async throws(ExchangeError) -> Arrival? {
    let receipt: BusinessReceipt
    let bytes = try await content(of: arrival)
    do {
      receipt = try BusinessReceipt(reading: bytes)
    } catch {
      var arrival = arrival
      let fault = error.diagnostics.first.map { LocalizedText($0.line(in: .english), $0.line(in: .danish)) }
      arrival.reason = .noBusinessReceipt(fault ?? LocalizedText(""))
      logger.error("arrival \(arrival.id) is set aside: it is no business receipt")
      return try await journal.transition(arrival, .setAside)
    }
    try await journal.note(receipt, cameAs: arrival.id)
    return nil
  }

  /// Returns the content of a file in the inbox folder; one longer than the longest document is not read to its end,
  /// and is no document.
  private func content(of arrival: Arrival) async throws(ExchangeError) -> [UInt8] {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let folder = try LocalFolder(creating: inbox)
      return try LocalFile(arrival.localName ?? arrival.wireName, in: folder, flags: O_RDONLY)
        .read(upTo: (1 << 20) + 1, at: 0)
    }
  }
}
