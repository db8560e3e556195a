internal import TriggerFiles

/// An arrival whose metadata was just read.
struct NewArrival: Sendable {
  let account: String
  let fileTransferUUID: String
  let wireName: JournalledName
  let size: UInt64
  let infRef: InfRef?
  let sender: String
  var route: String?
  let metadata: [UInt8]
  /// A remark that is kept beside its state.
  var remark: String?
}

/// An arrival that waits in IN: enough to look whether it still does.
struct ArrivalInIN: Sendable {
  let id: Int64
  let wireName: JournalledName
}
