import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

/// Finds every delivery on the receivers' side, and compares the sent with the received files, byte for byte.
struct DemoComparison: Sendable {
  let senders: [Exchange]
  let receivers: [Exchange]

  func transmissions() async throws -> [DemoAccount.Transmission] {
    var found: [String: [(Arrival, FilePath)]] = [:]
    for receiver in receivers {
      for arrival in try await Journal.open(receiver.settings.journal).arrivals() {
        guard let name = arrival.localName else { continue }
        let path = receiver.settings.inbox.appending(arrival.account).appending(name)
        found[arrival.wireName.string, default: []].append((arrival, path))
      }
    }
    var transmissions: [DemoAccount.Transmission] = []
    for sender in senders {
      let times = try await stateTimes(of: sender)
      for delivery in try await Journal.open(sender.settings.journal).deliveries() {
        let arrivals = found[delivery.wireName.string] ?? []
        var isSame = false
        if arrivals.count == 1 { isSame = try await isEqual(FilePath(delivery.localPath), arrivals[0].1) }
        transmissions.append(
          DemoAccount.Transmission(
            name: delivery.wireName.string, route: delivery.route, infRef: delivery.infRef, bytes: delivery.size,
            state: delivery.state, receipt: delivery.outcome, sent: times[delivery.id]?["triggered"],
            taken: times[delivery.id]?["taken"] ?? times[delivery.id]?["accepted"],
            collectedBy: arrivals.map(\.0.account), arrived: arrivals.count, isSame: isSame))
      }
    }
    return transmissions
  }

  private func stateTimes(of sender: Exchange) async throws -> [Int64: [EntryState: Timestamp]] {
    var times: [Int64: [EntryState: Timestamp]] = [:]
    for entry in try await Journal.open(sender.settings.journal).entries() {
      if case .delivery(let id) = entry.subject { times[id, default: [:]][entry.state] = entry.at }
    }
    return times
  }

  private func isEqual(_ one: FilePath, _ other: FilePath) async throws -> Bool {
    try await BlockingThreads.shared.run {
      let files = try [one, other].map { try FileDescriptor.open($0, .readOnly, options: [.closeOnExec]) }
      defer { for file in files { try? file.close() } }
      let pieces = files.map { _ in UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16) }
      defer { for piece in pieces { piece.deallocate() } }
      var offset: Int64 = 0
      while true {
        let counts = try zip(files, pieces).map { file, piece in try Self.fill(piece, from: file, at: offset) }
        guard counts[0] == counts[1] else { return false }
        guard let first = pieces[0].baseAddress, let second = pieces[1].baseAddress, counts[0] > 0 else { return true }
        guard memcmp(first, second, counts[0]) == 0 else { return false }
        offset += Int64(counts[0])
      }
    }
  }

  private static func fill(
    _ piece: UnsafeMutableRawBufferPointer, from file: FileDescriptor, at offset: Int64
  ) throws -> Int {
    var filled = 0
    while filled < piece.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: piece[filled...])
      let count = try file.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}
