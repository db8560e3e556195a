package import FileExchange
package import FilsluseBase
package import TriggerFiles

/// The delivery that a received file answers, by its own content.
package enum AnsweredDelivery: Sendable, Hashable {
  /// It does not say: it is no business receipt, or has not been read.
  case unnamed
  /// A business receipt for this transfer and file.
  case named(transfer: String, fileName: String, delivery: Int64?)
}

/// A received file, still there or not.
package struct ArrivedFile: Sendable, Hashable {
  /// The platform's name for the transfer.
  package var transfer: String
  /// The data classification; `nil` for a direct transmission, which is known by its sender.
  package var infRef: InfRef?
  /// The SFTP user that sent it, where that is known.
  package var sender: String?
  /// The data file's name, in the server's bytes.
  package var name: [UInt8]
  /// The CVR number of the receiving authority.
  package var recipientAuthority: String?
  /// The time of its arrival.
  package var came: Timestamp
  /// The delivery that it answers by its own content.
  package var answered = AnsweredDelivery.unnamed
}

extension ArrivedFile {
  /// Creates it from an observed file; `nil` if the file's metadata was not read.
  package init?(_ observed: ObservedFile, difference: Duration?, longestPause: Duration) {
    guard let facts = observed.facts else { return nil }
    self.init(
      transfer: facts.transfer, infRef: facts.infRef, sender: facts.sender,
      name: observed.name,
      recipientAuthority: facts.recipientAuthority,
      came: observed.age(difference: difference, longestPause: longestPause).since)
  }

  /// A file that the journal knows.
  package init(_ arrival: JournalledArrival) {
    self.init(
      transfer: arrival.fileTransferUUID, infRef: arrival.infRef, sender: arrival.sender,
      name: arrival.wireName.bytes,
      recipientAuthority: arrival.recipientAuthority, came: arrival.seenAt)
  }
}
