internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The loops of one account, and the connection that they share. They end together when the account is asked to stop;
/// the other accounts go on.
struct AccountJobs: Sendable {
  let live: LiveAccount
  let connection: SharedConnection
  /// Ends this account's loops.
  let stop: GracefulStop
  private let outgoing: SendingLoop
  private let receipts: ReceiptLoop
  private let collecting: CollectingLoop
  private let handOver: HandOverLoop

  var account: Account { live.account }
  var heartbeats: [Heartbeat] { [outgoing.heartbeat, receipts.heartbeat, collecting.heartbeat, handOver.heartbeat] }

  /// Creates the jobs of an account.
  ///
  /// - Parameter firstEntry: the journal's entry up to which refused deliveries are already reported.
  init(_ live: LiveAccount, connection: SharedConnection, stop: GracefulStop, firstEntry: Int64) {
    self.live = live
    self.connection = connection
    self.stop = stop
    let name = live.account.name
    let freed = Locked<Set<WireName>>([])
    outgoing = SendingLoop(
      live: live, stop: stop, heartbeat: Heartbeat("sending of \(name)", allowed: .seconds(120)), freed: freed)
    receipts = ReceiptLoop(
      live: live, stop: stop, heartbeat: Heartbeat("receipts of \(name)", allowed: .seconds(600)), freed: freed,
      firstEntry: firstEntry)
    collecting = CollectingLoop(
      live: live, receipts: receipts, stop: stop,
      heartbeat: Heartbeat("collecting of \(name)", allowed: .seconds(1800)))
    handOver = HandOverLoop(
      live: live, stop: stop, heartbeat: Heartbeat("handing over of \(name)", allowed: .seconds(120)))
  }

  /// Sends, collects and checks for receipts until the account is asked to stop. Work in progress then has `patience`
  /// to end; the next run continues the rest.
  func transfer(patience: Duration) async {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await withTaskGroup(of: Void.self) { loops in
          loops.addTask { await Heartbeat.$current.withValue(outgoing.heartbeat) { await outgoing.run() } }
          loops.addTask { await Heartbeat.$current.withValue(receipts.heartbeat) { await receipts.run() } }
          loops.addTask { await Heartbeat.$current.withValue(collecting.heartbeat) { await collecting.run() } }
        }
        return true
      }
      group.addTask {
        await stop.wait()
        try? await Task.sleep(for: patience)
        return true
      }
      group.addTask {
        while !stop.isRequested, !Task.isCancelled {
          await connection.retryWhenDue()
          _ = await stop.wait(atMost: .seconds(1))
        }
        return false
      }
      while let isEnd = await group.next(), !isEnd {}
      group.cancelAll()
    }
    await connection.close()
  }

  /// Hands arrivals to the receiver's programs until the account is asked to stop and the running programs have ended:
  /// each keeps its time limit, and none is started twice.
  func runPrograms() async { await handOver.run() }
}
