import Testing

@testable import FileExchange

@Suite struct RetryPolicyTests {
  private let policy = RetryPolicy()
  private let lost = ExchangeError(.claimedElsewhere, operation: "o", message: "m", remedy: "r")
  private let refused = ExchangeError(.passphraseMissing, operation: "o", message: "m", remedy: "r")
  private let bad = ExchangeError(.remoteDiffers, operation: "o", message: "m", remedy: "r")

  @Test("pauses double up to the longest")
  func pausesDoubleUpToTheLongest() {
    let pauses = (1...12).map { policy.pause(after: $0, lot: 1) }
    #expect(pauses.prefix(4) == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4)])
    #expect(pauses[9] == .seconds(256))
    #expect(pauses.suffix(2) == [.seconds(300), .seconds(300)])
    #expect(policy.pause(after: .max, lot: 1) == .seconds(300))
  }

  /// Half of each pause is drawn by lot, and none is shorter than the first or longer than the longest.
  @Test("no pause leaves its bounds", arguments: 1...20, [0, 0.25, 0.999, 1, -3, 7])
  func noPauseLeavesItsBounds(failures: Int, lot: Double) {
    let whole = policy.pause(after: failures, lot: 1)
    let pause = policy.pause(after: failures, lot: lot)
    #expect(pause >= max(.milliseconds(500), whole / 2) && pause <= whole)
  }

  @Test("a stopped account is tried again after pauses that grow to an hour and no further")
  func pausesOfAStoppedAccount() {
    let pauses = (1...9).map { policy.pauseWhileStopped(after: $0, lot: 1) }
    #expect(pauses.prefix(3) == [.seconds(60), .seconds(120), .seconds(240)])
    #expect(pauses.suffix(3) == [.seconds(3600), .seconds(3600), .seconds(3600)])
    #expect(policy.pauseWhileStopped(after: 3, lot: 0) == .seconds(120))
  }

  @Test("different lots give different pauses")
  func differentLotsGiveDifferentPauses() {
    #expect(Set((0..<10).map { policy.pause(after: 5, lot: Double($0) / 10) }).count == 10)
  }

  @Test("each kind of failure has its answer")
  func eachKindOfFailureHasItsAnswer() {
    #expect(policy.verdict(on: lost, failures: 3, lot: 1) == .tryAgain(after: .seconds(2)))
    #expect(policy.verdict(on: lost, failures: 1000, lot: 1) == .tryAgain(after: .seconds(300)))
    #expect(policy.verdict(on: refused, failures: 1, lot: 1) == .stopAccount)
    #expect(policy.verdict(on: bad, failures: 4, lot: 1) == .tryAgain(after: .seconds(4)))
    #expect(policy.verdict(on: bad, failures: 5, lot: 1) == .setAside)
    let late = ExchangeError(.committed, operation: "o", message: "m", remedy: "r")
    #expect(policy.verdict(on: late, failures: 1, lot: 1) == .giveUp)
  }
}
