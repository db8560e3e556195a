internal import FilsluseBase
internal import TriggerFiles

/// A technical receipt as the journal has it.
struct JournalledReceipt: Sendable, Equatable {
  /// The delivery that it belongs to.
  let delivery: Int64
  let wireName: WireName
  let bytes: [UInt8]

  /// An event in the trail of a receipt in IN.
  struct Event: Sendable, Equatable {
    let delivery: Int64
    /// The event of the entry in the delivery's trail.
    let state: EntryState
    let detail: String
  }

  /// The entry that is written before it is removed from IN.
  func removing(modified: UInt32?) -> Event {
    let time = modified.map { " of \(Timestamp(millisecondsSince1970: Int64($0) * 1000))" } ?? ""
    return Event(delivery: delivery, state: "removing-receipt", detail: "its receipt\(time) is removed from IN")
  }

  /// The entry for another file under its name in IN, which is left there.
  func differs(from bytes: [UInt8]) -> Event {
    Event(
      delivery: delivery, state: "receipt-differs",
      detail: "another receipt lies in IN than the journal has, and is left there (SHA-256 \(SHA256.digest(of: bytes)))"
    )
  }
}
