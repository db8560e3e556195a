internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging
internal import SystemPackage

/// What is done now and once a day: the journal is looked after, `sent` cleared, and what nobody sees to is told.
struct UpkeepLoop: Sendable {
  let exchange: Exchange
  let folders: [OutgoingFolder]
  let bulletin: Bulletin
  let stop: GracefulStop

  func run() async {
    var next = ContinuousClock.now
    repeat {
      if next <= .now {
        next = .now + .seconds(86_400)
        await bulletin.reporting { () async throws(ExchangeError) in
          if try await exchange.keepUpJournal().doubtfulSince == nil {
            await clearSent()
          } else {
            next = .now + ClockDoubt.lately + .seconds(60)
          }
        }
        await bulletin.reporting { () async throws(ExchangeError) in try await lookForTheMissing() }
      }
    } while await !stop.wait(atMost: .seconds(60)) && !Task.isCancelled
  }

  private func clearSent() async {
    for folder in folders {
      await bulletin.reporting { () async throws(ExchangeError) in
        let removed = try await BlockingThreads.shared.run { () throws(ExchangeError) in try folder.clearSent(at: .now)
        }
        if removed > 0 { bulletin.logger.info("\(removed) files of \(folder.rules.path)/sent are kept no longer") }
      }
    }
  }

  /// Tells of deliveries that nobody sees to any more: their files are gone from the folders, or their folder is
  /// watched no longer.
  private func lookForTheMissing() async throws(ExchangeError) {
    for delivery in try await exchange.journal.deliveriesFromWatchedFolders() {
      guard let item = OutgoingItem(journalPath: delivery.localPath), try await !isThere(item),
        // It may have been finished and put away while we looked.
        let current = try await exchange.journal.delivery(delivery.id), !current.state.isFinished
      else { continue }
      let remedy =
        if current.state.awaitsReceipt {
          "its receipt still counts"
        } else if current.state.isAboutToBeCommitted {
          "filsluse retry D\(current.id) finishes it, filsluse cancel D\(current.id) ends it"
        } else {
          "filsluse cancel D\(current.id) ends it"
        }
      bulletin.attention(
        .missing, account: current.account, number: "D\(current.id)",
        "D\(current.id) \(current.wireName) is \(current.state.rawValue), and its file lies in no watched folder: it was removed there, or route \(current.route) has no outgoing folder any more; \(remedy)"
      )
    }
  }

  private func isThere(_ item: OutgoingItem) async throws(ExchangeError) -> Bool {
    let folders = folders
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      for folder in folders where try folder.taken.contains(item.cornerName) { return true }
      return false
    }
  }
}
