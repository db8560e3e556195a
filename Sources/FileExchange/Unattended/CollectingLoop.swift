internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Looks into one account's IN again and again, and collects what waits there.
struct CollectingLoop: Sendable {
  let live: LiveAccount
  let receipts: ReceiptLoop
  let stop: GracefulStop
  let pulse: Pulse

  private var account: Account { live.account }
  private var bulletin: Bulletin { live.bulletin }

  func run() async {
    var options = Exchange.CollectionOptions()
    options.handOver = .later
    options.keepsPauses = true
    options.onProgress = { [pulse, bulletin, account] _ in
      pulse.beat()
      bulletin.noteLook(into: account.name)
    }
    var halves: Set<String> = []
    while !stop.isRequested, !Task.isCancelled {
      let report = await live.exchange.collect(account.name, options: options)
      if report.sawEverything || report.namesSeen > 0 { bulletin.noteLook(into: account.name) }
      halves = tell(report, halves: halves)
      tellOfSuspects()
      await receipts.close(report.settled)
      pulse.beat()
      _ = await wait(account.poll)
    }
  }

  /// A long pause in short pieces, so that the loop is seen to be alive.
  private func wait(_ duration: Duration) async {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end, !Task.isCancelled {
      if await stop.wait(atMost: min(end - .now, .seconds(10))) { return }
      pulse.beat()
    }
  }

  /// Tells of the files at which connections are lost again and again, in both directions, and of those that got through.
  private func tellOfSuspects() {
    let suspects = live.exchange.suspects
    for path in suspects.takeCleared(of: account.name) {
      bulletin.isOver(
        .losesConnection, account: account.name, of: path.string,
        "\(path) got through, or is gone: connections are lost at it no longer")
    }
    for suspect in suspects.all(of: account.name) where suspect.isToBeTold {
      bulletin.stands(
        .losesConnection, account: account.name, of: suspect.path.string, suspect.error.description)
    }
  }

  /// Says that the inbox is gone or another folder, or that it can be used again.
  private func tell(ofInbox report: CollectionReport) {
    let inbox = InboxFolder.path(of: account, live.exchange.settings).string
    if let problem = report.problems.first(where: { $0.code == .folderGone }) {
      bulletin.stands(.folderGone, account: account.name, of: inbox, "the inbox cannot be used as before: \(problem)")
    } else if report.sawEverything {
      bulletin.isOver(.folderGone, account: account.name, of: inbox, "\(inbox) is in use")
    }
  }

  /// Reports the result of a look. Half a pair is mostly on its way, and reported only when the next look still finds
  /// it.
  ///
  /// - Returns: the half pairs of this look.
  private func tell(_ report: CollectionReport, halves: Set<String>) -> Set<String> {
    var found: Set<String> = []
    bulletin.count { $0.collected += report.collected.count }
    for arrival in report.collected {
      bulletin.logger.info("A\(arrival.id) \(Masked.name(arrival.wireName)) is collected")
    }
    for arrival in report.quarantined {
      bulletin.attention(
        .quarantined, account: account.name, number: "A\(arrival.id)",
        "\(arrival.wireName) is left in IN: \(arrival.reason ?? "")")
    }
    for arrival in report.setAside {
      bulletin.attention(
        .setAside, account: account.name, number: "A\(arrival.id)",
        "\(arrival.wireName) is set aside: \(arrival.reason ?? ""); when that is mended: filsluse retry A\(arrival.id)")
    }
    for answer in report.answered {
      bulletin.logger.info("D\(answer.delivery) has its business receipt: \(answer.acceptance.rawValue)")
    }
    tell(ofInbox: report)
    for problem in report.problems
    where problem.code != .folderGone && problem.kind != .account && problem.code != .cancelled {
      let text = "\(account.name): \(problem)"
      if problem.code == .notWhole { found.insert(text) }
      bulletin.note(problem)
      if problem.code == .remoteDiffers {
        bulletin.attention(.different, account: account.name, of: problem.path, "\(problem)")
      } else if problem.code == .vanished {
        bulletin.attention(.vanished, account: account.name, of: problem.path, "\(problem)")
      } else if problem.isDiskFull {
        bulletin.attention(.diskFull, account: account.name, of: live.exchange.settings.inbox.string, "\(problem)")
      } else if problem.code != .notWhole || halves.contains(text) {
        bulletin.once(.warning, text)
      }
    }
    if report.sawEverything { end(thoseNotIn: report) }
    return found
  }

  /// A look that saw all of IN ends the problems that it did not find.
  private func end(thoseNotIn report: CollectionReport) {
    let different = Set(report.problems.filter { $0.code == .remoteDiffers }.map { $0.path ?? "" })
    let isFull = report.problems.contains(where: \.isDiskFull)
    bulletin.areOver("it is in IN no more, or is what was fetched") {
      $0.kind == .different && $0.key.account == account.name && !different.contains($0.key.subject)
    }
    bulletin.areOver("there is room for what waits in IN") {
      $0.kind == .diskFull && $0.key.account == account.name && !isFull
    }
  }
}
