internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// Receipts in IN that no delivery here waits for: each is read once, and again only if it changes.
final class UnclaimedReceipts: Sendable {
  /// A receipt as a listing shows it.
  struct Identity: Sendable, Hashable {
    let account: String
    let name: WireName
    let size: UInt64?
    let modified: UInt32?

    init(account: String, name: WireName, attributes: FileAttributes?) {
      self.account = account
      self.name = name
      size = attributes?.size
      modified = attributes?.modified
    }
  }

  private static let mostRemembered = 50_000
  private let known = Locked<Set<Identity>>([])

  func contains(_ receipt: Identity) -> Bool { known.withLock { $0.contains(receipt) } }

  func insert(_ receipt: Identity) {
    known.withLock { known in
      if known.count >= Self.mostRemembered { known = [] }
      known.insert(receipt)
    }
  }
}
