import FilsluseBase
import Testing

@testable import FileExchange

@Suite struct RetryPolicyTests {
  private let policy = RetryPolicy()
  private let lost = ExchangeError(.claimedElsewhere, operation: "o", message: "m", remedy: "r")
  private let refused = ExchangeError(.passphraseMissing, operation: "o", message: "m", remedy: "r")
  private let bad = ExchangeError(.remoteDiffers, operation: "o", message: "m", remedy: "r")

  @Test("pauses grow from half a second to five minutes, and half of each is random")
  func pauses() {
    #expect(policy.backoff == Backoff(first: .milliseconds(500), longest: .seconds(300), jitter: 0.5))
  }

  @Test("a stopped account is tried again after pauses that grow to an hour and no further")
  func pausesOfAStoppedAccount() {
    let pauses = (1...9).map { policy.stopBackoff.pause(after: $0, random: 1) }
    #expect(pauses.prefix(3) == [.seconds(60), .seconds(120), .seconds(240)])
    #expect(pauses.suffix(3) == [.seconds(3600), .seconds(3600), .seconds(3600)])
    #expect(policy.stopBackoff.pause(after: 3, random: 0) == .seconds(120))
  }

  @Test("each kind of failure has its answer")
  func eachKindOfFailureHasItsAnswer() {
    #expect(policy.verdict(on: lost, failures: 3, random: 1) == .tryAgain(after: .seconds(2)))
    #expect(policy.verdict(on: lost, failures: 1000, random: 1) == .tryAgain(after: .seconds(300)))
    #expect(policy.verdict(on: refused, failures: 1) == .stopAccount)
    #expect(policy.verdict(on: bad, failures: 4, random: 1) == .tryAgain(after: .seconds(4)))
    #expect(policy.verdict(on: bad, failures: 5) == .setAside)
    let late = ExchangeError(.committed, operation: "o", message: "m", remedy: "r")
    #expect(policy.verdict(on: late, failures: 1) == .giveUp)
  }
}
